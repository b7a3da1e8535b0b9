package us.kbase.caching.store.s3.upload;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import us.kbase.caching.digest.CombinedChecksum;
import us.kbase.caching.digest.Digest;
import us.kbase.caching.digest.DigestAlgorithm;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.pace.Backoff;
import us.kbase.caching.pace.CallersContext;
import us.kbase.caching.pace.Retries;
import us.kbase.caching.pace.Steps;
import us.kbase.caching.store.s3.error.S3Errors;
import us.kbase.caching.stream.ByteSource;

/** One open multipart upload and its parts in flight. Opened and ended by the store. */
public final class MultipartUpload {

    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final PartCall call;
    private final Retries retries;
    private final RetentionBudget retention;
    private final PartThrottle turns;
    private final String key;
    private final String id;
    private final TreeMap<Integer, CompletedPart> parts = new TreeMap<>();
    private final TreeMap<Integer, Long> lengths = new TreeMap<>();
    private final Set<RetryablePart> reading = new HashSet<>();
    private final Set<Future<CompletedPart>> inFlight = new HashSet<>();

    /** Sends one part to S3. */
    @FunctionalInterface
    public interface PartCall {
        Future<CompletedPart> send(String key, String upload, int number, ByteSource bytes, long lengthBytes);
    }

    public MultipartUpload(
            Vertx vertx,
            PartCall call,
            Retries retries,
            RetentionBudget retention,
            PartThrottle turns,
            String key,
            String id) {
        this.vertx = vertx;
        this.call = call;
        this.retries = retries;
        this.retention = retention;
        this.turns = turns;
        this.key = key;
        this.id = id;
    }

    public String id() {
        return id;
    }

    public List<CompletedPart> parts() {
        return List.copyOf(parts.values());
    }

    /** The checksum of all parts together, made of those that the server compared. */
    public Digest checksum(DigestAlgorithm algorithm) {
        CombinedChecksum whole = new CombinedChecksum(algorithm);
        parts.forEach((number, part) -> {
            String base64 = algorithm == DigestAlgorithm.CRC32C ? part.checksumCRC32C() : part.checksumCRC64NVME();
            whole.add(new Digest(algorithm, base64).checksum(), lengths.getOrDefault(number, 0L));
        });
        return whole.digest();
    }

    /** Streams the planned parts, at most two in flight, then sends what is left of the body as the last part. */
    public Future<Void> stream(BodySplitter splitter, PartPlan plan, int tailBytesMax) {
        return Steps.whileMore(new Planned(splitter, plan)::next)
                .compose(v -> splitter.collect(tailBytesMax + 1L))
                .compose(tail -> tail.length() > tailBytesMax
                        ? Future.failedFuture(new Failure.BadInput("The form is longer than its Content-Length"))
                        : tail.length() == 0 ? Future.succeededFuture() : memory(plan.streamedParts() + 1, tail));
    }

    /** The parts whose lengths are known, from the first to the last; the order in which they are begun. */
    private final class Planned {
        private final BodySplitter splitter;
        private final PartPlan plan;
        private Future<Void> latest = Future.succeededFuture();
        private int begun;

        Planned(BodySplitter splitter, PartPlan plan) {
            this.splitter = splitter;
            this.plan = plan;
        }

        /** Begins the next part; done when the one behind it may begin, or false when the last was answered. */
        Future<Boolean> next() {
            return begun < plan.streamedParts() ? turns.next().compose(this::begin) : latest.map(false);
        }

        private Future<Boolean> begin(PartThrottle.Turn turn) {
            Future<Void> previous = latest;
            if (previous.failed()) {
                turn.end();
                return previous.map(false);
            }
            long lengthBytes = plan.lengthBytes(++begun);
            BodySplitter.Slice slice = splitter.slice(lengthBytes);
            turn.endWhenStarved(slice::waitsForSender);
            slice.drained().onComplete(done -> turn.end());
            Future<Void> sent = send(new Part(begun, new RetryablePart(slice, retention), lengthBytes))
                    .onComplete(done -> turn.end());
            latest = sent;
            // The next part begins when this one was read to its end and the one before was answered.
            Promise<Boolean> next = CallersContext.promise();
            sent.onFailure(next::tryFail);
            previous.onFailure(next::tryFail);
            Future.all(slice.drained(), previous).onSuccess(v -> next.tryComplete(true));
            return next.future();
        }
    }

    /** Sends a part from memory. */
    public Future<Void> memory(int number, Buffer content) {
        return memory(number, ByteSource.of(content), content.length());
    }

    /** Sends a part whose bytes are in memory, and stay there until it was answered. */
    public Future<Void> memory(int number, ByteSource content, long lengthBytes) {
        return send(new Part(number, new RetryablePart(content, new RetentionBudget(lengthBytes)), lengthBytes));
    }

    /** Sends one part of guessed length, which cannot be sent again. */
    public Future<Void> once(ByteSource source, long lengthBytes) {
        return send(new Part(1, new RetryablePart(source, new RetentionBudget(0)), lengthBytes));
    }

    private record Part(int number, RetryablePart bytes, long lengthBytes) {}

    private Future<Void> send(Part part) {
        reading.add(part.bytes());
        retries.earn();
        Future<CompletedPart> sent = Steps.until(new Attempts(part)::next);
        inFlight.add(sent);
        return sent.onSuccess(completed -> {
                    parts.put(part.number(), completed);
                    lengths.put(part.number(), part.lengthBytes());
                })
                .onComplete(done -> {
                    inFlight.remove(sent);
                    reading.remove(part.bytes());
                    part.bytes().end();
                })
                .mapEmpty();
    }

    /** A part is sent again while its bytes are kept. */
    private final class Attempts {
        private final Part part;
        private ByteSource bytes;
        private final Backoff backoff = new Backoff(PAUSE, PAUSE_MAX);
        private int made;

        Attempts(Part part) {
            this.part = part;
            this.bytes = part.bytes().attempt();
        }

        Future<Optional<CompletedPart>> next() {
            made++;
            return call.send(key, id, part.number(), bytes, part.lengthBytes())
                    .map(Optional::of)
                    .recover(this::again);
        }

        private Future<Optional<CompletedPart>> again(Throwable cause) {
            boolean again = S3Errors.mayPass(cause)
                    && made < Retries.TRIES_MAX
                    && part.bytes().isWhole()
                    && retries.spend();
            if (!again) {
                return Future.failedFuture(cause);
            }
            bytes = part.bytes().attempt(); // what comes during the pause is kept for it
            return vertx.timer(backoff.nextMillis()).map(Optional.empty());
        }
    }

    /** No part is on its way any more: those that still read are ended, those that wait for their answer get it or do not. */
    public Future<?> settled() {
        List.copyOf(reading).forEach(RetryablePart::end);
        return Future.join(List.copyOf(inFlight)).otherwiseEmpty();
    }
}
