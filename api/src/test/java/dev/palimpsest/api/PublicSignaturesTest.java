package dev.palimpsest.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The golden file of the API's public signatures: plugins that were compiled against it must go on to load. */
class PublicSignaturesTest {
    private static final String GOLDEN = "/api.txt";

    @Test
    void the_public_signatures_are_those_of_the_golden_file() throws IOException, URISyntaxException {
        List<String> signatures = signatures();
        Path actual = Files.writeString(Path.of("target", "api.txt"), String.join("\n", signatures) + "\n");
        List<String> golden = Files.readAllLines(
                Path.of(PublicSignaturesTest.class.getResource(GOLDEN).toURI()));
        assertThat(signatures)
                .as(
                        "the API changed. A line that is gone or changed breaks plugins: it needs a new major version (before 1.0, a new minor one)."
                                + " A new line needs a new minor version, and must not be an abstract method of an interface that plugins implement."
                                + " If that is what you want, set the version in the poms and copy %s to api/src/test/resources/api.txt",
                        actual.toAbsolutePath())
                .containsExactlyElementsOf(golden);
    }

    private static List<String> signatures() throws IOException, URISyntaxException {
        Path classes = Path.of(ForwardModel.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.walk(classes)) {
            files.map(file -> classes.relativize(file).toString().replace('\\', '/'))
                    .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
                    .map(name ->
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .map(PublicSignaturesTest::load)
                    .filter(type -> Modifier.isPublic(type.getModifiers()))
                    .forEach(type -> describe(type, lines));
        }
        return lines.stream().sorted().distinct().toList();
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException gone) {
            throw new IllegalStateException(name + " was found as a file and not as a class", gone);
        }
    }

    private static void describe(Class<?> type, List<String> lines) {
        String name = type.getSimpleName();
        lines.add(name + " = " + annotations(type) + type.toGenericString() + parents(type));
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            add(lines, name, constructor, constructor.toGenericString());
        }
        for (Method method : type.getDeclaredMethods()) {
            Object byDefault = method.getDefaultValue();
            add(lines, name, method, method.toGenericString() + (byDefault == null ? "" : " default " + byDefault));
        }
        for (Field field : type.getDeclaredFields()) {
            add(lines, name, field, field.toGenericString());
        }
    }

    private static String parents(Class<?> type) {
        List<String> parents = new ArrayList<>();
        if (type.getGenericSuperclass() != null && type.getSuperclass() != Object.class) {
            parents.add(type.getGenericSuperclass().getTypeName());
        }
        Arrays.stream(type.getGenericInterfaces()).map(Type::getTypeName).forEach(parents::add);
        return parents.isEmpty() ? "" : " : " + String.join(", ", parents);
    }

    private static String annotations(AnnotatedElement element) {
        StringBuilder text = new StringBuilder();
        for (Annotation annotation : element.getAnnotations()) {
            text.append(annotation).append(' ');
        }
        return text.toString();
    }

    private static void add(List<String> lines, String type, Member member, String signature) {
        boolean visible = Modifier.isPublic(member.getModifiers()) || Modifier.isProtected(member.getModifiers());
        if (visible && !member.isSynthetic()) {
            lines.add(type + ": " + signature);
        }
    }
}
