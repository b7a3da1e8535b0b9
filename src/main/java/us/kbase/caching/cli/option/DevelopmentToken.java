package us.kbase.caching.cli.option;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import us.kbase.caching.config.source.TextFile;
import us.kbase.caching.failure.Reason;
import us.kbase.caching.secret.Secret;

/** A random token for trying the service, kept in the data folder so that ids survive a restart. Only its user may read it. */
public final class DevelopmentToken {

    private static final int BYTES = 16;
    private static final int CHARS_MIN = 16;
    private static final FileAttribute<?> OWN_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> OWN_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private DevelopmentToken() {}

    /**
     * Reads a folder's token, or makes one: also where an earlier start left an empty file behind, as on a full disk.
     *
     * @throws IOException with one sentence for the operator
     */
    public static Secret of(Path folder) throws IOException {
        Path file = folder.resolve("development-token");
        if (!Files.exists(file) || Files.isRegularFile(file) && Files.size(file) == 0) {
            make(folder, file);
        }
        String token = TextFile.value(file);
        if (token.length() < CHARS_MIN || token.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
            throw new IOException(
                    file + " holds no token of " + CHARS_MIN + " visible characters: remove it, and one is made.");
        }
        return new Secret(token);
    }

    /** By a move: a crash leaves all of it, or nothing. */
    private static void make(Path folder, Path file) throws IOException {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        try {
            Files.createDirectories(folder, OWN_FOLDER);
            Path begun = Files.createTempFile(folder, ".token", "", OWN_FILE);
            try (FileChannel channel = FileChannel.open(begun, Set.of(StandardOpenOption.WRITE))) {
                channel.write(ByteBuffer.wrap(HexFormat.of().formatHex(random).getBytes(StandardCharsets.US_ASCII)));
                channel.force(true);
                Files.move(begun, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(begun);
            }
        } catch (FileSystemException e) {
            throw new IOException(
                    "The development token cannot be kept in the folder " + folder + ": " + Reason.why(e)
                            + ". Make the folder writable for this user, or configure auth.url or auth.tokens.",
                    e);
        }
    }
}
