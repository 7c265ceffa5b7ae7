package dev.palimpsest.runtime.probe;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.runtime.data.RandomStreams;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** F's answers to changes of x, with two draws of its randomness. */
final class Answers {
    static final int DRAWS = 2;

    /** The root mean square of what is added to an item, in units of the items' standard deviation. */
    private static final double SHIFT = 0.25;

    /** An answer smaller than this part of what was added is none. */
    private static final double NOTHING = 1e-5;

    /** F bends if a larger part of its answer does. */
    static final double STRAIGHT = 1e-3;

    /** The part of y's values for which a mask must say whether they answer. */
    private static final double AGREEING = 0.999;

    /** Two draws share this part of their variance over items only if y follows x. */
    private static final double FOLLOWS = 0.1;

    private final ForwardModel forward;
    private final RandomStreams streams;
    private final long[] shape;
    private final float[] x;
    private final int items;
    private final int dimensions;
    private final double shift;
    private final boolean told;
    private final float[][] base = new float[DRAWS][];
    private final Optional<INDArray> conditioning;
    private final boolean[][] heard = new boolean[DRAWS][];

    /** @param used how many of the items F is called at */
    Answers(ForwardModel forward, INDArray all, int used, RandomStreams streams) {
        this.forward = forward;
        this.streams = streams;
        INDArray some = all.get(NDArrayIndex.interval(0, used));
        shape = some.shape().clone();
        x = some.dup('c').data().asFloat();
        items = used;
        dimensions = x.length / used;
        double mean = 0;
        double square = 0;
        for (float value : x) {
            mean += value / x.length;
            square += (double) value * value / x.length;
        }
        double variance = square - mean * mean;
        shift = SHIFT * Math.sqrt(variance > 0 ? variance : 1);
        Observations first = observed(x, 0);
        conditioning = first.conditioning();
        told = conditioning.isPresent();
        for (int draw = 0; draw < DRAWS; draw++) {
            base[draw] = floats(draw == 0 ? first : observed(x, draw));
            heard[draw] = new boolean[x.length];
        }
    }

    boolean told() {
        return told;
    }

    /**
     * Which coordinates observations show, where the conditioning of F's own calls is a mask: more than a half exactly where y answers to anything.
     *
     * @param observed the observations' own conditioning
     * @return 1 where seen, 0 where lost, item by item; empty where the conditioning is no mask
     */
    Optional<float[]> seen(INDArray observed) {
        Optional<float[]> own = conditioning.flatMap(known -> mask(known, items));
        if (own.isEmpty()) {
            return Optional.empty();
        }
        long alike = IntStream.range(0, x.length)
                .filter(i -> heard[0][i] == own.get()[i] > 0)
                .count();
        return alike >= AGREEING * x.length ? mask(observed, (int) observed.size(0)) : Optional.empty();
    }

    /** Spread over the channels; empty where it has another size than an item or a channel. */
    private Optional<float[]> mask(INDArray known, int count) {
        float[] values = known.dup('c').data().asFloat();
        int own = values.length / count;
        int plane = shape.length == 4 ? (int) (shape[2] * shape[3]) : dimensions;
        if (own != dimensions && own != plane) {
            return Optional.empty();
        }
        float[] mask = new float[count * dimensions];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = values[i / dimensions * own + i % dimensions % own] > 0.5 ? 1 : 0;
        }
        return Optional.of(mask);
    }

    float[] base(int draw) {
        return base[draw];
    }

    float[] baseAgain() {
        return called(x, 0);
    }

    int dimensions() {
        return dimensions;
    }

    int items() {
        return items;
    }

    /**
     * The channels' part in E[J^T J]: a pattern of random signs, the same for all, is put into each channel in turn.
     *
     * @param channels how many
     * @return [channels][channels]
     */
    double[][] gram(int channels) {
        int plane = dimensions / channels;
        RandomGenerator signs = streams.stream("diagnose signs of channels", 0);
        float[] pattern = new float[items * plane];
        for (int i = 0; i < pattern.length; i++) {
            pattern[i] = signs.nextBoolean() ? (float) shift : (float) -shift;
        }
        double[][] gram = new double[channels][channels];
        float[][][] answers = new float[channels][DRAWS][];
        for (int m = 0; m < channels; m++) {
            float[] moved = x.clone();
            for (int i = 0; i < pattern.length; i++) {
                moved[i / plane * dimensions + m * plane + i % plane] += pattern[i];
            }
            for (int draw = 0; draw < DRAWS; draw++) {
                answers[m][draw] = answer(moved, draw);
            }
        }
        for (int m = 0; m < channels; m++) {
            for (int l = 0; l <= m; l++) {
                double product = told
                        ? (product(answers[m][0], answers[l][0]) + product(answers[m][1], answers[l][1])) / 2
                        : (product(answers[m][0], answers[l][1]) + product(answers[m][1], answers[l][0])) / 2;
                gram[m][l] = product / (shift * shift * pattern.length);
                gram[l][m] = gram[m][l];
            }
        }
        return gram;
    }

    /**
     * How F answers to the modes of a group.
     *
     * @param ofAll takes up what was added and answered
     */
    Response response(Modes modes, Modes.Group group, Sums ofAll) {
        int[] members = group.modes();
        double size = shift * Math.sqrt((double) dimensions / members.length);
        Pattern a = pattern(modes, members, size, 2L * members[0]);
        Pattern b = pattern(modes, members, size, 2L * members[0] + 1);
        double[][][] gains = new double[DRAWS][items][members.length];
        double[][] sameDraw = new double[DRAWS][];
        double inPlace = 0;
        double energy = 0;
        for (int draw = 0; draw < DRAWS; draw++) {
            energy +=
                    (product(a.answers[draw], a.answers[draw]) + product(b.answers[draw], b.answers[draw])) / 2 / DRAWS;
            sameDraw[draw] = new double[2 * items];
            for (int item = 0; item < items; item++) {
                double[] toA = modes.coefficients(a.answers[draw], item);
                double[] toB = modes.coefficients(b.answers[draw], item);
                for (int k = 0; k < members.length; k++) {
                    int mode = members[k];
                    double byA = toA[mode] / a.added[item][k];
                    double byB = toB[mode] / b.added[item][k];
                    gains[draw][item][k] = (byA + byB) / 2;
                    inPlace += byA * byB / DRAWS / items / members.length;
                    sameDraw[draw][2 * item] += a.added[item][k] * toB[mode];
                    sameDraw[draw][2 * item + 1] += b.added[item][k] * toA[mode];
                }
                ofAll.add(draw, item, a.added[item], b.added[item], toA, toB, members, size);
            }
        }
        double unit = size * size * members.length * items;
        double coherent = (product(a.answers[0], a.answers[1]) + product(b.answers[0], b.answers[1])) / 2;
        return new Response(
                gains, energy / unit, coherent / unit, inPlace, asymmetry(sameDraw[0], sameDraw[told ? 0 : 1]));
    }

    /** Nothing added yet. */
    Sums sums() {
        return new Sums(items, dimensions);
    }

    /** Of all modes together that have been added. */
    double asymmetry(Sums ofAll) {
        return asymmetry(ofAll.products(0), ofAll.products(told ? 0 : 1));
    }

    /** @param first a J b, b J a for each item and one draw, {@code second} for another, whose noise is its own */
    private static double asymmetry(double[] first, double[] second) {
        double odd = 0;
        double all = 0;
        for (int i = 0; i < first.length; i += 2) {
            odd += (first[i] - first[i + 1]) * (second[i] - second[i + 1]);
            all += 2 * (first[i] * second[i] + first[i + 1] * second[i + 1]);
        }
        return all > 0 ? Math.max(0, odd / all) : 0;
    }

    /** What was added to each mode of a group in each item, and what F made of it with each draw. */
    private record Pattern(double[][] added, float[][] answers) {}

    private Pattern pattern(Modes modes, int[] members, double size, long number) {
        RandomGenerator signs = streams.stream("diagnose signs", number);
        double[][] added = new double[items][members.length];
        float[] moved = x.clone();
        for (int item = 0; item < items; item++) {
            double[] coefficients = new double[modes.size()];
            for (int k = 0; k < members.length; k++) {
                added[item][k] = signs.nextBoolean() ? size : -size;
                coefficients[members[k]] = added[item][k];
            }
            modes.add(coefficients, moved, item);
        }
        float[][] answers = new float[DRAWS][];
        for (int draw = 0; draw < DRAWS; draw++) {
            answers[draw] = answer(moved, draw);
        }
        return new Pattern(added, answers);
    }

    /** Sums over all groups of what was added, and of the answers, in units of what was added to a mode. */
    static final class Sums {
        private final float[][][] added;
        private final float[][][] answers;

        private Sums(int items, int dimensions) {
            added = new float[2][items][dimensions];
            answers = new float[2 * DRAWS][items][dimensions];
        }

        private void add(
                int draw, int item, double[] a, double[] b, double[] toA, double[] toB, int[] members, double size) {
            for (int k = 0; k < members.length; k++) {
                added[0][item][members[k]] = (float) (a[k] / size);
                added[1][item][members[k]] = (float) (b[k] / size);
            }
            for (int mode = 0; mode < toA.length; mode++) {
                answers[2 * draw][item][mode] += (float) (toA[mode] / size);
                answers[2 * draw + 1][item][mode] += (float) (toB[mode] / size);
            }
        }

        private double[] products(int draw) {
            double[] products = new double[2 * added[0].length];
            for (int item = 0; item < added[0].length; item++) {
                products[2 * item] = product(added[0][item], answers[2 * draw + 1][item]);
                products[2 * item + 1] = product(added[1][item], answers[2 * draw][item]);
            }
            return products;
        }
    }

    /** The share of y's coordinates that have answered to nothing yet. */
    double silent() {
        long silent = 0;
        for (boolean[] draw : heard) {
            for (boolean one : draw) {
                silent += one ? 0 : 1;
            }
        }
        return (double) silent / DRAWS / x.length;
    }

    /**
     * The variance of the noise in each mode: of half the difference of two draws, at the items where nothing is told of the draws, else at 0, where what
     * differs between the draws is no answer to x.
     *
     * @param lossy whether coordinates that never answer are left out, and the rest is taken as white
     */
    double[] noise(Modes modes, boolean lossy) {
        float[] first = told ? called(new float[x.length], 0) : base[0];
        float[] second = told ? called(new float[x.length], 1) : base[1];
        double[] noise = new double[modes.size()];
        float[] difference = new float[x.length];
        double squares = 0;
        long both = 0;
        for (int i = 0; i < x.length; i++) {
            difference[i] = first[i] - second[i];
            if (heard[0][i] && heard[1][i]) {
                squares += (double) difference[i] * difference[i];
                both++;
            }
        }
        if (lossy) {
            Arrays.fill(noise, both == 0 ? 0 : squares / both / 2);
            return noise;
        }
        for (int item = 0; item < items; item++) {
            double[] c = modes.coefficients(difference, item);
            for (int k = 0; k < c.length; k++) {
                noise[k] += c[k] * c[k] / 2 / items;
            }
        }
        return noise;
    }

    /** The mean coefficients of F at the items, over all of them and both draws. */
    double[] mean(Modes modes) {
        double[] mean = new double[modes.size()];
        for (float[] draw : base) {
            for (int item = 0; item < items; item++) {
                double[] c = modes.coefficients(draw, item);
                for (int k = 0; k < c.length; k++) {
                    mean[k] += c[k] / items / DRAWS;
                }
            }
        }
        return mean;
    }

    /** How far F is from a straight line; infinitely far where y follows x, and yet answers to no small step. */
    double bend() {
        RandomGenerator signs = streams.stream("diagnose signs of steps", 0);
        float[] up = x.clone();
        float[] down = x.clone();
        for (int i = 0; i < x.length; i++) {
            float step = signs.nextBoolean() ? (float) shift : (float) -shift;
            up[i] += step;
            down[i] -= step;
        }
        float[][] second = new float[DRAWS][];
        float[][] first = new float[DRAWS][];
        for (int draw = 0; draw < DRAWS; draw++) {
            float[] above = answer(up, draw);
            float[] below = answer(down, draw);
            second[draw] = new float[x.length];
            first[draw] = new float[x.length];
            for (int i = 0; i < x.length; i++) {
                second[draw][i] = above[i] + below[i];
                first[draw][i] = above[i] - below[i];
            }
        }
        int other = told ? 0 : 1;
        double line = product(first[0], first[other]);
        if (line > 0) {
            return Math.max(0, product(second[0], second[other]) / line);
        }
        return differs() ? Double.POSITIVE_INFINITY : 0;
    }

    /** Whether y follows x from item to item, beyond what noise explains. */
    private boolean differs() {
        double together = 0;
        double alone = 0;
        for (int j = 0; j < dimensions; j++) {
            double[] mean = new double[DRAWS];
            for (int item = 0; item < items; item++) {
                for (int draw = 0; draw < DRAWS; draw++) {
                    mean[draw] += base[draw][item * dimensions + j] / items;
                }
            }
            for (int item = 0; item < items; item++) {
                double first = base[0][item * dimensions + j] - mean[0];
                double second = base[1][item * dimensions + j] - mean[1];
                together += first * second;
                alone += (first * first + second * second) / 2;
            }
        }
        return together > FOLLOWS * alone;
    }

    /** What is added to a coordinate. */
    double shift() {
        return shift;
    }

    /** F of the first few items with one draw, with one coordinate of all of them moved; none if it is negative. */
    float[] first(int few, int coordinate) {
        float[] some = Arrays.copyOf(x, few * dimensions);
        if (coordinate >= 0) {
            for (int item = 0; item < few; item++) {
                some[item * dimensions + coordinate] += (float) shift;
            }
        }
        return called(some, 0);
    }

    private float[] answer(float[] moved, int draw) {
        float[] answer = called(moved, draw);
        for (int i = 0; i < answer.length; i++) {
            answer[i] -= base[draw][i];
            heard[draw][i] |= Math.abs(answer[i]) > NOTHING * shift;
        }
        return answer;
    }

    private float[] called(float[] values, int draw) {
        return floats(observed(values, draw));
    }

    private Observations observed(float[] values, int draw) {
        long[] batch = shape.clone();
        batch[0] = values.length / dimensions;
        return forward.apply(Nd4j.createFromArray(values).reshape('c', batch), streams.stream("diagnose", draw));
    }

    private static float[] floats(Observations observations) {
        return observations.y().dup('c').data().asFloat();
    }

    private static double product(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
