package dev.palimpsest.runtime.data;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Brings a published data set to a folder. What comes is kept in a hidden file beside until it is whole and has its SHA-256 digest; the next call goes on
 * where a broken one stopped.
 */
public final class Fetch {
    private static final int TRIES = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int BUFFER = 1 << 16;

    /** Is told how far a file has come. */
    @FunctionalInterface
    public interface Watch {
        void at(PublishedFile file, long bytes);
    }

    private final Published set;
    private final Path place;
    private final Watch watch;
    private final int patience;

    public Fetch(Published set, Path downloads, Watch watch) {
        this(set, downloads, watch, PATIENCE);
    }

    /** @param patience how long to wait for a server that says nothing */
    Fetch(Published set, Path downloads, Watch watch, Duration patience) {
        this.patience = Math.toIntExact(patience.toMillis());
        this.set = set;
        this.place = set.place(downloads).toAbsolutePath();
        this.watch = watch;
    }

    /**
     * Fetches what is not there yet.
     *
     * @return the folder in which it is
     * @throws DataException if it cannot be fetched, or is something else than what was published
     * @throws FileException if it cannot be written
     */
    public Path overNetwork() {
        return files(this::download);
    }

    /**
     * Takes the files from a file or folder.
     *
     * @param from a folder that holds all files under their published names, or the only file
     * @throws DataException if they are not there, or are something else than what was published
     */
    public Path from(Path from) {
        return files((file, part) -> {
            Path source = Files.isDirectory(from) ? from.resolve(file.name()) : from;
            if (!Files.isDirectory(from) && set.files().size() > 1) {
                throw new DataException(from + ": expected a folder that holds " + names() + ", for " + set.name()
                        + " is more than one file");
            }
            Inputs.regular(source);
            if (Files.size(source) < file.bytes()) {
                throw new DataException(source + ": expected the " + file.bytes() + " bytes of " + file.name()
                        + ", got " + Files.size(source) + "; it is cut off");
            }
            part.truncate(0);
            try (InputStream in = Files.newInputStream(source)) {
                append(in, file, part, source.toString());
            }
        });
    }

    private String names() {
        return String.join(
                " and ", set.files().stream().map(PublishedFile::name).toList());
    }

    /** Brings all bytes of a file. */
    @FunctionalInterface
    private interface Bringing {
        void bring(PublishedFile file, FileChannel part) throws IOException;
    }

    private Path files(Bringing bringing) {
        try {
            Files.createDirectories(place.getParent());
            if (set.unpack().isEmpty()) {
                for (PublishedFile file : set.files()) {
                    bring(file, place.resolve(file.name()), bringing);
                }
            } else if (!Files.isDirectory(place)) {
                unpacked(set.unpack().get(), bringing);
            }
            return place;
        } catch (IOException e) {
            throw new FileException("put " + set.name() + " into " + place, e);
        }
    }

    /** One process at a time brings archives and unpacks them. */
    private void unpacked(String folder, Bringing bringing) throws IOException {
        Path own = place.resolveSibling("." + place.getFileName() + ".lock");
        try (FileChannel channel = FileChannel.open(own, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            lock(channel, place);
            try {
                bringAndUnpack(folder, bringing);
            } finally {
                Files.deleteIfExists(own);
            }
        }
    }

    private void bringAndUnpack(String folder, Bringing bringing) throws IOException {
        if (Files.isDirectory(place)) {
            // another process has just finished
            return;
        }
        for (PublishedFile file : set.files()) {
            Path archive = place.resolveSibling(file.name());
            bring(file, archive, bringing);
            unpack(archive, folder);
            Files.delete(archive);
        }
    }

    /** Does nothing where the file is there already. */
    private void bring(PublishedFile file, Path whole, Bringing bringing) throws IOException {
        if (Files.exists(whole)) {
            return;
        }
        Files.createDirectories(whole.getParent());
        Path beside = whole.resolveSibling("." + file.name() + ".part");
        try (FileChannel part = FileChannel.open(
                beside, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            lock(part, beside);
            bringing.bring(file, part);
            part.force(true);
            String digest = Sha256.hex(beside);
            if (!digest.equals(file.sha256())) {
                part.truncate(0);
                throw new DataException(file.name() + ": expected the SHA-256 digest " + file.sha256() + ", got "
                        + digest + "; it is not the file that was published, and was thrown away");
            }
        } finally {
            if (Files.exists(beside) && Files.size(beside) == 0) {
                Files.delete(beside);
            }
        }
        Files.move(beside, whole, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Holds until the channel is closed. */
    private static void lock(FileChannel part, Path beside) throws IOException {
        try {
            if (part.tryLock() != null) {
                return;
            }
        } catch (OverlappingFileLockException alreadyHere) {
            throw fetchedAlready(beside);
        }
        throw fetchedAlready(beside);
    }

    private static DataException fetchedAlready(Path beside) {
        return new DataException(beside + ": is being fetched already; wait until that has finished");
    }

    private void download(PublishedFile file, FileChannel part) throws IOException {
        List<String> failures = new ArrayList<>();
        for (URI source : file.sources()) {
            for (int attempt = 0; attempt < TRIES; attempt++) {
                long before = part.size();
                Optional<String> failure = attempt(source, file, part);
                if (failure.isEmpty()) {
                    return;
                }
                failures.add(source + ": " + failure.get());
                if (part.size() <= before) {
                    break;
                }
            }
        }
        throw new DataException(file.name() + ": cannot be fetched (" + failures.get(failures.size() - 1) + ")"
                + (part.size() > 0
                        ? "; the same command goes on from its " + part.size() + " of " + file.bytes() + " bytes"
                        : "")
                + "; where there is no network, fetch it elsewhere and say --from FILE");
    }

    /** Asks once for what is missing; tells what went wrong. */
    private Optional<String> attempt(URI source, PublishedFile file, FileChannel part) throws IOException {
        if (part.size() > file.bytes()) {
            part.truncate(0);
        }
        long have = part.size();
        if (have == file.bytes()) {
            return Optional.empty();
        }
        HttpURLConnection connection = (HttpURLConnection) source.toURL().openConnection();
        connection.setConnectTimeout(patience);
        connection.setReadTimeout(patience);
        if (have > 0) {
            connection.setRequestProperty("Range", "bytes=" + have + "-");
        }
        try {
            int status = connection.getResponseCode();
            boolean goesOn = status == HttpURLConnection.HTTP_PARTIAL
                    && Optional.ofNullable(connection.getHeaderField("Content-Range"))
                            .filter(range -> range.startsWith("bytes " + have + "-"))
                            .isPresent();
            if (!goesOn && status != HttpURLConnection.HTTP_OK) {
                return Optional.of("the server answered " + status);
            }
            if (!goesOn) {
                part.truncate(0);
            }
            try (InputStream in = connection.getInputStream()) {
                append(in, file, part, source.toString());
            }
        } catch (IOException brokenOff) {
            return Optional.of(brokenOff.getMessage() == null ? "broken off" : brokenOff.getMessage());
        } finally {
            connection.disconnect();
        }
        return part.size() == file.bytes()
                ? Optional.empty()
                : Optional.of("ended after " + part.size() + " of " + file.bytes() + " bytes");
    }

    /** @throws DataException if more comes than the file has */
    private void append(InputStream in, PublishedFile file, FileChannel part, String from) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            if (part.size() + read > file.bytes()) {
                part.truncate(0);
                throw new DataException(from + ": expected the " + file.bytes() + " bytes of " + file.name()
                        + ", but there are more; it is not the file that was published");
            }
            ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
            while (bytes.hasRemaining()) {
                part.write(bytes, part.size());
            }
            watch.at(file, part.size());
        }
    }

    /** Takes the files of one folder out of an archive, into a folder that is renamed when it is whole. */
    private void unpack(Path archive, String folder) throws IOException {
        Path beside = place.resolveSibling("." + place.getFileName() + ".part");
        delete(beside);
        Files.createDirectories(beside);
        try (TarArchiveInputStream tar = new TarArchiveInputStream(Inputs.open(archive))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = Path.of(entry.getName());
                if (entry.isFile() && path.getNameCount() == 2 && path.startsWith(folder)) {
                    copy(tar, beside.resolve(path.getFileName().toString()));
                }
            }
        }
        WholeFile.forceFolder(beside);
        Files.move(beside, place, StandardCopyOption.ATOMIC_MOVE);
        WholeFile.forceFolder(place.getParent());
    }

    /** To the disk, since the archive will be deleted. */
    private static void copy(InputStream in, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            in.transferTo(Channels.newOutputStream(channel));
            channel.force(true);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }
}
