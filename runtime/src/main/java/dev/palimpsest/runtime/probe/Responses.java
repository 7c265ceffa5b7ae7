package dev.palimpsest.runtime.probe;

/** How the coordinates of y answer to the shifts: sums over all draws and items. */
final class Responses {
    /** An answer smaller than this part of the shift is none. */
    private static final double NOTHING = 1e-5;

    /** How many coordinates chance alone may hide from all calls, for those that never answered to count as destroyed. */
    private static final double BY_CHANCE = 0.01;

    private final float[] x;
    private final double shift;
    private final boolean told;
    private final int items;
    private final boolean[] reached;
    private double answers;
    private double ySum;
    private double xSum;
    private long seen;
    private long lost;
    private double fillerSum;
    private double fillerSquares;
    private double strayAnswers;
    private double strayPairs;
    private long stray;
    private double noiseSquares;
    private long pairs;
    private int draws;

    /** @param told whether the drift is told what was lost: only then is a coordinate without an answer apart from the others */
    Responses(Calls calls, boolean told) {
        x = calls.x();
        shift = calls.shift();
        items = calls.items();
        this.told = told;
        reached = new boolean[calls.dimensions()];
    }

    /** Adds a draw. */
    void add(Draw draw) {
        draws++;
        for (int i = 0; i < x.length; i++) {
            double answer = (double) draw.moved()[i] - draw.plain()[i];
            boolean some = Math.abs(answer) > NOTHING * shift;
            reached[i % reached.length] |= some && draw.shifted()[i];
            if (!draw.shifted()[i]) {
                strayAnswers += answer;
                strayPairs += answer * ((double) draw.plain()[i] - draw.opposite()[i]);
                stray++;
            } else if (some || !told) {
                answers += answer;
                ySum += draw.plain()[i];
                xSum += x[i];
                seen++;
            } else {
                lost++;
                fillerSum += draw.plain()[i];
                fillerSquares += (double) draw.plain()[i] * draw.plain()[i];
            }
        }
    }

    /** Adds a draw, and what differs between it and another at the same x: the noise. */
    void add(Draw draw, Draw other) {
        add(draw);
        for (int i = 0; i < x.length; i++) {
            if (isSeen(draw, i) && isSeen(other, i)) {
                double difference = (double) draw.plain()[i] - other.plain()[i];
                noiseSquares += difference * difference / 2;
                pairs++;
            }
        }
    }

    private boolean isSeen(Draw draw, int i) {
        return draw.shifted()[i] && (!told || Math.abs(draw.moved()[i] - draw.plain()[i]) > NOTHING * shift);
    }

    ScalarChannel channel() {
        return new ScalarChannel(
                gain(),
                noise(),
                (double) lost / Math.max(1, lost + seen),
                lost == 0 ? 1 : Math.sqrt(Math.max(0, fillerSquares / lost - fillerMean() * fillerMean())));
    }

    /**
     * How strongly a coordinate answers to the others, in units of its answer to itself: by the mean, and by what turns its sign when the others are shifted the other way. What the same
     * random numbers do, when they are used for something else once the input differs, does not turn.
     */
    double crosstalk(ScalarChannel channel) {
        double own = Math.max(Math.abs(channel.gain()) * shift, NOTHING * shift);
        double mean = stray == 0 ? 0 : Math.abs(strayAnswers / stray);
        double square = stray == 0 ? 0 : strayPairs / stray;
        return Math.max(mean, Math.sqrt(Math.max(0, square))) / own;
    }

    /** How many coordinates never answered; 0 where a coordinate that is lost as often as others are might never have answered by chance. */
    int destroyed(ScalarChannel channel) {
        boolean allSeenByNow =
                reached.length * Math.pow((1 + channel.lost()) / 2, (double) draws * items) < BY_CHANCE || !told;
        int unreached = 0;
        for (boolean each : reached) {
            unreached += each ? 0 : 1;
        }
        return allSeenByNow || unreached == reached.length ? unreached : 0;
    }

    double fillerMean() {
        return lost == 0 ? 0 : fillerSum / lost;
    }

    /** The mean of y - a x where x is seen. */
    double offset() {
        return seen == 0 ? 0 : (ySum - gain() * xSum) / seen;
    }

    private double gain() {
        return seen == 0 ? 0 : answers / seen / shift;
    }

    private double noise() {
        return pairs == 0 ? 0 : Math.sqrt(noiseSquares / pairs);
    }
}
