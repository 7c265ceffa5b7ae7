package dev.palimpsest.runtime.cli;

import dev.palimpsest.runtime.data.Downloads;
import dev.palimpsest.runtime.data.Fetch;
import dev.palimpsest.runtime.data.Published;
import dev.palimpsest.runtime.data.PublishedFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** data NAME. */
final class DataCommand implements Command {
    private static final String FROM = "from";
    private static final long STEP = 8L << 20;

    @Override
    public String name() {
        return "data";
    }

    @Override
    public String arguments() {
        return "[NAME]";
    }

    @Override
    public String summary() {
        return "fetches a public data set and checks its SHA-256 digest; without a name, lists those that it knows";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "palimpsest data  # which there are",
                "palimpsest data cifar10",
                "palimpsest data cifar10 --from cifar-10-binary.tar.gz  # without the network");
    }

    @Override
    public Options options() {
        Options options = new Options();
        options.addOption(
                Command.option(FROM, "FILE", "take this file, or the files of this folder, in place of the network's"));
        return options;
    }

    @Override
    public int run(CommandLine line, Session session) {
        List<String> arguments = arguments(line, 0, 1);
        if (arguments.isEmpty()) {
            Published.ALL.forEach(set -> session.out().println(listed(set)));
            session.out().println("they are kept in " + Downloads.folder() + " (PALIMPSEST_DATA puts them elsewhere)");
            return ExitCode.DONE;
        }
        Published set = Published.ALL.stream()
                .filter(each -> each.name().equals(arguments.get(0)))
                .findFirst()
                .orElseThrow(() ->
                        new UsageException("there is no data set \"" + arguments.get(0) + "\" to fetch; there are "
                                + Published.ALL.stream().map(Published::name).collect(Collectors.joining(", "))));
        Fetch fetch = new Fetch(set, Downloads.folder(), new Shown(session)::at);
        session.out()
                .println(line.hasOption(FROM) ? fetch.from(Path.of(line.getOptionValue(FROM))) : fetch.overNetwork());
        return ExitCode.DONE;
    }

    private static String listed(Published set) {
        double megabytes = set.files().stream().mapToLong(PublishedFile::bytes).sum() / 1e6;
        return String.format(Locale.ROOT, "%-14s %6.1f MB  %s", set.name(), megabytes, set.about());
    }

    /** Says now and then how far a file has come. */
    private static final class Shown {
        private final Session session;
        private long last;

        Shown(Session session) {
            this.session = session;
        }

        void at(PublishedFile file, long bytes) {
            if (bytes < last) {
                last = 0;
            }
            if (bytes == file.bytes() || bytes - last >= STEP) {
                last = bytes;
                session.err()
                        .println(String.format(
                                Locale.ROOT, "%s: %.1f of %.1f MB", file.name(), bytes / 1e6, file.bytes() / 1e6));
            }
        }
    }
}
