package dev.palimpsest.runtime.run;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.bytedeco.javacpp.Pointer;

/** The memory that a process may use. */
final class MachineMemory {
    private MachineMemory() {}

    /** Bytes: the least of what the machine has, what its control group allows, and what the process was started with for JavaCPP. */
    static long available() {
        OperatingSystemMXBean machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long most = Pointer.maxPhysicalBytes();
        return most > 0 ? Math.min(machine.getTotalMemorySize(), most) : machine.getTotalMemorySize();
    }
}
