package dev.palimpsest.runtime.evaluate;

import dev.palimpsest.api.Doc;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * First and second moments, for comparison with closed forms: {@code mean} over items and dimensions; {@code deviation}, the root of
 * the mean over dimensions of the (unbiased) variance over items; {@code slope}, the regression slope cov(x, y) / var(y) of restored x
 * on y, a mean over the dimensions in which y varies; in 2 to 64 dimensions {@code correlation}, a mean over the pairs of dimensions that vary.
 *
 * <p>Identity: of y, whose slope is 1. Floor: of the clean items, where they are known; the slope has none, as clean items regressed
 * on y give the slope of the posterior mean, which is not that of the transport map. A single item has a mean alone.
 */
@Doc(
        "mean, deviation (root mean variance over items), correlation of the dimensions, and regression slope on y of the restored items")
public record Moments() implements Metric {
    private static final int MOST_CORRELATED = 64;

    @Override
    public boolean needsClean() {
        return false;
    }

    @Override
    public List<Score> scores(HeldOut heldOut, RandomGenerator rng) {
        Statistics restored = Statistics.of(heldOut.restored(), heldOut.y());
        Statistics identity = Statistics.of(heldOut.y(), heldOut.y());
        Optional<Statistics> clean = heldOut.clean().map(items -> Statistics.of(items, heldOut.y()));
        List<Score> scores = new ArrayList<>();
        scores.add(score(
                "mean",
                restored.mean,
                OptionalDouble.of(identity.mean),
                clean.stream().mapToDouble(Statistics::mean).findFirst()));
        restored.deviation.ifPresent(deviation -> scores.add(score(
                "deviation",
                deviation,
                identity.deviation,
                clean.stream().flatMapToDouble(s -> s.deviation.stream()).findFirst())));
        restored.correlation.ifPresent(correlation -> scores.add(score(
                "correlation",
                correlation,
                identity.correlation,
                clean.stream().flatMapToDouble(s -> s.correlation.stream()).findFirst())));
        restored.slope.ifPresent(slope -> scores.add(score("slope", slope, identity.slope, OptionalDouble.empty())));
        return scores;
    }

    private static Score score(String name, double value, OptionalDouble identity, OptionalDouble floor) {
        return new Score(name, Score.Better.EQUAL, value, identity, floor, OptionalDouble.empty());
    }

    private record Statistics(double mean, OptionalDouble deviation, OptionalDouble slope, OptionalDouble correlation) {
        static Statistics of(INDArray items, INDArray observations) {
            Rows x = Rows.of(items);
            Rows y = Rows.of(observations);
            int n = x.count();
            int d = x.dimension();
            double[] meanX = x.mean();
            double[] meanY = y.mean();
            double[] varianceX = new double[d];
            double[] varianceY = new double[d];
            double[] covariance = new double[d];
            for (int i = 0; i < n; i++) {
                double[] a = x.row(i);
                double[] b = y.row(i);
                for (int k = 0; k < d; k++) {
                    varianceX[k] += (a[k] - meanX[k]) * (a[k] - meanX[k]);
                    varianceY[k] += (b[k] - meanY[k]) * (b[k] - meanY[k]);
                    covariance[k] += (a[k] - meanX[k]) * (b[k] - meanY[k]);
                }
            }
            double mean = 0;
            double variance = 0;
            double slope = 0;
            int varying = 0;
            for (int k = 0; k < d; k++) {
                mean += meanX[k] / d;
                variance += varianceX[k] / d;
                if (varianceY[k] != 0) { // also where it is not a number, so that the slope is none either
                    slope += covariance[k] / varianceY[k];
                    varying++;
                }
            }
            return new Statistics(
                    mean,
                    n > 1 ? OptionalDouble.of(Math.sqrt(variance / (n - 1))) : OptionalDouble.empty(),
                    varying > 0 ? OptionalDouble.of(slope / varying) : OptionalDouble.empty(),
                    d <= MOST_CORRELATED ? correlation(x, meanX, varianceX) : OptionalDouble.empty());
        }

        private static OptionalDouble correlation(Rows x, double[] mean, double[] variance) {
            int d = mean.length;
            double[] products = new double[d * d];
            for (int i = 0; i < x.count(); i++) {
                double[] row = x.row(i);
                for (int k = 0; k < d; k++) {
                    for (int l = 0; l < k; l++) {
                        products[k * d + l] += (row[k] - mean[k]) * (row[l] - mean[l]);
                    }
                }
            }
            double sum = 0;
            int pairs = 0;
            for (int k = 0; k < d; k++) {
                for (int l = 0; l < k; l++) {
                    if (variance[k] > 0 && variance[l] > 0) {
                        sum += products[k * d + l] / Math.sqrt(variance[k] * variance[l]);
                        pairs++;
                    }
                }
            }
            return pairs > 0 ? OptionalDouble.of(sum / pairs) : OptionalDouble.empty();
        }
    }
}
