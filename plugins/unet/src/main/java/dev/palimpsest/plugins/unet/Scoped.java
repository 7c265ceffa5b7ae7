package dev.palimpsest.plugins.unet;

import java.util.List;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;
import org.nd4j.linalg.factory.Nd4j;

/** A layer whose intermediate arrays lie in one piece of memory, which the next layer of the thread uses again. */
record Scoped(Layer layer) implements Layer {
    private static final String NAME = Scoped.class.getName();
    private static final WorkspaceConfiguration GROWING = WorkspaceConfiguration.builder()
            .policyAllocation(AllocationPolicy.STRICT)
            .policyLearning(LearningPolicy.FIRST_LOOP)
            .policySpill(SpillPolicy.REALLOCATE)
            .build();

    @Override
    public List<Tensor> tensors() {
        return layer.tensors();
    }

    @Override
    public long workingLength(boolean backward) {
        return layer.workingLength(backward);
    }

    @Override
    public void prepare(boolean backward) {
        layer.prepare(backward);
    }

    @Override
    public void forward() {
        inside(layer::forward);
    }

    @Override
    public void backward() {
        inside(layer::backward);
    }

    @Override
    public String kind() {
        return layer.kind();
    }

    private static void inside(Runnable work) {
        MemoryWorkspace memory = Nd4j.getWorkspaceManager().getAndActivateWorkspace(GROWING, NAME);
        try (memory) {
            work.run();
        }
    }
}
