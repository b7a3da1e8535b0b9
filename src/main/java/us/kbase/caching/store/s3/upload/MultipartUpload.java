package us.kbase.caching.store.s3.upload;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.s3.client.S3Calls;
import us.kbase.caching.store.s3.error.S3Errors;
import us.kbase.caching.stream.ByteSource;

/** One open multipart upload and its parts in flight. Opened and ended by the store. */
public final class MultipartUpload {

    private static final int ATTEMPTS = 3;
    private static final long PAUSE_MILLIS = 250;

    private final Vertx vertx;
    private final S3Calls calls;
    private final RetentionBudget retention;
    private final PartThrottle turns;
    private final String key;
    private final String id;
    private final TreeMap<Integer, CompletedPart> parts = new TreeMap<>();
    private final Set<RetryablePart> reading = new HashSet<>();
    private final Set<Future<CompletedPart>> inFlight = new HashSet<>();

    public MultipartUpload(
            Vertx vertx, S3Calls calls, RetentionBudget retention, PartThrottle turns, String key, String id) {
        this.vertx = vertx;
        this.calls = calls;
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

    /** Streams the planned parts, at most two in flight, then sends what is left of the body as the last part. */
    public Future<Void> stream(BodySplitter splitter, PartPlan plan, int tailBytesMax) {
        return part(splitter, plan, 1, Future.succeededFuture())
                .compose(v -> splitter.collect(tailBytesMax + 1L))
                .compose(tail -> tail.length() > tailBytesMax
                        ? Future.failedFuture(new Failure.BadInput("The form is longer than its Content-Length"))
                        : tail.length() == 0 ? Future.succeededFuture() : memory(plan.streamedParts() + 1, tail));
    }

    private Future<Void> part(BodySplitter splitter, PartPlan plan, int number, Future<Void> previous) {
        if (number > plan.streamedParts()) {
            return previous;
        }
        return turns.next().compose(turn -> part(splitter, plan, number, previous, turn));
    }

    private Future<Void> part(
            BodySplitter splitter, PartPlan plan, int number, Future<Void> previous, PartThrottle.Turn turn) {
        if (previous.failed()) {
            turn.end();
            return previous;
        }
        BodySplitter.Slice slice = splitter.slice(plan.lengthBytes(number));
        turn.endWhenStarved(slice::waitsForSender);
        slice.drained().onComplete(done -> turn.end());
        Future<Void> sent = send(new Part(number, new RetryablePart(slice, retention), plan.lengthBytes(number)))
                .onComplete(done -> turn.end());
        // The next part begins when this one was read to its end and the one before was answered.
        Promise<Void> next = Promise.promise();
        sent.onFailure(next::tryFail);
        previous.onFailure(next::tryFail);
        Future.all(slice.drained(), previous).onSuccess(v -> next.tryComplete());
        return next.future().compose(v -> part(splitter, plan, number + 1, sent));
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
        Future<CompletedPart> sent = send(part, part.bytes().attempt(), 1);
        inFlight.add(sent);
        return sent.onSuccess(completed -> parts.put(part.number(), completed))
                .onComplete(done -> {
                    inFlight.remove(sent);
                    reading.remove(part.bytes());
                    part.bytes().end();
                })
                .mapEmpty();
    }

    private Future<CompletedPart> send(Part part, ByteSource bytes, int attempt) {
        return calls.uploadPart(key, id, part.number(), bytes, part.lengthBytes())
                .recover(cause -> {
                    if (!S3Errors.mayPass(cause)
                            || attempt == ATTEMPTS
                            || !part.bytes().isWhole()) {
                        return Future.failedFuture(cause);
                    }
                    ByteSource next = part.bytes().attempt(); // what comes during the pause is kept for it
                    return vertx.timer(PAUSE_MILLIS << attempt).compose(v -> send(part, next, attempt + 1));
                });
    }

    /** No part is on its way any more: those that still read are ended, those that wait for their answer get it or do not. */
    public Future<?> settled() {
        List.copyOf(reading).forEach(RetryablePart::end);
        return Future.join(List.copyOf(inFlight)).otherwiseEmpty();
    }
}
