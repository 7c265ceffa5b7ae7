package dev.palimpsest.plugins.unet;

import dev.palimpsest.api.DriftSignature;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Between the API's images [N, channels, height, width] and the plan's nodes [N, height, width, channels], whose sides are multiples of what the levels
 * halve: missing rows and columns are zeros.
 */
final class Images {
    private final int channels;
    private final int maps;
    private final int rows;
    private final int columns;
    private final int height;
    private final int width;

    Images(DriftSignature signature, int levels) {
        long[] shape = signature.itemShape();
        channels = (int) shape[0];
        rows = (int) shape[1];
        columns = (int) shape[2];
        maps = signature.conditioningMaps();
        int multiple = 1 << (levels - 1);
        height = (rows + multiple - 1) / multiple * multiple;
        width = (columns + multiple - 1) / multiple * multiple;
    }

    int height() {
        return height;
    }

    int width() {
        return width;
    }

    /** Channels of the input: the item's and the conditioning maps. */
    int channels() {
        return channels + maps;
    }

    int itemChannels() {
        return channels;
    }

    void fill(Node node, INDArray x, Optional<INDArray> conditioning) {
        put(node, values(x), channels, 0);
        if (maps > 0) {
            put(node, values(conditioning.orElseThrow()), maps, channels);
        }
    }

    private void put(Node node, float[] values, int count, int first) {
        Kernels.forEach(node.items(), item -> {
            float[] image = Scratch.array(0, node.itemSize());
            node.value().get(item * node.itemSize(), image, node.itemSize());
            for (int c = 0; c < count; c++) {
                for (int row = 0; row < rows; row++) {
                    int from = ((item * count + c) * rows + row) * columns;
                    int to = row * width * node.channels() + first + c;
                    for (int column = 0; column < columns; column++) {
                        image[to + column * node.channels()] = values[from + column];
                    }
                }
            }
            node.value().put(item * node.itemSize(), image, node.itemSize());
        });
    }

    /** The part that belongs to the items, [N, channels, rows, columns]. */
    INDArray crop(Buffer buffer, int items) {
        float[] cropped = new float[items * channels * rows * columns];
        float[] image = new float[height * width * channels];
        for (int item = 0; item < items; item++) {
            buffer.get(item * image.length, image, image.length);
            for (int c = 0; c < channels; c++) {
                for (int row = 0; row < rows; row++) {
                    int to = ((item * channels + c) * rows + row) * columns;
                    int from = row * width * channels + c;
                    for (int column = 0; column < columns; column++) {
                        cropped[to + column] = image[from + column * channels];
                    }
                }
            }
        }
        return Nd4j.createFromArray(cropped).reshape('c', items, channels, rows, columns);
    }

    /** The mean of (output - target)^2 over the items, and its gradient. */
    double squaredError(Node output, INDArray target) {
        float[] wanted = values(target);
        double[] sums = new double[output.items()];
        float factor = 2f / wanted.length;
        Kernels.forEach(output.items(), item -> {
            float[] image = Scratch.array(0, output.itemSize());
            float[] slope = Scratch.zeros(1, output.itemSize());
            output.value().get(item * output.itemSize(), image, output.itemSize());
            for (int c = 0; c < channels; c++) {
                for (int row = 0; row < rows; row++) {
                    int from = ((item * channels + c) * rows + row) * columns;
                    int at = row * width * channels + c;
                    for (int column = 0; column < columns; column++) {
                        float error = image[at + column * channels] - wanted[from + column];
                        sums[item] += (double) error * error;
                        slope[at + column * channels] = factor * error;
                    }
                }
            }
            output.gradient().put(item * output.itemSize(), slope, output.itemSize());
        });
        double sum = 0;
        for (double part : sums) {
            sum += part;
        }
        return sum / wanted.length;
    }

    private static float[] values(INDArray array) {
        return array.dup('c').data().asFloat();
    }
}
