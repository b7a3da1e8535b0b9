package us.kbase.caching;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import us.kbase.caching.auth.Authenticator;
import us.kbase.caching.auth.WithAdministrator;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.local.OwnersNote;

/**
 * How commands of this machine come to a gateway that owns its store: {@code expire} and {@code purge} cannot open the folder
 * beside it, so they ask it (docs/adr/0040). A gateway on S3 has none.
 */
final class CommandsDoor {

    private static final Logger log = LoggerFactory.getLogger(CommandsDoor.class);

    private final Optional<OwnersNote> note;

    private CommandsDoor(Optional<OwnersNote> note) {
        this.note = note;
    }

    static CommandsDoor of(GatewayConfig.Store store) {
        return new CommandsDoor(
                store instanceof GatewayConfig.Store.Disk disk
                        ? Optional.of(OwnersNote.forFolder(disk.path().toAbsolutePath()))
                        : Optional.empty());
    }

    /** Whether there is one. */
    boolean isHere() {
        return note.isPresent();
    }

    /** Who comes through it is an administrator; all others are known as before. */
    Authenticator known(Authenticator others) {
        return note.<Authenticator>map(left -> new WithAdministrator(left.token(), others))
                .orElse(others);
    }

    /** Opens it for a gateway that listens there. Without it everything is served; only commands do not find this gateway. */
    Future<?> open(Vertx vertx, String host, int port) {
        if (note.isEmpty()) {
            return Future.succeededFuture();
        }
        OwnersNote left = note.get();
        return vertx.executeBlocking(() -> {
                    left.leave(host, port);
                    return left;
                })
                .recover(cause -> {
                    log.warn("Commands will not find this gateway: {}", cause.toString());
                    return Future.succeededFuture(left);
                });
    }

    /**
     * Closes it while the folder is still ours, and then the store. Both are in the disk, so neither is on the event loop that tells of
     * Vert.x' end. Never fails.
     */
    Future<Void> closeBefore(AutoCloseable store) {
        return Future.fromCompletionStage(CompletableFuture.runAsync(() -> {
            close();
            try {
                store.close();
            } catch (Exception e) {
                log.warn("Could not close the store: {}", e.toString());
            }
        }));
    }

    private void close() {
        try {
            if (note.isPresent()) {
                note.get().takeAway();
            }
        } catch (IOException e) {
            log.warn("The note for commands could not be taken away: {}", e.toString());
        }
    }
}
