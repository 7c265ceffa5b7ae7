import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Breaks the code in one line at a time and shows which test notices: {@code java mutations/Mutations.java [number ...]}, from the root of the
 * checkout.
 *
 * <p>The tracked files are copied to a temporary folder and nothing else is touched. First all tests must pass there; then, for every mutation, its
 * test must fail. Exits with 1 if a mutation survives.
 */
public final class Mutations {
    /**
     * One change that breaks a law.
     *
     * @param law what is broken, in words
     * @param file where, from the root
     * @param text what stands there, exactly once
     * @param replacement what is put in its place
     * @param module the one whose tests are run
     * @param test class#method that must fail
     */
    record Mutation(String law, String file, String text, String replacement, String module, String test) {}

    private static final String SOLVERS = "plugins/runge-kutta/src/main/java/dev/palimpsest/plugins/rungekutta/";
    private static final String SCHEDULES = "plugins/schedules/src/main/java/dev/palimpsest/plugins/schedules/";
    private static final String TRAIN = "runtime/src/main/java/dev/palimpsest/runtime/train/";
    private static final String TRANSPORT = "runtime/src/main/java/dev/palimpsest/runtime/transport/TransportMap.java";
    private static final String MEAN = "runtime/src/main/java/dev/palimpsest/runtime/transport/PosteriorMean.java";
    private static final String GUESSES = "runtime/src/main/java/dev/palimpsest/runtime/transport/";
    private static final String EVALUATE = "runtime/src/main/java/dev/palimpsest/runtime/evaluate/";
    private static final String LOOP = TRAIN + "SelfConsistentTraining.java";

    private static final List<Mutation> ALL = List.of(
            runtime(
                    "midpoint is Euler's method",
                    SOLVERS + "Midpoint.java",
                    "|  0   1",
                    "|  1   0",
                    "AdditiveNoiseLawTest#midpoint_gains_an_order_on_the_straight_line_where_the_prior_is_normal"),
            runtime(
                    "Heun's weights are 1/4 and 3/4",
                    SOLVERS + "Heun.java",
                    "| 1/2 1/2",
                    "| 1/4 3/4",
                    "AdditiveNoiseLawTest#every_solver_converges_to_the_law_with_the_order_of_the_textbook"),
            runtime(
                    "RK4's weights are all 1/4",
                    SOLVERS + "Rk4.java",
                    "| 1/6 1/3 1/3 1/6",
                    "| 1/4 1/4 1/4 1/4",
                    "AdditiveNoiseLawTest#from_the_identity_the_rounds_are_s2_over_one_minus_rho_to_the_k_plus_one"),
            runtime(
                    "+ gamma gamma' is dropped (latent)",
                    SCHEDULES + "Latent.java",
                    "return gamma * (1 - 2 * t);",
                    "return 0;",
                    "AdditiveNoiseLawTest#the_transport_at_the_truth_is_s_over_the_root_of_s2_plus_sigma2_whatever_the_schedule"),
            runtime(
                    "gamma gamma' of the Brownian bridge is twice what it is",
                    SCHEDULES + "BrownianBridge.java",
                    "return gamma * gamma * (1 - 2 * t);",
                    "return 2 * gamma * gamma * (1 - 2 * t);",
                    "OneDimensionLawTest#the_transport_of_a_mixture_is_Q_of_pi_after_F_of_mu_whatever_the_schedule_and_the_sign_of_the_gain"),
            runtime(
                    "alpha' of the straight line has the wrong sign",
                    SCHEDULES + "StraightLine.java",
                    "return -1;",
                    "return 1;",
                    "LinearChannelLawTest#any_linear_gaussian_channel_goes_as_the_matrix_flow_and_arrives_at_the_truth"),
            runtime(
                    "beta' of the quarter circle lacks pi/2",
                    SCHEDULES + "Trigonometric.java",
                    "return QUARTER * alpha(t);",
                    "return alpha(t);",
                    "AdditiveNoiseLawTest#in_d_dimensions_the_transport_is_the_root_of_S_over_that_of_S_plus_sigma2_and_not_the_posterior_mean"),
            runtime(
                    "gamma' z is missing from the velocity that is regressed on",
                    TRAIN + "Interpolator.java",
                    "column(t, schedule::betaDot), y, gammaDot)",
                    "column(t, schedule::betaDot), y, new float[t.length])",
                    "LoopLawTest#what_the_exact_drift_leaves_of_the_velocity_is_orthogonal_to_all_functions_of_t_and_the_point"),
            runtime(
                    "x and F(x) change places in the point",
                    TRAIN + "Interpolator.java",
                    "combined(points, column(t, schedule::alpha), x, column(t, schedule::beta), y, gamma)",
                    "combined(points, column(t, schedule::beta), x, column(t, schedule::alpha), y, gamma)",
                    "LoopLawTest#what_the_exact_drift_leaves_of_the_velocity_is_orthogonal_to_all_functions_of_t_and_the_point"),
            runtime(
                    "times are drawn from the first half only",
                    LOOP,
                    ".doubles(x.size(0), margin, 1 - margin)",
                    ".doubles(x.size(0), margin, .5)",
                    "LoopLawTest#at_the_truth_the_loop_reports_the_loss_of_the_closed_form_and_not_zero"),
            runtime(
                    "the transport goes from 0 to 1",
                    TRANSPORT,
                    "solver.integrate(b, y, 1, 0)",
                    "solver.integrate(b, y, 0, 1)",
                    "LinearChannelLawTest#for_either_sign_of_the_gain_the_variance_follows_its_law_and_the_mean_its_factor"),
            runtime(
                    "the network is not told the time",
                    TRANSPORT,
                    "times.assign(t)",
                    "times.assign(1)",
                    "AdditiveNoiseLawTest#from_any_start_the_precisions_error_shrinks_by_rho_a_round"),
            runtime(
                    "the transport does not know y's mask",
                    TRANSPORT,
                    "x, conditioning);",
                    "x, conditioning.map(known -> known.mul(0)));",
                    "MaskLawTest#from_the_identity_the_correlation_of_round_k_is_c_times_one_minus_the_share_of_the_unseen_to_the_k_plus_one"),
            runtime(
                    "the regression is given y's mask instead of F(x)'s",
                    LOOP,
                    "squaredError(student, i, y.conditioning())",
                    "squaredError(student, i, real.y().conditioning())",
                    "LoopLawTest#under_masks_the_drift_is_the_conditional_mean_given_the_mask_of_F_which_is_drawn_anew"),
            runtime(
                    "the mask is reused instead of drawn anew",
                    "plugins/masking/src/main/java/dev/palimpsest/plugins/masking/RandomMask.java",
                    "Samples.bernoulli(rng, 1 - probability, shape)",
                    "Samples.bernoulli(new java.util.SplittableRandom(1), 1 - probability, shape)",
                    "LoopLawTest#under_masks_the_drift_is_the_conditional_mean_given_the_mask_of_F_which_is_drawn_anew"),
            runtime(
                    "lost pixels are filled with zeros",
                    "plugins/masking/src/main/java/dev/palimpsest/plugins/masking/Lost.java",
                    "mask.mul(noise - 1).addi(1)",
                    "mask.mul(noise)",
                    "LoopLawTest#under_masks_the_drift_is_the_conditional_mean_given_the_mask_of_F_which_is_drawn_anew"),
            runtime(
                    "noise has sigma^2 as its standard deviation",
                    "plugins/noise/src/main/java/dev/palimpsest/plugins/noise/Linear.java",
                    ".muli(noise)",
                    ".muli(noise * noise)",
                    "LoopLawTest#at_the_truth_the_loop_reports_the_loss_of_the_closed_form_and_not_zero"),
            runtime(
                    "the gain loses its sign",
                    "plugins/noise/src/main/java/dev/palimpsest/plugins/noise/Linear.java",
                    "x.mul(gain)",
                    "x.mul(Math.abs(gain))",
                    "LoopLawTest#x_of_the_loop_has_the_law_of_the_next_round"),
            runtime(
                    "mix-in is ignored",
                    LOOP,
                    "if (settings.mix() == 1) {",
                    "if (settings.mix() > 0) {",
                    "LoopLawTest#with_mix_in_the_drift_is_the_conditional_mean_over_both_kinds_of_pairs"),
            runtime(
                    "re-corruptions of one x share one draw of F",
                    LOOP,
                    "Observations simulated = forward.apply(x, streams.stream(\"recorrupt\", step));",
                    "Observations simulated = repeated(forward.apply(x.get(org.nd4j.linalg.indexing.NDArrayIndex.interval(0, blockSize)), streams.stream(\"recorrupt\", step)));",
                    "SelfConsistentTrainingTest#the_pool_saves_the_calls_of_what_it_keeps_and_recorruptions_share_one_x"),
            runtime(
                    "the frozen copy is not frozen: it is the network in training",
                    LOOP,
                    "teacher = architecture.build(signature, streams.seed());",
                    "teacher = student;",
                    "FrozenTransportLawTest#with_decay_zero_the_frozen_copy_has_the_weights_of_the_last_refresh"),
            runtime(
                    "the frozen copy is refreshed at every step, whatever refreshEvery",
                    TRAIN + "Phases.java",
                    "return step % refreshEvery == 0;",
                    "return true;",
                    "FrozenTransportLawTest#with_decay_zero_the_frozen_copy_has_the_weights_of_the_last_refresh"),
            runtime(
                    "the teacher has the live weights though its decay is above 0",
                    LOOP,
                    "new AveragedWeights(averaged(), settings.teacher())",
                    "new AveragedWeights(averaged(), 0)",
                    "FrozenTransportLawTest#with_a_decay_the_frozen_copy_is_the_moving_average_of_the_weights"),
            runtime(
                    "in the warm-up Phi is not the identity",
                    LOOP,
                    "if (step <= phases.warmUp()) {",
                    "if (step < 0) {",
                    "FrozenTransportLawTest#in_the_warm_up_phi_is_the_identity_though_the_weights_move"),
            runtime(
                    "gradients are not clipped",
                    LOOP,
                    "? settings.clip() / norm : 1;",
                    "? 1 : 1;",
                    "FrozenTransportLawTest#a_gradient_longer_than_clip_is_scaled_down_to_it"),
            runtime(
                    "the learning rate does not warm up",
                    TRAIN + "LearningRate.java",
                    "return settings.learningRate() * step / rise;",
                    "return settings.learningRate();",
                    "LearningRateTest#it_rises_linearly_and_then_falls_along_a_cosine"),
            new Mutation(
                    "the loss is a sum over items and dimensions, not a mean",
                    "plugins/mlp/src/main/java/dev/palimpsest/plugins/mlp/Plan.java",
                    "return sum / values();",
                    "return sum;",
                    "plugins/mlp",
                    "MlpTest#the_loss_is_the_mean_over_items_and_dimensions"),
            runtime(
                    "the energy distance lacks a half",
                    EVALUATE + "Energy.java",
                    "- sums.withinY / m / (m - 1) / 2;",
                    "- sums.withinY / m / (m - 1);",
                    "MetricsTest#energy_distance_of_a_shifted_gaussian_is_its_closed_form"),
            runtime(
                    "the energy distance is the biased one",
                    EVALUATE + "Energy.java",
                    "withinX / n / (n - 1) / 2",
                    "withinX / n / n / 2",
                    "MetricsTest#energy_distance_of_two_equal_samples_is_minus_the_mean_distance_over_n"),
            runtime(
                    "the paired energy keeps the pairs themselves",
                    EVALUATE + "PairedEnergy.java",
                    "from + i == j ? 0 : ofX",
                    "from + i < 0 ? 0 : ofX",
                    "MetricsTest#observation_energy_compares_recorrupted_restorations_with_the_observations_they_come_from"),
            runtime(
                    "the p-value can be 0",
                    EVALUATE + "PairedEnergy.java",
                    "(1.0 + hits) / energies.length",
                    "(double) hits / energies.length",
                    "MetricsTest#a_huge_shift_has_the_least_p_value_there_is"),
            runtime(
                    "the table of solver bias drops + gamma gamma'",
                    "runtime/src/main/java/dev/palimpsest/runtime/probe/SolverBias.java",
                    "* r + schedule.gammaGammaDot(t);",
                    "* r;",
                    "SolverBiasTest#a_precise_solver_has_no_bias_on_any_schedule_and_channel"),
            runtime(
                    "the solver's error is not fed back",
                    "runtime/src/main/java/dev/palimpsest/runtime/probe/SolverBias.java",
                    "ROUNDS = 20_000",
                    "ROUNDS = 1",
                    "SolverBiasTest#the_deviation_at_the_fixed_point_is_the_published_one"),
            runtime(
                    "the checkpoint is chosen by its loss",
                    "runtime/src/main/java/dev/palimpsest/runtime/run/Choice.java",
                    "\"observation energy\", checkpoints, point -> point.residual().energy()",
                    "\"observation energy\", checkpoints, Checkpoint::loss",
                    "ChoiceTest#the_one_kept_has_the_least_observation_energy_whatever_loss_and_truth_say"),
            runtime(
                    "the probe loses the sign of the gain",
                    "runtime/src/main/java/dev/palimpsest/runtime/probe/Responses.java",
                    "answers += answer;",
                    "answers += Math.abs(answer);",
                    "ProbeTest#a_negative_gain_is_found_with_its_sign"),
            runtime(
                    "the posterior mean forgets beta'",
                    MEAN,
                    "y.mul(betaDot)",
                    "y.mul(0)",
                    "PosteriorMeanLawTest#it_is_the_regression_of_x_on_y_whatever_the_schedule_and_the_gain"),
            runtime(
                    "the posterior mean is the drift's at t = 0",
                    MEAN,
                    "Nd4j.ones(",
                    "Nd4j.zeros(",
                    "PosteriorMeanLawTest#in_d_dimensions_it_is_the_regression_matrix_about_the_mean"),
            runtime(
                    "the posterior mean keeps its share of Phi(y)",
                    MEAN,
                    "x.mul(1 - mix)",
                    "x.mul(0)",
                    "PosteriorMeanLawTest#of_a_drift_that_was_trained_with_real_pairs_too_their_share_is_taken_out"),
            runtime(
                    "a drift that holds a score gives a posterior mean",
                    MEAN,
                    "Math.abs(schedule.gammaGammaDot(1)) > ROUNDING",
                    "schedule.gammaGammaDot(1) > ROUNDING",
                    "PosteriorMeanLawTest#a_drift_that_holds_a_score_at_the_end_or_never_saw_F_gives_none"),
            runtime(
                    "the scores of the posterior means are those of Phi(y)",
                    EVALUATE + "HeldOut.java",
                    "y, conditioning, means, recorruptedMean.orElseThrow()",
                    "y, conditioning, restored, recorruptedMean.orElseThrow()",
                    "EvaluationTest#posterior_means_have_the_scores_that_they_would_have_as_restorations"),
            runtime(
                    "the pooled PSNR is the mean of the items' own",
                    EVALUATE + "PooledPsnr.java",
                    "Psnr.decibels(sum / x.count())",
                    "Psnr.decibels(restored, clean)",
                    "MetricsTest#pooled_psnr_is_that_of_the_mean_squared_error_over_all_items"),
            runtime(
                    "where there is nothing but noise the rounds do not take it off",
                    "runtime/src/main/java/dev/palimpsest/runtime/probe/ScalarRounds.java",
                    "rounds * gain * gain / noise",
                    "gain * gain / noise",
                    "ScalarRoundsTest#where_there_is_nothing_but_noise_a_k_plus_first_of_it_is_left_and_all_of_that_is_the_start"),
            runtime(
                    "in the mean rounds x is Phi(y)",
                    LOOP,
                    "phases.meanAt(step) ?",
                    "phases.meanAt(0) ?",
                    "FrozenTransportLawTest#in_the_mean_rounds_x_is_the_posterior_mean_by_the_weights_at_the_beginning_of_each"),
            runtime(
                    "the weights of a mean round are not frozen",
                    TRAIN + "Phases.java",
                    "return into == 0 || round(into) > round(into - 1);",
                    "return true;",
                    "FrozenTransportLawTest#in_the_mean_rounds_x_is_the_posterior_mean_by_the_weights_at_the_beginning_of_each"),
            runtime(
                    "the drift goes away from what it begins from",
                    GUESSES + "GuessedDrift.java",
                    ".addi(estimate.shift())",
                    ".subi(estimate.shift())",
                    "GuessedDriftTest#what_the_network_is_regressed_on_gives_the_velocity_that_the_drift_is_regressed_on"),
            runtime(
                    "the noise of the Wiener filter grows as beta, not as its square",
                    GUESSES + "WienerEstimator.java",
                    "beta * beta * spectra.noise()[k]",
                    "beta * spectra.noise()[k]",
                    "GuessedDriftTest#from_a_wiener_filter_a_network_that_is_zero_gives_the_exact_drift_of_a_gaussian"),
            runtime(
                    "values that were seen move",
                    GUESSES + "Guess.java",
                    "filter(model -> hold())",
                    "filter(model -> !hold())",
                    "GuessedDriftTest#values_that_were_seen_arrive_as_they_started_if_they_are_held"),
            runtime(
                    "the drift learns from a corner of what was corrupted, not from its middle",
                    LOOP,
                    "NDArrayIndex.interval(margin, images.size(3) - margin)",
                    "NDArrayIndex.interval(0, images.size(3) - 2 * margin)",
                    "SelfConsistentTrainingTest#with_a_margin_what_is_learned_from_is_the_middle_of_what_was_corrupted_with_its_surroundings"),
            runtime(
                    "tiles are averaged, their borders too",
                    GUESSES + "Tiling.java",
                    "return sine * sine;",
                    "return 1;",
                    "TilingTest#the_border_of_a_tile_hardly_weighs_but_at_the_border_of_the_image"),
            runtime(
                    "the inner part of a window begins where the window begins",
                    "runtime/src/main/java/dev/palimpsest/runtime/data/WholeImages.java",
                    "new Window(w.image, w.top + margin, w.left + margin, w.turn)",
                    "new Window(w.image, w.top, w.left, w.turn)",
                    "WholeImagesTest#the_inner_part_of_a_window_is_the_window_without_its_margin"),
            runtime(
                    "how far F reaches is found with draws of F that differ",
                    "runtime/src/main/java/dev/palimpsest/runtime/probe/Reach.java",
                    "float[] after = values(moved(row, column, step), draw);",
                    "float[] after = values(moved(row, column, step), draw + 1000);",
                    "ReachTest#noise_and_lost_pixels_reach_nowhere"));

    private static Mutation runtime(String law, String file, String text, String replacement, String test) {
        return new Mutation(law, file, text, replacement, "runtime", test);
    }

    private final Path copy;

    private Mutations(Path copy) {
        this.copy = copy;
    }

    public static void main(String[] arguments) throws Exception {
        Path root = Path.of("").toAbsolutePath();
        Path copy = Files.createTempDirectory("mutations");
        boolean allKilled;
        try {
            copyTrackedFiles(root, copy);
            List<Integer> numbers = arguments.length == 0
                    ? IntStream.rangeClosed(1, ALL.size()).boxed().toList()
                    : Arrays.stream(arguments).map(Integer::valueOf).toList();
            allKilled = new Mutations(copy).run(numbers);
        } finally {
            delete(copy);
        }
        System.exit(allKilled ? 0 : 1);
    }

    /** Whether every mutation was killed by its test. */
    private boolean run(List<Integer> numbers) throws Exception {
        for (int number : numbers) {
            mutated(mutation(number));
        }
        for (String module : List.of("plugins/mlp", "runtime")) {
            String tests = numbers.stream()
                    .map(Mutations::mutation)
                    .filter(mutation -> mutation.module().equals(module))
                    .map(Mutation::test)
                    .distinct()
                    .collect(Collectors.joining(","));
            if (!tests.isEmpty() && maven(module, tests) != 0) {
                throw new IllegalStateException(
                        "the tests of " + module + " must pass before anything is broken\n" + log());
            }
        }
        System.out.println("| | mutation | killed by | seconds |\n| --- | --- | --- | --- |");
        int survivors = 0;
        for (int number : numbers) {
            Mutation mutation = mutation(number);
            long start = System.nanoTime();
            Optional<String> killer = killer(mutation);
            System.out.printf(
                    Locale.ROOT,
                    "| %d | %s | %s | %.0f |%n",
                    number,
                    mutation.law(),
                    killer.orElse("**nothing: it survives**"),
                    (System.nanoTime() - start) / 1e9);
            survivors += killer.isPresent() ? 0 : 1;
        }
        System.out.println(numbers.size() - survivors + " of " + numbers.size() + " mutations killed");
        return survivors == 0;
    }

    private static Mutation mutation(int number) {
        return ALL.get(number - 1);
    }

    /** The test that fails, if it is the one expected. */
    private Optional<String> killer(Mutation mutation) throws Exception {
        Path file = copy.resolve(mutation.file());
        String original = Files.readString(file);
        Path reports = copy.resolve(mutation.module()).resolve("target/surefire-reports");
        delete(reports);
        try {
            Files.writeString(file, mutated(mutation));
            if (maven(mutation.module(), mutation.test()) == 0) {
                return Optional.empty();
            }
            List<String> failed = failed(reports);
            if (failed.isEmpty()) {
                throw new IllegalStateException("\"" + mutation.law() + "\" failed before its test ran, in " + mutation.file()
                        + "; it must compile: " + mutation.replacement() + "\n" + log());
            }
            return failed.stream().filter(mutation.test()::equals).findFirst();
        } finally {
            Files.writeString(file, original);
        }
    }

    /** The file with the mutation in it. */
    private String mutated(Mutation mutation) throws IOException {
        String original = Files.readString(copy.resolve(mutation.file()));
        int first = original.indexOf(mutation.text());
        if (first < 0 || original.indexOf(mutation.text(), first + 1) >= 0) {
            throw new IllegalStateException("expected exactly once in " + mutation.file() + ": " + mutation.text()
                    + "; the code has moved on, so change the mutation");
        }
        return original.replace(mutation.text(), mutation.replacement());
    }

    private int maven(String module, String tests) throws IOException, InterruptedException {
        boolean windows = System.getProperty("os.name").startsWith("Windows");
        return new ProcessBuilder(
                        windows ? "mvn.cmd" : "mvn",
                        "-B",
                        "-ntp",
                        "-q",
                        "-pl",
                        module,
                        "-am",
                        "test",
                        "-Dspotless.check.skip",
                        "-Djacoco.skip",
                        "-Dtest=" + tests,
                        "-Dsurefire.failIfNoSpecifiedTests=false")
                .directory(copy.toFile())
                .redirectErrorStream(true)
                .redirectOutput(copy.resolve("maven.log").toFile())
                .start()
                .waitFor();
    }

    private String log() throws IOException {
        return Files.readString(copy.resolve("maven.log"));
    }

    /** class#method of every test with a failure in the reports. */
    private static List<String> failed(Path reports) throws Exception {
        List<String> failed = new ArrayList<>();
        if (!Files.isDirectory(reports)) {
            return failed;
        }
        List<Path> files;
        try (Stream<Path> listed = Files.list(reports)) {
            files = listed.filter(path -> path.getFileName().toString().endsWith(".xml")).toList();
        }
        for (Path file : files) {
            NodeList cases = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(file.toFile())
                    .getElementsByTagName("testcase");
            for (int i = 0; i < cases.getLength(); i++) {
                Element test = (Element) cases.item(i);
                if (test.getElementsByTagName("failure").getLength() + test.getElementsByTagName("error").getLength() > 0) {
                    String type = test.getAttribute("classname");
                    String method = test.getAttribute("name").replaceFirst("[({\\[].*", "");
                    failed.add(type.substring(type.lastIndexOf('.') + 1) + "#" + method);
                }
            }
        }
        return failed;
    }

    private static void copyTrackedFiles(Path root, Path copy) throws IOException, InterruptedException {
        Process git = new ProcessBuilder("git", "ls-files", "-z")
                .directory(root.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String[] names = new String(git.getInputStream().readAllBytes()).split("\0");
        if (git.waitFor() != 0) {
            throw new IllegalStateException("git ls-files failed; run this from the root of a checkout");
        }
        for (String name : names) {
            if (Files.isRegularFile(root.resolve(name))) {
                Files.createDirectories(copy.resolve(name).getParent());
                Files.copy(root.resolve(name), copy.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> paths;
        try (Stream<Path> walked = Files.walk(folder)) {
            paths = walked.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.delete(path);
        }
    }
}
