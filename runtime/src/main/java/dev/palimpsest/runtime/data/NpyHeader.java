package dev.palimpsest.runtime.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a .npy file says about itself (NumPy Enhancement Proposal 1).
 *
 * @param shape at least one dimension, each at least 1
 * @param type how its values are stored
 * @param offset where its values start
 */
record NpyHeader(long[] shape, Element type, long offset) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int PREAMBLE = MAGIC.length + 2;
    private static final int LONGEST = 1 << 16;
    private static final int MOST_DIMENSIONS = 32;
    private static final int ALIGNMENT = 64;
    private static final Pattern ENTRY = Pattern.compile(
            "\\s*+['\"](\\w++)['\"]\\s*+:\\s*+('[^']*+'|\"[^\"]*+\"|\\w++|\\([^()]*+\\))\\s*+(?:,\\s*+|$)");
    private static final Pattern DIGITS = Pattern.compile("\\d+");
    private static final Map<String, Kind> KINDS = Map.ofEntries(
            Map.entry(
                    "f4",
                    new Kind(
                            4, (stored, to, at, count) -> stored.asFloatBuffer().get(to, at, count))),
            Map.entry("f8", new Kind(8, each(values -> (float) values.getDouble()))),
            Map.entry("b1", new Kind(1, each(ByteBuffer::get))),
            Map.entry("u1", new Kind(1, each(values -> values.get() & 0xff))),
            Map.entry("i1", new Kind(1, each(ByteBuffer::get))),
            Map.entry("u2", new Kind(2, each(ByteBuffer::getChar))),
            Map.entry("i2", new Kind(2, each(ByteBuffer::getShort))),
            Map.entry("u4", new Kind(4, each(values -> values.getInt() & 0xffffffffL))),
            Map.entry("i4", new Kind(4, each(ByteBuffer::getInt))),
            Map.entry("i8", new Kind(8, each(ByteBuffer::getLong))));

    /** How one value is stored. */
    record Element(int bytes, ByteOrder order, Decoder decoder) {}

    private record Kind(int bytes, Decoder decoder) {}

    /** Takes values from a buffer and puts them into an array, from a place on. */
    @FunctionalInterface
    interface Decoder {
        void decode(ByteBuffer stored, float[] to, int at, int count);
    }

    @FunctionalInterface
    private interface Next {
        float from(ByteBuffer stored);
    }

    /** Reads bytes at a position of the file; fewer come where the file ends. */
    @FunctionalInterface
    interface Bytes {
        byte[] at(long position, int count);
    }

    /**
     * Reads the header and compares what it announces with the size of the file, before anything is allocated for the values.
     *
     * @throws DataException if the file is no .npy file, holds what is no number, or is longer or shorter than its header says
     */
    static NpyHeader read(String file, long size, Bytes bytes) {
        byte[] preamble = bytes.at(0, PREAMBLE);
        if (preamble.length < PREAMBLE || !Arrays.equals(preamble, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new DataException(file + ": expected a .npy file, which starts with \\x93NUMPY and its version; "
                    + (size == 0 ? "the file is empty" : "this one does not") + "; write it with numpy.save");
        }
        int version = preamble[MAGIC.length];
        if (version < 1 || version > 3) {
            throw new DataException(file + ": expected version 1, 2 or 3 of the .npy format, got " + version);
        }
        int width = version == 1 ? 2 : 4;
        byte[] lengthBytes = bytes.at(PREAMBLE, width);
        if (lengthBytes.length < width) {
            throw truncated(file);
        }
        ByteBuffer lengthField = ByteBuffer.wrap(lengthBytes).order(ByteOrder.LITTLE_ENDIAN);
        long length = width == 2 ? lengthField.getChar() : lengthField.getInt() & 0xffffffffL;
        if (length > LONGEST) {
            throw new DataException(
                    file + ": expected a .npy header of at most " + LONGEST + " bytes, got one of " + length);
        }
        byte[] text = bytes.at(PREAMBLE + width, (int) length);
        if (text.length < length) {
            throw truncated(file);
        }
        NpyHeader header = parse(file, new String(text, StandardCharsets.UTF_8), PREAMBLE + width + length);
        header.compare(file, size);
        return header;
    }

    /** The header of a float32 file in row-major order, as NumPy writes it. */
    static byte[] write(long... shape) {
        String tuple = Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(", "))
                + (shape.length == 1 ? "," : "");
        String text = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + tuple + "), }";
        int before = PREAMBLE + 2;
        int padding = ALIGNMENT - (before + text.length() + 1) % ALIGNMENT;
        String padded = text + " ".repeat(padding % ALIGNMENT) + "\n";
        return ByteBuffer.allocate(before + padded.length())
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MAGIC)
                .put((byte) 1)
                .put((byte) 0)
                .putShort((short) padded.length())
                .put(padded.getBytes(StandardCharsets.US_ASCII))
                .array();
    }

    private static NpyHeader parse(String file, String text, long offset) {
        Map<String, String> entries = entries(file, text);
        String order = entries.get("fortran_order");
        if (order.equals("True")) {
            throw new DataException(file + ": expected row-major (C) order, got fortran_order: True;"
                    + " save numpy.ascontiguousarray of it");
        }
        if (!order.equals("False")) {
            throw new DataException(file + ": expected fortran_order True or False, got " + shortened(order));
        }
        return new NpyHeader(shape(file, entries.get("shape")), element(file, entries.get("descr")), offset);
    }

    private static Map<String, String> entries(String file, String text) {
        String dictionary = text.stripTrailing();
        if (dictionary.length() < 2 || !dictionary.startsWith("{") || !dictionary.endsWith("}")) {
            throw misread(file, text);
        }
        String inside = dictionary.substring(1, dictionary.length() - 1);
        Matcher entry = ENTRY.matcher(inside);
        Map<String, String> entries = new HashMap<>();
        int at = 0;
        while (entry.region(at, entry.regionEnd()).lookingAt()) {
            if (entries.put(entry.group(1), entry.group(2)) != null) {
                throw misread(file, text);
            }
            at = entry.end();
        }
        if (!inside.substring(at).isBlank() || !entries.keySet().equals(Set.of("descr", "fortran_order", "shape"))) {
            throw misread(file, text);
        }
        return entries;
    }

    private static DataException misread(String file, String text) {
        return new DataException(file + ": expected a .npy header {'descr': '<f4', 'fortran_order': False, 'shape':"
                + " (.., ..)}, got " + shortened(text.strip()));
    }

    private static String shortened(String text) {
        return text.length() > 200 ? text.substring(0, 200) + "..." : text;
    }

    private static long[] shape(String file, String tuple) {
        if (!tuple.startsWith("(") || !tuple.endsWith(")")) {
            throw unusable(file, tuple);
        }
        List<String> sizes = new ArrayList<>(
                List.of(tuple.substring(1, tuple.length() - 1).strip().split("\\s*+,\\s*+", MOST_DIMENSIONS + 2)));
        if (sizes.size() > 1 && sizes.get(sizes.size() - 1).isEmpty()) {
            sizes.remove(sizes.size() - 1);
        }
        if (sizes.size() > MOST_DIMENSIONS
                || !sizes.stream().allMatch(size -> DIGITS.matcher(size).matches())) {
            throw unusable(file, tuple);
        }
        try {
            long[] shape = sizes.stream().mapToLong(Long::parseLong).toArray();
            if (Arrays.stream(shape).allMatch(n -> n >= 1)) {
                return shape;
            }
        } catch (NumberFormatException beyondLong) {
            throw unusable(file, tuple);
        }
        throw unusable(file, tuple);
    }

    private static DataException unusable(String file, String tuple) {
        return new DataException(file + ": expected a shape of 1 to " + MOST_DIMENSIONS
                + " dimensions that are all at least 1 and fit the file, got " + shortened(tuple));
    }

    private static Element element(String file, String quoted) {
        String descr = quoted.replaceAll("['\"]", "");
        Kind kind = KINDS.get(descr.substring(Math.min(1, descr.length())));
        char order = descr.isEmpty() ? ' ' : descr.charAt(0);
        if (kind == null || "<>|".indexOf(order) < 0 || (order == '|') != (kind.bytes == 1)) {
            throw new DataException(file + ": expected numbers (" + String.join(", ", new TreeSet<>(KINDS.keySet()))
                    + " in either byte order), got dtype " + shortened(quoted) + "; save array.astype('float32')");
        }
        return new Element(kind.bytes, order == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN, kind.decoder);
    }

    private static Decoder each(Next next) {
        return (stored, to, at, count) -> {
            for (int i = at; i < at + count; i++) {
                to[i] = next.from(stored);
            }
        };
    }

    private void compare(String file, long size) {
        long expected;
        try {
            expected = Math.addExact(offset, Math.multiplyExact(Values.count(shape), type.bytes()));
        } catch (ArithmeticException beyondLong) {
            throw unusable(file, Arrays.toString(shape));
        }
        if (size != expected) {
            throw new DataException(file + ": expected " + expected + " bytes, " + Values.count(shape) + " values of "
                    + type.bytes() + " after a header of " + offset + ", got " + size
                    + (size < expected ? "; the file is cut off" : "; something was appended to it"));
        }
        if (shape[0] > Integer.MAX_VALUE) {
            throw new DataException(file + ": expected at most " + Integer.MAX_VALUE + " items, got the shape "
                    + Arrays.toString(shape));
        }
    }

    private static DataException truncated(String file) {
        return new DataException(file + ": expected a .npy file, but it ends within its header; the file is cut off");
    }
}
