package dev.palimpsest.runtime.simple;

/** Takes noise away from an image. */
@FunctionalInterface
interface Denoiser {
    /**
     * The image without its noise.
     *
     * @param y [channels, height, width] in this order; it is not modified
     */
    double[] denoised(double[] y, int channels, int height, int width);
}
