package us.kbase.caching.local;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What a running gateway leaves in its data folder, in the file {@code gateway} of mode 0600: where it listens, and a token that
 * makes whoever brings it an administrator until this gateway stops. Who can read it could as well read, change and delete the
 * results beside it, so it gives away nothing. A note that a crash left behind is no danger: its token is known to nobody any more,
 * and commands read it only while the folder is locked. Blocking: not for event loops.
 */
public final class OwnersNote {

    private static final String NAME = "gateway";
    private static final String UNFINISHED = ".tmp";
    private static final int TOKEN_BYTES = 32;
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path folder;
    private final String token;

    /**
     * Where a gateway is, and what makes an administrator of it.
     *
     * @param address the base of its routes
     */
    public record Door(URI address, String token) {
        @Override
        public String toString() {
            return "Door[" + address + "]";
        }
    }

    private OwnersNote(Path folder, String token) {
        this.folder = folder;
        this.token = token;
    }

    /** Makes up a note for a data folder; nothing is written yet. */
    public static OwnersNote forFolder(Path folder) {
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        return new OwnersNote(folder, HexFormat.of().formatHex(random));
    }

    /** The token of this gateway's administrator. */
    public String token() {
        return token;
    }

    /**
     * Writes the note, in place of what earlier gateways left, for the gateway that owns the folder.
     *
     * @param host the address that it listens at: a name may mean another one to who reads it
     */
    public void leave(String host, int port) throws IOException {
        JsonObject note = new JsonObject()
                .put("address", "http://" + reachable(host) + ":" + port)
                .put("token", token);
        removeUnfinished();
        Path written = Files.createTempFile(folder, NAME, UNFINISHED, OWNER_ONLY);
        try {
            Files.writeString(written, note.encode() + "\n");
            Files.move(written, folder.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            boolean unused = Files.deleteIfExists(written);
        }
    }

    /** What a crash left between making a note and giving it its name. */
    private void removeUnfinished() throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, NAME + "*" + UNFINISHED)) {
            for (Path unfinished : left) {
                Files.delete(unfinished);
            }
        }
    }

    /** Takes the note away, unless it is another gateway's. */
    public void takeAway() throws IOException {
        boolean own = find(folder).filter(door -> door.token().equals(token)).isPresent();
        if (own) {
            Files.delete(folder.resolve(NAME));
        }
    }

    /** Reads the note of a data folder; empty when there is none that can be understood. */
    public static Optional<Door> find(Path folder) throws IOException {
        try {
            JsonObject note = new JsonObject(Files.readString(folder.resolve(NAME)));
            Door door = new Door(URI.create(note.getString("address", "")), note.getString("token", ""));
            return Optional.of(door).filter(found -> found.address().isAbsolute());
        } catch (NoSuchFileException | DecodeException | ClassCastException | IllegalArgumentException none) {
            return Optional.empty();
        }
    }

    /** An address that stands for all of the machine's is none that can be called. */
    private static String reachable(String host) {
        return switch (host) {
            case "0.0.0.0", "" -> "127.0.0.1";
            case "::", "[::]", "::0" -> "[::1]";
            default -> host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        };
    }
}
