package dev.palimpsest.plugins.externalprocess;

import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Arrays of float32 in the format NPY 1.0, little-endian and in C order, and no others. */
final class NpyArray {
    /** How many numbers go into 2 GiB, with room for what comes before them. */
    static final int MOST = (Integer.MAX_VALUE - (1 << 17)) / Float.BYTES;

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int PREAMBLE = 10;
    private static final int ALIGNMENT = 64;
    private static final Pattern DESCR = Pattern.compile("['\"]descr['\"]\\s*:\\s*['\"]([^'\"]*)['\"]");
    private static final Pattern ORDER = Pattern.compile("['\"]fortran_order['\"]\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("['\"]shape['\"]\\s*:\\s*\\(([0-9, ]*)\\)");

    private NpyArray() {}

    /** A line of text and the array after it, in one piece. */
    static byte[] message(String line, Frame frame) {
        String dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + tuple(frame.shape()) + "), }";
        int unpadded = PREAMBLE + dictionary.length() + 1;
        int padding = (ALIGNMENT - unpadded % ALIGNMENT) % ALIGNMENT;
        byte[] header = (dictionary + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
        byte[] before = (line + "\n").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer message = ByteBuffer.allocate(before.length + PREAMBLE + header.length + frame.count() * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        message.put(before).put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) header.length);
        message.put(header);
        message.asFloatBuffer().put(frame.values(), frame.from(), frame.count());
        return message.array();
    }

    /** Reads an array whose shape is known beforehand: nothing is allocated because a header says so. */
    static float[] read(String what, Incoming incoming, long[] shape, long deadline)
            throws Misbehaviour, EOFException, TimeoutException, InterruptedException {
        byte[] preamble = incoming.bytes(PREAMBLE, deadline);
        if (!Arrays.equals(Arrays.copyOf(preamble, MAGIC.length), MAGIC)) {
            throw new Misbehaviour("expected " + what + " as an NPY array, which begins with \"\\x93NUMPY\", got \""
                    + Printable.of(preamble) + "\"");
        }
        if (preamble[6] != 1 || preamble[7] != 0) {
            throw new Misbehaviour("expected " + what + " as NPY 1.0, got version " + preamble[6] + "." + preamble[7]);
        }
        int length = Short.toUnsignedInt(
                ByteBuffer.wrap(preamble).order(ByteOrder.LITTLE_ENDIAN).getShort(8));
        require(what, new String(incoming.bytes(length, deadline), StandardCharsets.ISO_8859_1), shape);
        float[] values = new float[count(what, shape)];
        ByteBuffer.wrap(incoming.bytes(values.length * Float.BYTES, deadline))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(values);
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                int item = values.length / (int) shape[0];
                throw new Misbehaviour("expected finite numbers in " + what + ", got " + values[i] + " at item "
                        + i / item + " of the frame, index " + i % item);
            }
        }
        return values;
    }

    private static void require(String what, String header, long[] shape) throws Misbehaviour {
        String descr = find(what, DESCR, header);
        if (!descr.equals("<f4")) {
            throw new Misbehaviour("expected " + what + " of type '<f4' (float32, little-endian), got '"
                    + Printable.of(descr) + "': convert it before it is written");
        }
        if (!find(what, ORDER, header).equals("False")) {
            throw new Misbehaviour("expected " + what
                    + " in C order, got fortran_order True: write it row by row (numpy: ascontiguousarray)");
        }
        String dimensions = find(what, SHAPE, header).replace(" ", "").replaceFirst(",$", "");
        String expected = tuple(shape).replace(" ", "").replaceFirst(",$", "");
        if (!dimensions.equals(expected)) {
            throw new Misbehaviour("expected " + what + " of shape (" + expected.replace(",", ", ") + "), got ("
                    + Printable.of(dimensions.replace(",", ", ")) + ")");
        }
    }

    private static String find(String what, Pattern entry, String header) throws Misbehaviour {
        Matcher found = entry.matcher(header);
        if (!found.find()) {
            throw new Misbehaviour("expected in the NPY header of " + what
                    + " the entries 'descr', 'fortran_order' and 'shape', got \"" + Printable.of(header) + "\"");
        }
        return found.group(1);
    }

    private static int count(String what, long[] shape) throws Misbehaviour {
        long count = 1;
        for (long n : shape) {
            count *= n;
            if (count > MOST) {
                throw new Misbehaviour(
                        what + " of shape " + Arrays.toString(shape) + " has more than 2 GiB: use a smaller batch");
            }
        }
        return (int) count;
    }

    private static String tuple(long[] shape) {
        return Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(", "))
                + (shape.length == 1 ? "," : "");
    }
}
