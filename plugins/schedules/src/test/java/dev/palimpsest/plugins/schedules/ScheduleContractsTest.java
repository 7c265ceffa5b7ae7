package dev.palimpsest.plugins.schedules;

import dev.palimpsest.api.InterpolantSchedule;
import dev.palimpsest.testkit.contract.ScheduleContract;
import org.junit.jupiter.api.Nested;

class ScheduleContractsTest {
    @Nested
    class OfLinear implements ScheduleContract {
        @Override
        public InterpolantSchedule schedule() {
            return new Linear();
        }
    }

    @Nested
    class OfTrigonometric implements ScheduleContract {
        @Override
        public InterpolantSchedule schedule() {
            return new Trigonometric();
        }
    }

    @Nested
    class OfLatent implements ScheduleContract {
        @Override
        public InterpolantSchedule schedule() {
            return new Latent();
        }
    }

    @Nested
    class OfBrownianBridge implements ScheduleContract {
        @Override
        public InterpolantSchedule schedule() {
            return new BrownianBridge();
        }
    }
}
