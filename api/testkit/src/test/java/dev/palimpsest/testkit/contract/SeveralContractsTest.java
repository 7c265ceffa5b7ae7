package dev.palimpsest.testkit.contract;

import dev.palimpsest.api.FeatureMap;
import dev.palimpsest.api.InterpolantSchedule;
import dev.palimpsest.api.OdeSolver;

/** One class may fulfil several contracts, because no two of them have a method in common. */
class SeveralContractsTest implements ScheduleContract, SolverContract, FeatureMapContract {
    @Override
    public FeatureMap featureMap() {
        return new FeatureMapContractTest.Sound();
    }

    @Override
    public InterpolantSchedule schedule() {
        return new ScheduleContractTest.Sound();
    }

    @Override
    public OdeSolver solver() {
        return new SolverContractTest.Sound();
    }
}
