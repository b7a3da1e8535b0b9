package us.kbase.caching.cluster;

import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the other gateways over the event bus that this one is there and what is listened to here, every {@value #PAUSE_MILLIS} ms
 * and at once when that changes. Everything but {@link #soon} runs on one event loop.
 */
final class Beats {

    static final long PAUSE_MILLIS = 2_000;

    /** How long a start waits for gateways to answer; nothing that matters depends on it, and a cold handshake takes longer. */
    private static final long FIRST_ROUND_MILLIS = 1_000;

    private static final Logger log = LoggerFactory.getLogger(Beats.class);

    /** What is wrong with a contact, so that it is said once. */
    private enum Trouble {
        STRANGER,
        UNREACHABLE
    }

    private final Vertx vertx;
    private final Context loop;
    private final Roster roster;
    private final Contacts contacts;
    private final Directory directory;
    private final Map<String, Trouble> troubles = new HashMap<>();
    private final Set<String> unheard = new HashSet<>();
    private final Promise<Void> firstRound = Promise.promise();
    private boolean soon;

    Beats(Vertx vertx, Roster roster, Contacts contacts, Directory directory) {
        this.vertx = vertx;
        this.loop = vertx.getOrCreateContext();
        this.roster = roster;
        this.contacts = contacts;
        this.directory = directory;
    }

    /** Begins; done when every contact has answered or cannot be reached, or after {@value #FIRST_ROUND_MILLIS} ms. */
    Future<Void> start() {
        loop.runOnContext(v -> {
            Contacts.allSlots()
                    .forEach(slot -> vertx.eventBus().<String>consumer(slot, message -> heard(message.body())));
            directory.onChange(this::soon);
            unheard.addAll(contacts.all());
            vertx.setTimer(FIRST_ROUND_MILLIS, id -> firstRound.tryComplete());
            vertx.setPeriodic(PAUSE_MILLIS, id -> beat());
            beat();
            settle();
        });
        return firstRound.future();
    }

    /** Tells the others soon what changed here; one beat for all changes of a moment. Any thread. */
    void soon() {
        loop.runOnContext(v -> {
            if (!soon) {
                soon = true;
                loop.runOnContext(later -> {
                    soon = false;
                    beat();
                });
            }
        });
    }

    private void beat() {
        directory.forget(System.nanoTime());
        Set<String> learned = new HashSet<>(roster.others());
        learned.addAll(roster.told());
        directory.update(contacts.follow(learned));
        troubles.keySet().retainAll(Set.copyOf(contacts.all()));
        contacts.all().forEach(id -> send(id, Beat.Kind.ASKS, id));
    }

    private void send(String id, Beat.Kind kind, String contact) {
        contacts.slot(id)
                .ifPresent(slot -> vertx.eventBus()
                        .<String>sender(slot)
                        .write(roster.beat(kind, contact, directory.listens()).text())
                        .onComplete(sent -> loop.runOnContext(v -> {
                            if (sent.failed()) {
                                trouble(id, sent.cause());
                            } else if (troubles.remove(id) != null) {
                                log.info("The gateway at {} is reached again.", id);
                            }
                        })));
    }

    private void heard(String text) {
        Beat.parse(text).ifPresent(beat -> {
            boolean ownByAnotherName = beat.id().equals(roster.own());
            if (ownByAnotherName || beat.kind() == Beat.Kind.ANSWERS) {
                unheard.remove(beat.contact());
            }
            if (!ownByAnotherName) {
                directory.heard(beat, System.nanoTime());
                if (beat.kind() == Beat.Kind.ASKS) {
                    answer(beat);
                }
            }
            settle();
        });
    }

    private void answer(Beat beat) {
        Set<String> written = new HashSet<>(contacts.all());
        written.add(beat.id());
        directory.update(contacts.follow(written));
        send(beat.id(), Beat.Kind.ANSWERS, beat.contact());
    }

    private void trouble(String id, Throwable cause) {
        unheard.remove(id);
        settle();
        Trouble now = isRefusal(cause) ? Trouble.STRANGER : Trouble.UNREACHABLE;
        if (troubles.put(id, now) == now) {
            return;
        }
        if (now == Trouble.STRANGER) {
            log.warn(
                    "The gateway at {} did not show the cluster's secret ({}). Give both the same cluster.secret and"
                            + " cluster.name; until then they do not hear of each other.",
                    id,
                    String.valueOf(cause.getMessage()));
        } else {
            log.info("The gateway at {} cannot be reached ({}); it is tried again.", id, cause.getMessage());
        }
    }

    private static boolean isRefusal(Throwable cause) {
        return Stream.iterate(cause, found -> found != null, Throwable::getCause)
                .limit(5)
                .anyMatch(found ->
                        found instanceof SSLHandshakeException && !(found instanceof SslHandshakeTimeoutException));
    }

    private void settle() {
        if (unheard.isEmpty()) {
            firstRound.tryComplete();
        }
    }
}
