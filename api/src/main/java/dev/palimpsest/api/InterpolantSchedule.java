package dev.palimpsest.api;

/**
 * The stochastic interpolant I_t = alpha(t) x0 + beta(t) x1 + gamma(t) z between clean x0 (t = 0) and observed x1 (t = 1), with z standard normal
 * (Albergo, Boffi, Vanden-Eijnden, "Stochastic Interpolants", arXiv 2303.08797).
 *
 * <p>alpha(0) = beta(1) = 1 and alpha(1) = beta(0) = gamma(0) = gamma(1) = 0.
 */
public interface InterpolantSchedule {
    double alpha(double t);

    double alphaDot(double t);

    double beta(double t);

    double betaDot(double t);

    default double gamma(double t) {
        return 0;
    }

    default double gammaDot(double t) {
        return 0;
    }

    /** The product gamma(t) gamma'(t), finite also where gamma' alone is not. */
    default double gammaGammaDot(double t) {
        return gamma(t) * gammaDot(t);
    }

    /** How far from 0 and 1 the times of the regression keep, because a derivative is infinite there: t is drawn from [margin, 1 - margin]. */
    default double margin() {
        return 0;
    }
}
