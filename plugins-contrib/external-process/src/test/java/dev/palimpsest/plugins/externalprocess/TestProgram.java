package dev.palimpsest.plugins.externalprocess;

import java.io.DataInputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A program that speaks the protocol as its documentation has it, and misbehaves in the way that its argument names. */
final class TestProgram {
    private static final DataInputStream IN = new DataInputStream(System.in);
    private static final OutputStream OUT = new FileOutputStream(FileDescriptor.out);
    private static final String SEVERAL_LINES = "no licence found\nask the vendor\n";

    private TestProgram() {}

    private record Request(String id, long seed, String header, float[] x) {
        int items() {
            return Integer.parseInt(header.replaceFirst(".*\\((\\d+).*\\s*", "$1"));
        }
    }

    public static void main(String[] arguments) throws Exception {
        String mode = arguments[0];
        switch (mode) {
            case "mute" -> sleep();
            case "chatty" -> say("Loading the model...\n");
            case "version-2" -> say("palimpsest 2 test conditioning=none frames=many\n");
            case "no-conditioning-said" -> say("palimpsest 1 test\n");
            case "exits-at-once" -> exit(3);
            case "hello-and-more" -> say("palimpsest 1 test conditioning=none\nready\n");
            case "maps" -> say("palimpsest 1 test conditioning=maps:1\n");
            case "items-and-seed" -> say("palimpsest 1 test conditioning=vectors:1\n");
            default -> say("palimpsest 1 test conditioning=none\n");
        }
        if (mode.equals("never-reads")) {
            sleep();
        }
        if (mode.equals("has-a-child")) {
            System.err.println(new ProcessBuilder(childCommand()).start().pid());
            sleep();
        }
        if (mode.equals("closes-its-input")) {
            IN.close();
            sleep();
        }
        int frame = 0;
        for (int first = IN.read(); first >= 0; first = IN.read()) {
            answer(mode, request(first), ++frame);
        }
    }

    private static String[] childCommand() {
        return new String[] {
            ProcessHandle.current().info().command().orElseThrow(),
            "-cp",
            System.getProperty("java.class.path"),
            TestProgram.class.getName(),
            "mute"
        };
    }

    private static void answer(String mode, Request request, int frame) throws Exception {
        String id = request.id();
        switch (mode) {
            case "says-error" -> say("error the film is used up\n");
            case "maps" -> write(id, request.header(), request.x());
            case "garbage" -> OUT.write(new byte[] {1, (byte) 200, 'h', 'e', 'l', 'p', '\n'});
            case "endless-garbage" -> OUT.write(new byte[100_000]);
            case "wrong-id" -> say("frame 17\n");
            case "no-array" -> say("frame " + id + "\n0.25 0.5 0.75 1.0\n");
            case "npy-2" -> write(id, "{}", (byte) 2, request.x());
            case "no-header" -> write(id, "{'shape': 3}", (byte) 1, request.x());
            case "f8" -> write(id, request.header().replace("<f4", "<f8"), request.x());
            case "fortran" -> write(id, request.header().replace("False", "True"), request.x());
            case "other-shape" -> write(id, request.header().replaceFirst("\\(\\d+", "(7"), request.x());
            case "huge-shape" -> write(id, request.header().replaceFirst("\\(\\d+", "(999999999999"), request.x());
            case "nan" -> {
                request.x()[5] = Float.NaN;
                write(id, request.header(), request.x());
            }
            case "exits-in-its-answer" -> {
                OUT.write(bytes(id, request.header(), (byte) 1, request.x()), 0, 200);
                exit(4);
            }
            case "hangs-in-its-answer" -> {
                OUT.write(bytes(id, request.header(), (byte) 1, request.x()), 0, 200);
                sleep();
            }
            case "more-than-an-answer" -> {
                byte[] answer = bytes(id, request.header(), (byte) 1, request.x());
                byte[] more = Arrays.copyOf(answer, answer.length + 5);
                System.arraycopy("done\n".getBytes(StandardCharsets.US_ASCII), 0, more, answer.length, 5);
                OUT.write(more);
            }
            case "is-killed" -> {
                new ProcessBuilder("kill", "-9", "" + ProcessHandle.current().pid()).start();
                sleep();
            }
            case "exits-at-frame-2" -> {
                if (frame == 2) {
                    exit(5);
                }
                write(id, request.header(), request.x());
            }
            case "floods" -> {
                for (int line = 0; line < 20_000; line++) {
                    System.err.println("line " + line + " of a long story about nothing");
                }
                write(id, request.header(), request.x());
            }
            case "items-and-seed" -> {
                float[] y = new float[request.x().length];
                for (int i = 0; i < y.length; i++) {
                    y[i] = request.x()[i] + request.seed() * 0x1p-63f;
                }
                write(id, request.header(), y);
                float[] counts = new float[request.items()];
                Arrays.fill(counts, request.items());
                OUT.write(array(
                        "{'descr':'<f4','fortran_order':False,'shape':(" + counts.length + ",1)}", (byte) 1, counts));
            }
            default -> throw new IllegalArgumentException(mode);
        }
    }

    private static Request request(int first) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = first; next != '\n'; next = IN.read()) {
            line.append((char) next);
        }
        String[] words = line.toString().split(" ");
        byte[] preamble = IN.readNBytes(10);
        String header = new String(
                IN.readNBytes(
                        ByteBuffer.wrap(preamble).order(ByteOrder.LITTLE_ENDIAN).getShort(8)),
                StandardCharsets.US_ASCII);
        int count = 1;
        for (String n : header.replaceFirst(".*\\((.*?),?\\).*\\s*", "$1").split(", *")) {
            count *= Integer.parseInt(n);
        }
        float[] x = new float[count];
        ByteBuffer.wrap(IN.readNBytes(4 * count))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(x);
        return new Request(words[1], Long.parseLong(words[2]), header, x);
    }

    private static void write(String id, String header, float[] y) throws IOException {
        write(id, header, (byte) 1, y);
    }

    private static void write(String id, String header, byte version, float[] y) throws IOException {
        OUT.write(bytes(id, header, version, y));
    }

    private static byte[] bytes(String id, String header, byte version, float[] y) {
        byte[] line = ("frame " + id + "\n").getBytes(StandardCharsets.US_ASCII);
        byte[] array = array(header, version, y);
        return ByteBuffer.allocate(line.length + array.length)
                .put(line)
                .put(array)
                .array();
    }

    private static byte[] array(String header, byte version, float[] values) {
        byte[] text = header.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer array =
                ByteBuffer.allocate(10 + text.length + 4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        array.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', version, 0})
                .putShort((short) text.length)
                .put(text);
        array.asFloatBuffer().put(values);
        return array.array();
    }

    private static void say(String text) throws IOException {
        OUT.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void exit(int code) {
        System.err.print(SEVERAL_LINES);
        System.exit(code);
    }

    private static void sleep() throws InterruptedException {
        Thread.sleep(600_000);
    }
}
