package dev.palimpsest.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palimpsest.runtime.cli.Launcher.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the launcher picks, on machines that are made of files: its PATH begins with a uname and a cat that tell of such a machine, a java that prints its
 * arguments and its environment, and a mvn that notes its arguments.
 */
class LauncherTest {
    private static final String AVX512 = "fma avx2 avx512f avx512dq avx512cd avx512bw avx512vl";

    @TempDir
    Path folder;

    private Launcher launcher;

    @BeforeEach
    void a_machine_with_16_gigabytes_and_an_installation() throws IOException {
        Path script = folder.resolve("runtime/bin/palimpsest");
        Files.createDirectories(script.getParent());
        Files.copy(Launcher.HOME.resolve("runtime/bin/palimpsest"), script);
        launcher = new Launcher(script, folder);
        launcher.write("runtime/target/palimpsest-runtime-0.1.0.jar", "");
        Files.createDirectories(folder.resolve("runtime/target/lib"));
        program("uname", "case $1 in -s) echo \"${SYSTEM:-Linux}\" ;; -m) echo \"${MACHINE:-x86_64}\" ;; esac");
        program("cat", "case $1 in /proc/* | /sys/*) exec /bin/cat \"machine$1\" ;; esac\nexec /bin/cat \"$@\"");
        program(
                "java",
                "case $* in *-version) echo \"  java.specification.version = ${JAVA:-17}\" ;; *) echo \"$@\"; env ;; esac");
        program("mvn", """
                echo "$@" >>maven.txt
                for option; do
                    case $option in
                        -Dlib=*) mkdir -p "runtime/target/${option#-Dlib=}" ;;
                        -Pcuda) mkdir -p runtime/target/lib-cuda-11.6 ;;
                    esac
                done
                """);
        processor("GenuineIntel", 6, "sse2 avx");
        launcher.write("machine/proc/meminfo", "MemTotal:       16777216 kB\nMemFree:  1 kB\n");
    }

    @Test
    void a_processor_with_avx_512_gets_the_kernels_of_openblas_for_it() {
        processor("AuthenticAMD", 26, AVX512);
        assertThat(started("").out())
                .contains("OPENBLAS_CORETYPE=SkylakeX")
                .containsPattern("chosen=\\S*OPENBLAS_CORETYPE");
    }

    @Test
    void an_amd_processor_since_zen_without_avx_512_gets_those_of_haswell() {
        processor("AuthenticAMD", 25, "fma avx2");
        assertThat(started("").out()).contains("OPENBLAS_CORETYPE=Haswell");
        processor("AuthenticAMD", 21, "fma avx2");
        assertThat(started("").out()).doesNotContain("OPENBLAS_CORETYPE");
        processor("GenuineIntel", 6, "fma avx2");
        assertThat(started("").out()).doesNotContain("OPENBLAS_CORETYPE");
    }

    @Test
    void what_the_user_has_set_stays_and_is_not_said_to_be_chosen() {
        processor("AuthenticAMD", 26, AVX512);
        String out = started("OPENBLAS_CORETYPE=Zen OMP_WAIT_POLICY=ACTIVE MALLOC_ARENA_MAX=2 LANG=de_DE.UTF-8")
                .out();
        assertThat(out)
                .contains(
                        "OPENBLAS_CORETYPE=Zen", "OMP_WAIT_POLICY=ACTIVE", "MALLOC_ARENA_MAX=2", "GOMP_SPINCOUNT=10000")
                .contains(
                        "-Dpalimpsest.chosen=MALLOC_MMAP_THRESHOLD_,MALLOC_TRIM_THRESHOLD_,MALLOC_TOP_PAD_,GLIBC_TUNABLES,GOMP_SPINCOUNT ");
    }

    @Test
    void names_of_files_are_utf_8_where_no_locale_says_otherwise() {
        for (String none : List.of("", "LANG=C", "LC_ALL=POSIX LANG=de_DE.UTF-8", "LC_CTYPE=C LANG=de_DE.UTF-8")) {
            assertThat(started(none).out())
                    .as(none)
                    .contains("LC_ALL=C.UTF-8\n")
                    .contains("-Dpalimpsest.chosen=LC_ALL,");
        }
        for (String set : List.of("LANG=de_DE.UTF-8", "LC_CTYPE=de_DE.UTF-8 LANG=C", "SYSTEM=Darwin")) {
            assertThat(started(set).out()).as(set).doesNotContain("LC_ALL");
        }
    }

    @Test
    void another_processor_is_left_alone() {
        launcher.write("machine/proc/cpuinfo", "processor\t: 0\nFeatures\t: fp asimd\n");
        assertThat(started("MACHINE=aarch64").out()).doesNotContain("OPENBLAS").contains("OMP_WAIT_POLICY=PASSIVE");
    }

    @Test
    void a_quarter_of_the_memory_is_the_heap_and_six_tenths_are_for_arrays() {
        assertThat(started("").out()).contains("-Xmx2048m", "maxbytes=9830m", "maxphysicalbytes=11878m");
        launcher.write("machine/proc/meminfo", "MemTotal:       4194304 kB\n");
        assertThat(started("").out()).contains("-Xmx1024m", "maxbytes=2457m", "maxphysicalbytes=3481m");
    }

    @Test
    void a_container_that_may_take_less_than_there_is_counts_instead() {
        launcher.write("machine/sys/fs/cgroup/memory.max", "2147483648\n");
        assertThat(started("").out()).contains("-Xmx512m", "maxbytes=1228m");
        launcher.write("machine/sys/fs/cgroup/memory.max", "max\n");
        assertThat(started("").out()).contains("-Xmx2048m");
        launcher.write("machine/proc/self/cgroup", "0::/jobs/7\n");
        launcher.write("machine/sys/fs/cgroup/jobs/7/memory.max", "1073741824\n");
        assertThat(started("").out()).contains("-Xmx256m");
    }

    @Test
    void the_memory_limit_of_the_older_control_groups_counts_too() {
        launcher.write("machine/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        assertThat(started("").out()).contains("-Xmx2048m");
        launcher.write("machine/sys/fs/cgroup/memory/memory.limit_in_bytes", "4294967296\n");
        assertThat(started("").out()).contains("-Xmx1024m");
    }

    @Test
    void another_binary_is_built_once_into_a_folder_of_its_own() throws IOException {
        processor("GenuineIntel", 6, AVX512);
        String choice = "PALIMPSEST_ND4J=linux-x86_64-onednn-avx512";
        Result first = started(choice);
        assertThat(first.err()).contains("building Palimpsest for linux-x86_64-onednn-avx512");
        assertThat(first.out()).contains("runtime/target/lib-linux-x86_64-onednn-avx512/*");
        assertThat(started(choice).err()).isEmpty();
        assertThat(started("").out()).contains("runtime/target/lib/*");
        assertThat(started("PALIMPSEST_ND4J=linux-x86_64-onednn").out()).contains("runtime/target/lib/*");
        assertThat(Files.readAllLines(folder.resolve("maven.txt")))
                .containsExactly("-B -ntp -q -DskipTests -pl !distribution -Dnd4j.classifier=linux-x86_64-onednn-avx512"
                        + " -Dlib=lib-linux-x86_64-onednn-avx512 package");
    }

    @Test
    void cuda_is_built_with_its_profile() throws IOException {
        assertThat(started("PALIMPSEST_ND4J=cuda-11.6").out()).contains("runtime/target/lib-cuda-11.6/*");
        assertThat(Files.readAllLines(folder.resolve("maven.txt")))
                .containsExactly("-B -ntp -q -DskipTests -pl !distribution -Pcuda package");
    }

    @Test
    void libraries_that_are_not_those_of_the_build_are_built_anew() throws IOException {
        launcher.write("api/target/palimpsest-api-0.1.0.jar", "new");
        launcher.write("runtime/target/lib/palimpsest-api-0.1.0.jar", "old");
        assertThat(started("").err()).contains("building Palimpsest");
        launcher.write("runtime/target/lib/palimpsest-api-0.1.0.jar", "new");
        assertThat(started("").err()).isEmpty();
        assertThat(Files.readAllLines(folder.resolve("maven.txt"))).hasSize(1);
    }

    @Test
    void a_binary_that_is_not_served_is_an_error_that_names_those_that_are() {
        Result unknown = launcher.shell(line("PALIMPSEST_ND4J=linux-x86_64-avx1024"));
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.err())
                .hasLineCount(1)
                .contains("PALIMPSEST_ND4J=linux-x86_64-avx1024 is no ND4J binary for Linux on x86_64")
                .contains("linux-x86_64-onednn linux-x86_64-onednn-avx2 linux-x86_64-onednn-avx512");
        assertThat(launcher.shell(line("MACHINE=aarch64 PALIMPSEST_ND4J=cuda-11.6"))
                        .err())
                .contains("use one of linux-arm64");
        assertThat(folder.resolve("maven.txt")).doesNotExist();
    }

    @Test
    void a_binary_that_the_processor_cannot_run_is_an_error() {
        assertThat(launcher.shell(line("PALIMPSEST_ND4J=linux-x86_64-onednn-avx512"))
                        .err())
                .contains("needs a processor with AVX-512");
        assertThat(launcher.shell(line("PALIMPSEST_ND4J=linux-x86_64-onednn-avx2"))
                        .err())
                .contains("needs a processor with AVX2");
    }

    @Test
    void a_system_without_a_binary_is_an_error_that_says_where_there_is_one() {
        Result sun = launcher.shell(line("SYSTEM=SunOS MACHINE=sun4v"));
        assertThat(sun.code()).isEqualTo(1);
        assertThat(sun.err()).contains("there is no ND4J binary for SunOS on sun4v: use Linux or macOS");
    }

    @Test
    void an_older_java_is_an_error_and_newer_ones_are_told_what_nd4j_needs() {
        assertThat(launcher.shell(line("JAVA=11")).err()).contains("needs Java 17 or newer, this is Java 11");
        Map<String, Integer> needed = Map.of("17", 0, "22", 1, "25", 2);
        needed.forEach((version, options) -> assertThat(
                        started("JAVA=" + version).out().split(" "))
                .filteredOn(word -> word.startsWith("--"))
                .as("Java %s", version)
                .hasSize(options));
    }

    @Test
    void a_distribution_runs_with_what_it_brings_and_never_calls_maven() throws IOException {
        unpack("linux-x86_64-onednn");
        String out = started("").out();
        assertThat(out)
                .contains("-Dpalimpsest.home=" + folder.toRealPath().resolve("a b") + " ")
                .contains("-cp " + folder.toRealPath().resolve("a b/lib/*") + " ");
        assertThat(started("PALIMPSEST_ND4J=linux-x86_64-onednn").err()).isEmpty();
        assertThat(folder.resolve("maven.txt")).doesNotExist();
    }

    @Test
    void a_distribution_with_another_binary_than_the_one_asked_for_says_which_it_has() throws IOException {
        unpack("linux-x86_64");
        Result other = launcher.shell(line("PALIMPSEST_ND4J=linux-x86_64-onednn"));
        assertThat(other.code()).isEqualTo(1);
        assertThat(other.err())
                .hasLineCount(1)
                .contains("PALIMPSEST_ND4J=linux-x86_64-onednn: this distribution has linux-x86_64 only");
        assertThat(launcher.shell(line("MACHINE=aarch64")).err())
                .hasLineCount(1)
                .contains("this distribution of Palimpsest has no ND4J binary for Linux on aarch64");
        assertThat(folder.resolve("maven.txt")).doesNotExist();
    }

    /** Makes the folder "a b" an unpacked distribution, of files without content. */
    private void unpack(String binary) throws IOException {
        Path script = folder.resolve("a b/bin/palimpsest");
        Files.createDirectories(script.getParent());
        Files.copy(Launcher.HOME.resolve("runtime/bin/palimpsest"), script);
        launcher.write("a b/lib/palimpsest-runtime-0.1.0.jar", "");
        launcher.write("a b/lib/nd4j-native-1.0.0-M2.1-" + binary + ".jar", "");
        launcher = new Launcher(script, folder);
    }

    private Result started(String variables) {
        Result result = launcher.shell(line(variables));
        assertThat(result.code()).as(result.err()).isZero();
        return result;
    }

    /** A line of shell that runs the launcher with these variables and no others. */
    private static String line(String variables) {
        return "chmod +x bin/*; env -i PATH=\"$PWD/bin:/usr/bin:/bin\" " + variables
                + " \"$palimpsest\" check recipe.yaml";
    }

    private void program(String name, String text) {
        launcher.write("bin/" + name, "#!/bin/sh\n" + text + "\n");
    }

    private void processor(String vendor, int family, String flags) {
        launcher.write(
                "machine/proc/cpuinfo",
                "processor\t: 0\nvendor_id\t: %s\ncpu family\t: %d\nflags\t\t: fpu %s rdpid\n\nprocessor\t: 1\nflags\t\t: fpu\n"
                        .formatted(vendor, family, flags));
    }
}
