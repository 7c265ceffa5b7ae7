package dev.palimpsest.runtime.probe;

import java.util.List;

/** How the coordinates of y answered to the shifts: sums over all draws and items. */
final class Responses {
    /** An answer smaller than this part of the shift is none. */
    private static final double NOTHING = 1e-5;

    private final double shift;
    private final boolean told;
    private boolean[] reached = {};
    private double answers;
    private long seen;
    private long lost;
    private double fillerSum;
    private double fillerSquares;
    private double strayAnswers;
    private double straySquares;
    private long stray;
    private double offset;
    private double noise;

    private Responses(double shift, boolean told) {
        this.shift = shift;
        this.told = told;
    }

    /** @param told whether the drift is told what was lost: only then is a coordinate without an answer apart from the others */
    static Responses of(List<Draw> draws, double shift, boolean told) {
        Responses responses = new Responses(shift, told);
        Draw first = draws.get(0);
        responses.reached = new boolean[first.plain().length / first.items()];
        draws.forEach(responses::add);
        return responses;
    }

    private void add(Draw draw) {
        for (int i = 0; i < draw.plain().length; i++) {
            double answer = (double) draw.moved()[i] - draw.plain()[i];
            boolean some = Math.abs(answer) > NOTHING * shift;
            reached[i % reached.length] |= some && draw.shifted()[i];
            if (!draw.shifted()[i]) {
                strayAnswers += answer;
                straySquares += answer * answer;
                stray++;
            } else if (some || !told) {
                answers += answer;
                seen++;
            } else {
                lost++;
                fillerSum += draw.plain()[i];
                fillerSquares += (double) draw.plain()[i] * draw.plain()[i];
            }
        }
    }

    /** The channel, with the noise from what differs between two draws at the same x. */
    ScalarChannel channel(List<Draw> draws, float[] x) {
        double gain = seen == 0 ? 0 : answers / seen / shift;
        double squares = 0;
        long pairs = 0;
        double rest = 0;
        long counted = 0;
        for (int k = 0; k < draws.size(); k++) {
            Draw draw = draws.get(k);
            Draw other = draws.get((k + 1) % draws.size());
            for (int i = 0; i < x.length; i++) {
                if (isSeen(draw, i)) {
                    rest += draw.plain()[i] - gain * x[i];
                    counted++;
                    if (isSeen(other, i)) {
                        double difference = (double) draw.plain()[i] - other.plain()[i];
                        squares += difference * difference / 2;
                        pairs++;
                    }
                }
            }
        }
        offset = counted == 0 ? 0 : rest / counted;
        noise = pairs == 0 ? 0 : Math.sqrt(squares / pairs);
        double p = (double) lost / Math.max(1, lost + seen);
        double filler = lost == 0 ? 1 : Math.sqrt(Math.max(0, fillerSquares / lost - fillerMean() * fillerMean()));
        return new ScalarChannel(gain, noise, p, filler);
    }

    /**
     * How strongly a coordinate answers to the others, in units of its answer to itself: by the mean, and by what exceeds the difference of two draws,
     * as the same random numbers may be used for something else once the input differs.
     */
    double crosstalk(ScalarChannel channel) {
        double own = Math.max(Math.abs(channel.gain()) * shift, NOTHING * shift);
        double mean = stray == 0 ? 0 : Math.abs(strayAnswers / stray);
        double square = stray == 0 ? 0 : straySquares / stray;
        double byChance = 2.2 * (noise * noise);
        return Math.max(mean, Math.sqrt(Math.max(0, square - byChance))) / own;
    }

    private boolean isSeen(Draw draw, int i) {
        return draw.shifted()[i] && (!told || Math.abs(draw.moved()[i] - draw.plain()[i]) > NOTHING * shift);
    }

    /** How many coordinates never answered. */
    int unreached() {
        int unreached = 0;
        for (boolean each : reached) {
            unreached += each ? 0 : 1;
        }
        return unreached;
    }

    double fillerMean() {
        return lost == 0 ? 0 : fillerSum / lost;
    }

    /** The mean of y - a x where x is seen. */
    double offset() {
        return offset;
    }
}
