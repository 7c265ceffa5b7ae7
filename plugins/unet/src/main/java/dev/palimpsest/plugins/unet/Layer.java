package dev.palimpsest.plugins.unet;

/** One step of a plan: between nodes that are fixed when it is made. */
interface Layer {
    /** Writes the values of its outputs from those of its inputs. */
    void forward();

    /** Writes the gradients of its inputs from those of its outputs, and adds to those of its weights. */
    void backward();
}
