package dev.palimpsest.runtime.run;

/** Mean and standard deviation of draws, value by value (Welford's recurrence, in double precision). */
public final class DrawnMoments {
    private final double[] mean;
    private final double[] squares;
    private int draws;

    public DrawnMoments(int values) {
        mean = new double[values];
        squares = new double[values];
    }

    public void add(float[] draw) {
        draws++;
        for (int i = 0; i < draw.length; i++) {
            double before = draw[i] - mean[i];
            mean[i] += before / draws;
            squares[i] += before * (draw[i] - mean[i]);
        }
    }

    public float[] mean() {
        float[] values = new float[mean.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) mean[i];
        }
        return values;
    }

    /** sqrt(sum (x - mean)^2 / (draws - 1)). */
    public float[] deviation() {
        float[] values = new float[squares.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sqrt(squares[i] / (draws - 1));
        }
        return values;
    }
}
