package dev.palimpsest.runtime.cli;

import dev.palimpsest.runtime.plugin.Plugins;
import dev.palimpsest.runtime.recipe.RecipeReader;
import dev.palimpsest.runtime.run.Run;
import dev.palimpsest.runtime.run.RunFolder;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** resume RUN. */
final class ResumeCommand implements Command {
    @Override
    public String name() {
        return "resume";
    }

    @Override
    public String arguments() {
        return "RUN";
    }

    @Override
    public String summary() {
        return "goes on where a run stopped, bit for bit as if it had not: give the folder, and the --plugins of the run";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "palimpsest resume runs/quickstart/1",
                "palimpsest resume runs/jpeg/1 --plugins plugins-contrib  # with the plugins that it was started with");
    }

    @Override
    public Options options() {
        return new Options();
    }

    @Override
    public int run(CommandLine line, Session session) {
        RunFolder folder = RunFolder.open(Path.of(arguments(line, 1, 1).get(0)));
        try (Plugins plugins = session.plugins(line);
                ConsoleProgress progress = new ConsoleProgress(session, Session.roots(line))) {
            var recipe = new RecipeReader(plugins).read(folder.path().resolve("recipe.yaml"), List.of());
            Run run = new Run(session.home(), plugins, recipe, progress);
            return RunCommand.carriedOut(session, progress, () -> {
                run.resume(folder);
                return folder;
            });
        }
    }
}
