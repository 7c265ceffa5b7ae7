package dev.palimpsest.runtime.recipe;

import dev.palimpsest.api.DriftArchitecture;
import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.DriftSignature;
import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.InterpolantSchedule;
import dev.palimpsest.api.LossGradient;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.OdeSolver;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import dev.palimpsest.api.Samples;
import dev.palimpsest.api.Solution;
import dev.palimpsest.api.VelocityField;
import dev.palimpsest.runtime.data.DataSource;
import dev.palimpsest.runtime.data.Drawn;
import dev.palimpsest.runtime.data.Items;
import dev.palimpsest.runtime.data.Places;
import dev.palimpsest.runtime.data.RandomStreams;
import dev.palimpsest.runtime.evaluate.HeldOut;
import dev.palimpsest.runtime.evaluate.Metric;
import dev.palimpsest.runtime.evaluate.Score;
import dev.palimpsest.runtime.plugin.Extension;
import dev.palimpsest.runtime.plugin.Extensions;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Small extensions that recipes in tests can name; together they have every kind of key. */
public record Parts(List<Extension<?>> all, List<String> failures) implements Extensions {
    public Parts() {
        this(
                List.of(
                        of(DataSource.class, "gaussian", Gaussian.class),
                        of(DataSource.class, "npy", Npy.class),
                        of(ForwardModel.class, "random-mask", RandomMask.class),
                        of(ForwardModel.class, "gaussian-noise", GaussianNoise.class),
                        of(ForwardModel.class, "in-turn", InTurn.class),
                        of(ForwardModel.class, "camera", Camera.class),
                        of(ForwardModel.class, "clamp", Clamp.class),
                        of(ForwardModel.class, "divider", Divider.class),
                        of(InterpolantSchedule.class, "linear", Linear.class),
                        of(InterpolantSchedule.class, "latent", Latent.class),
                        of(OdeSolver.class, "euler", Euler.class),
                        of(OdeSolver.class, "midpoint", Midpoint.class),
                        of(DriftArchitecture.class, "still", Still.class),
                        of(Metric.class, "psnr", Psnr.class),
                        of(Metric.class, "ssim", Ssim.class),
                        of(Metric.class, "sliced-wasserstein", SlicedWasserstein.class),
                        of(Metric.class, "energy-distance", EnergyDistance.class),
                        of(Metric.class, "moments", Moments.class),
                        of(Metric.class, "observation-energy", ObservationEnergy.class)),
                List.of());
    }

    private static <T> Extension<T> of(Class<T> kind, String name, Class<? extends T> type) {
        return new Extension<>(kind, name, type, "parts");
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> List<Extension<T>> of(Class<T> kind) {
        return all.stream()
                .filter(extension -> extension.kind() == kind)
                .map(extension -> (Extension<T>) extension)
                .toList();
    }

    record Gaussian(
            List<Double> mean,
            List<List<Double>> covariance,
            @Range(min = 1) int count,
            @Range(min = 0) int limit,
            @Range(min = 0) int holdOut)
            implements DataSource {
        public Gaussian() {
            this(List.of(0.0), List.of(List.of(1.0)), 1000, 0, 100);
        }

        @Override
        public Items open(Places places, RandomStreams streams) {
            INDArray z = Samples.gaussian(streams.stream("data", 0), count, mean.size());
            double[] sigma = new double[mean.size()];
            for (int i = 0; i < sigma.length; i++) {
                sigma[i] = Math.sqrt(covariance.get(i).get(i));
            }
            float[] shift = new float[sigma.length];
            float[] scale = new float[sigma.length];
            for (int i = 0; i < sigma.length; i++) {
                shift[i] = mean.get(i).floatValue();
                scale[i] = (float) sigma[i];
            }
            return new Items.Clean(Drawn.of(
                    "gaussian", z.mulRowVector(Nd4j.createFromArray(scale)).addRowVector(Nd4j.createFromArray(shift))));
        }
    }

    record Npy(
            Path path,
            @Range(min = 0) int limit,
            @Range(min = 0) int holdOut) implements DataSource {
        public Npy() {
            this(Path.of(""), 0, 100);
        }

        @Override
        public Items open(Places places, RandomStreams streams) {
            return new Items.Clean(Drawn.of("npy", Nd4j.createFromNpyFile(new File(path.toString()))));
        }
    }

    record RandomMask(
            @Range(min = 0, max = 1) double probability,
            @Range(min = 0) double noise) implements ForwardModel {
        public RandomMask() {
            this(0.5, 0);
        }

        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            INDArray seen = Samples.bernoulli(rng, 1 - probability, x.shape());
            return Observations.of(
                    x.mul(seen).add(Samples.gaussian(rng, x.shape()).mul(noise)), seen);
        }
    }

    record GaussianNoise(@Range(above = 0) double sigma) implements ForwardModel {
        public GaussianNoise() {
            this(0.1);
        }

        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            return Observations.of(x.add(Samples.gaussian(rng, x.shape()).mul(sigma)));
        }
    }

    /** Extensions in an extension. */
    record InTurn(List<ForwardModel> parts, Optional<ForwardModel> last) implements ForwardModel {
        public InTurn() {
            this(List.of(new GaussianNoise()), Optional.empty());
        }

        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            INDArray y = x;
            for (ForwardModel part : parts) {
                y = part.apply(y, rng).y();
            }
            return last.isPresent() ? last.get().apply(y, rng) : Observations.of(y);
        }
    }

    enum Readout {
        GLOBAL_SHUTTER,
        ROLLING
    }

    record Window(@Range(min = 0) int from, @Range(min = 1) int size) {
        public Window() {
            this(0, 8);
        }
    }

    /** Every kind of scalar. */
    record Camera(
            String label,
            @Range(above = 0) float gain,
            boolean clip,
            long serial,
            Readout readout,
            Optional<Path> darkFrame,
            Optional<String> note,
            Window window,
            List<String> tags,
            @Range(min = 0) List<Integer> rows)
            implements ForwardModel {
        public Camera() {
            this(
                    "plain",
                    1,
                    false,
                    0,
                    Readout.ROLLING,
                    Optional.empty(),
                    Optional.empty(),
                    new Window(2, 4),
                    List.of("plain"),
                    List.of(1, 2));
        }

        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            return Observations.of(x.mul(gain));
        }
    }

    /** Keys that must agree. */
    record Clamp(double low, double high) implements ForwardModel {
        public Clamp {
            Ranges.check(Clamp.class, low, high);
            if (low >= high) {
                throw new IllegalArgumentException("low must be below high (" + high + "), got " + low);
            }
            if (high - low > 10) {
                throw new IllegalArgumentException("the width must be\nat most 10, got " + (high - low));
            }
        }

        public Clamp() {
            this(-1, 1);
        }

        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            INDArray y = x.dup();
            for (long i = 0; i < y.length(); i++) {
                y.putScalar(i, Math.max(low, Math.min(high, y.getDouble(i))));
            }
            return Observations.of(y);
        }
    }

    /** Fails as code does that did not think of it; has no defaults. */
    record Divider(int by, int of) implements ForwardModel {
        public Divider {
            of = of / by;
        }

        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            return Observations.of(x.mul(of));
        }
    }

    record Linear() implements InterpolantSchedule {
        @Override
        public double alpha(double t) {
            return 1 - t;
        }

        @Override
        public double alphaDot(double t) {
            return -1;
        }

        @Override
        public double beta(double t) {
            return t;
        }

        @Override
        public double betaDot(double t) {
            return 1;
        }
    }

    record Latent(@Range(min = 0) double gamma) implements InterpolantSchedule {
        public Latent() {
            this(1);
        }

        @Override
        public double alpha(double t) {
            return 1 - t;
        }

        @Override
        public double alphaDot(double t) {
            return -1;
        }

        @Override
        public double beta(double t) {
            return t;
        }

        @Override
        public double betaDot(double t) {
            return 1;
        }

        @Override
        public double gamma(double t) {
            return gamma * t * (1 - t);
        }

        @Override
        public double gammaDot(double t) {
            return gamma * (1 - 2 * t);
        }
    }

    record Euler(@Range(min = 1) int steps) implements OdeSolver {
        public Euler() {
            this(32);
        }

        @Override
        public Solution integrate(VelocityField b, INDArray x, double from, double to) {
            double h = (to - from) / steps;
            INDArray state = x.dup();
            for (int i = 0; i < steps; i++) {
                state = state.add(b.at(from + i * h, state).mul(h));
            }
            return new Solution(state, steps, true);
        }

        @Override
        public int order() {
            return 1;
        }
    }

    record Midpoint(
            @Range(min = 1) int steps, @Range(min = 1) double refinement) implements OdeSolver {
        public Midpoint() {
            this(10, 1.5);
        }

        @Override
        public Solution integrate(VelocityField b, INDArray x, double from, double to) {
            INDArray state = x.dup();
            for (int i = 0; i < steps; i++) {
                double t = time(i, from, to);
                double h = time(i + 1, from, to) - t;
                INDArray half = state.add(b.at(t, state).mul(h / 2));
                state = state.add(b.at(t + h / 2, half).mul(h));
            }
            return new Solution(state, steps, true);
        }

        private double time(int i, double from, double to) {
            return to + (from - to) * Math.pow(1 - (double) i / steps, refinement);
        }

        @Override
        public int order() {
            return 2;
        }
    }

    /** The drift that is zero: one parameter, which multiplies nothing. */
    record Still(
            @Range(min = 1) int channels, @Range(min = 1) List<Integer> multipliers, List<Integer> attention)
            implements DriftArchitecture {
        public Still() {
            this(32, List.of(1, 2), List.of(8));
        }

        @Override
        public DriftNetwork build(DriftSignature signature, long seed) {
            INDArray parameters = Nd4j.zeros(1);
            return new DriftNetwork() {
                @Override
                public INDArray velocity(INDArray t, INDArray x, Optional<INDArray> conditioning) {
                    return Nd4j.zeros(x.shape());
                }

                @Override
                public LossGradient squaredError(
                        INDArray t, INDArray x, Optional<INDArray> conditioning, INDArray target) {
                    return new LossGradient(target.mul(target).meanNumber().doubleValue(), Nd4j.zeros(1));
                }

                @Override
                public INDArray parameters() {
                    return parameters;
                }
            };
        }
    }

    /** The mean squared error; the recipe names it by what its record is called. */
    interface SquaredError extends Metric {
        @Override
        default boolean needsClean() {
            return true;
        }

        @Override
        default List<Score> scores(HeldOut heldOut, RandomGenerator rng) {
            return heldOut
                    .clean()
                    .map(clean -> clean.sub(heldOut.restored()))
                    .map(error -> error.mul(error).meanNumber().doubleValue())
                    .map(value -> new Score(
                            getClass().getSimpleName(),
                            Score.Better.LOWER,
                            value,
                            OptionalDouble.empty(),
                            OptionalDouble.of(0),
                            OptionalDouble.empty()))
                    .stream()
                    .toList();
        }
    }

    record Psnr() implements SquaredError {}

    record Ssim() implements SquaredError {}

    record SlicedWasserstein(@Range(min = 1) int projections) implements SquaredError {
        public SlicedWasserstein() {
            this(128);
        }
    }

    record EnergyDistance() implements SquaredError {}

    record Moments() implements SquaredError {}

    record ObservationEnergy(@Range(min = 0) int permutations) implements SquaredError {
        public ObservationEnergy() {
            this(200);
        }
    }
}
