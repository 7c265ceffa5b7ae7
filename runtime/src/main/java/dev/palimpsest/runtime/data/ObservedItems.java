package dev.palimpsest.runtime.data;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.Name;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Observations of which the clean items are unknown, from a folder: y.npy and, if anything is known of each one's corruption, conditioning.npy with as
 * many rows; or PNG and JPEG images of one size. The .npy files are taken as they are: images must already be scaled to [-1, 1].
 */
@Name("observations")
@Doc("real observations: a folder of y.npy and, if any, conditioning.npy; or a folder of images of one size")
public record ObservedItems(
        @Doc("the folder of y.npy or of images") Path path,

        @Doc("how many items to take at most; 0 for all") @Range(min = 0)
        int limit,

        @Doc("how many of them are kept from training, for evaluation") @Range(min = 0)
        int holdOut)
        implements DataSource {
    public ObservedItems {
        Ranges.check(ObservedItems.class, path, limit, holdOut);
    }

    public ObservedItems() {
        this(Path.of(""), 0, 0);
    }

    @Override
    public Items read(Path home, RandomStreams streams) {
        if (!Files.exists(path.resolve(ObservationSet.Y))) {
            return new Items.Observed(ImageFolder.read(path), Optional.empty());
        }
        INDArray y = array(ObservationSet.Y);
        Optional<INDArray> conditioning = Files.exists(path.resolve(ObservationSet.CONDITIONING))
                ? Optional.of(array(ObservationSet.CONDITIONING))
                : Optional.empty();
        conditioning.ifPresent(known ->
                Conditioning.check(path.resolve(ObservationSet.CONDITIONING).toString(), y, known));
        return new Items.Observed(y, conditioning);
    }

    private INDArray array(String name) {
        Path file = path.resolve(name);
        return Inputs.items(file, Npy.read(file));
    }
}
