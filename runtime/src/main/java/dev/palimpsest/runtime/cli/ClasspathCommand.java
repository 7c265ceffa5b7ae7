package dev.palimpsest.runtime.cli;

import java.io.File;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;

/** classpath. */
final class ClasspathCommand implements Command {
    /** What a plugin may see: the API, ND4J, DL4J and the logging facade. */
    private static final String VISIBLE = "(palimpsest-api|nd4j-|deeplearning4j-|javacpp|openblas|slf4j-api).*";

    @Override
    public String name() {
        return "classpath";
    }

    @Override
    public String arguments() {
        return "";
    }

    @Override
    public String summary() {
        return "prints the class path to compile a plugin against";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "palimpsest classpath", "javac -proc:none -d classes -cp \"$(palimpsest classpath)\" Stripes.java");
    }

    @Override
    public int run(CommandLine line, Session session) {
        arguments(line, 0, 0);
        session.out()
                .println(Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .map(File::new)
                        .filter(jar -> jar.getName().matches(VISIBLE))
                        .map(File::getAbsolutePath)
                        .collect(Collectors.joining(File.pathSeparator)));
        return ExitCode.DONE;
    }
}
