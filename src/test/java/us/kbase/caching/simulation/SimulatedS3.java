package us.kbase.caching.simulation;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Supplier;
import us.kbase.caching.pace.Retries;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.GuardedRemoval;
import us.kbase.caching.store.Observation;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.StoreTime;
import us.kbase.caching.store.s3.error.Refused;
import us.kbase.caching.store.s3.error.S3Errors;
import us.kbase.caching.store.s3.write.Deletion;
import us.kbase.caching.store.s3.write.MarkedWrite;
import us.kbase.caching.store.s3.write.S3Removal;
import us.kbase.caching.store.s3.write.WriteAttempt;
import us.kbase.caching.store.s3.write.WriteCalls;
import us.kbase.caching.store.s3.write.WriteLife;
import us.kbase.caching.store.s3.write.WriteMark;

/** A bucket of S3: the real protocol of writes and removals on a {@link Wire}, with the answers that S3 gives. */
final class SimulatedS3 extends SimulatedStore implements WriteCalls {

    private static final Duration FOR_EVER = Duration.ofDays(365);

    private final Vertx vertx;
    private final Wire wire;
    private final StoreTime time;
    private final Retries retries;

    SimulatedS3(Vertx vertx, SimulatedBucket bucket, Network network, StoreTime time, Flaw flaw) {
        super(bucket, network, flaw);
        this.vertx = vertx;
        this.time = time;
        this.wire = new Wire(network, bucket.clock(), time);
        this.retries = new Retries(vertx, network.schedule().random()::nextDouble);
    }

    @Override
    <T> Future<T> call(Supplier<T> effect) {
        return retries.run(() -> wire.call(effect), S3Errors::mayPass);
    }

    @Override
    public WriteLife newWrite() {
        return new WriteLife(time, time.earliest());
    }

    @Override
    public Retries retries() {
        return retries;
    }

    @Override
    Future<String> publish(Content content, Guard guard) {
        Map<String, String> marked = WriteMark.on(content.metadata());
        return new MarkedWrite(vertx, this, content.key(), marked, guard, attempt -> tried(content, attempt)).run();
    }

    private Future<String> tried(Content content, WriteAttempt attempt) {
        Map<String, String> metadata = flaw == Flaw.OWN_SUCCESS_AS_CONFLICT
                ? WriteMark.on(attempt.metadata()) // a mark that nobody will know again
                : attempt.metadata();
        Instant dated = dated(attempt.life());
        Supplier<String> effect = () -> landed(content, metadata, attempt.condition());
        return attempt.condition().mayHoldAgain() ? wire.once(dated, effect) : wire.write(dated, effect);
    }

    private Instant dated(WriteLife life) {
        return switch (flaw) {
            case LATE_WRITE -> life.begin().plus(FOR_EVER);
            case TOLD_TOO_EARLY -> time.instant(); // the life does not hear of the try
            default -> life.begin();
        };
    }

    /** What the server does; gives the ETag. */
    private String landed(Content content, Map<String, String> metadata, Precondition condition) {
        String key = content.key();
        if (content.upload().isPresent() && !bucket.isOpen(content.upload().getAsLong())) {
            throw new Refused(404, "NoSuchUpload");
        }
        if (bucket.write(key, content.bytes(), metadata, condition).isEmpty()) {
            throw refused(key);
        }
        content.upload().ifPresent(bucket::endUpload);
        return etag(key);
    }

    private Refused refused(String key) {
        return bucket.get(key).isPresent() ? new Refused(412, "PreconditionFailed") : new Refused(404, "NoSuchKey");
    }

    @Override
    Future<Void> remove(String key) {
        return new Deletion(vertx, this, key).run();
    }

    @Override
    public Future<Void> delete(String key, WriteLife life) {
        if (flaw != Flaw.REPEATED_DELETE) {
            return deleted(key, life.begin());
        }
        Instant never = time.instant().plus(FOR_EVER);
        return deleted(key, never).recover(lost -> deleted(key, never));
    }

    private Future<Void> deleted(String key, Instant dated) {
        return wire.once(dated, () -> {
                    bucket.delete(key);
                    return true;
                })
                .mapEmpty();
    }

    @Override
    public GuardedRemoval arm(Observation seen, Map<String, String> marker) {
        String key = seen.stored().key();
        WriteLife life = newWrite();
        life.begin(seen.at());
        if (flaw == Flaw.HEAD_THEN_DELETE) {
            return new S3Removal(
                    vertx,
                    life,
                    () -> deleted(key, seen.at().plus(FOR_EVER)).map(""),
                    () -> deleted(key, seen.at().plus(FOR_EVER)));
        }
        Buffer nonce = Buffer.buffer("{\"nonce\":\"" + UUID.randomUUID() + "\"}");
        Content content = new Content(key, nonce, marker, OptionalLong.empty());
        Precondition same = new Precondition.Matches(seen.stored().etag());
        return new S3Removal(
                vertx,
                life,
                () -> wire.once(seen.at(), () -> landed(content, marker, same)),
                () -> deleted(key, seen.at()));
    }
}
