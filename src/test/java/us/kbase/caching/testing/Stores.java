package us.kbase.caching.testing;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.move.ReadThroughStore;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.StoreTime;
import us.kbase.caching.store.disk.DataFolder;
import us.kbase.caching.store.disk.DiskObjectStore;
import us.kbase.caching.store.s3.S3ObjectStore;
import us.kbase.caching.store.s3.UploadMeans;
import us.kbase.caching.store.s3.client.ConnectionPools;
import us.kbase.caching.store.s3.client.S3Calls;
import us.kbase.caching.store.s3.client.S3Connection;
import us.kbase.caching.store.s3.upload.RetentionBudget;
import us.kbase.caching.store.s3.upload.UploadMemory;

/** Every kind of store that this machine can run, each empty. */
public final class Stores {

    public static final long PART_BYTES = 5L << 20;
    private static final long RETENTION_BYTES = 8L << 20;
    private static final long COLLECT_BYTES = 20L << 20;
    private static final String IN_FRONT = "disk in front of another";

    private Stores() {}

    /**
     * A kind of store.
     *
     * @param room makes an empty folder or bucket, which blocks, and gives what opens it as a store on an event loop
     */
    public record Kind(String name, Supplier<Function<Vertx, ObjectStore>> room) {
        /** An empty one, ready for use on that loop. */
        public ObjectStore start(Vertx vertx, Loop loop) {
            Function<Vertx, ObjectStore> empty = room.get();
            return loop.call(() -> {
                ObjectStore opened = empty.apply(vertx);
                return opened.prepare().map(opened);
            });
        }

        /** Whether of several conditional writes at once one wins, also of uploads in parts. */
        public boolean isFitForLeases() {
            return !name.startsWith("SeaweedFS");
        }

        /** Whether a tombstone stands where something was deleted. */
        public boolean leavesTombstones() {
            return name.equals(IN_FRONT);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    public static List<Kind> all() {
        List<Kind> kinds = new ArrayList<>();
        kinds.add(new Kind("disk", Stores::disk));
        S3Servers.all().forEach(server -> kinds.add(new Kind(server.name(), () -> s3(server.bucket()))));
        return kinds;
    }

    /** All of them, and SeaweedFS, on which of several conditional Completes more than one may win. */
    public static List<Kind> evenUnfitForLeases() {
        List<Kind> kinds = new ArrayList<>(all());
        kinds.add(new Kind(IN_FRONT, Stores::inFront));
        seaweed().ifPresent(kinds::add);
        return kinds;
    }

    /** SeaweedFS, if this machine has it. */
    public static Optional<Kind> seaweed() {
        return S3Servers.seaweed().map(server -> new Kind(server.name(), () -> s3(server.bucket())));
    }

    public static ObjectStore s3(Vertx vertx, S3Connection connection) {
        return new S3ObjectStore(vertx, connection, means());
    }

    /** What a store on S3 may use, none of it in use. */
    public static UploadMeans means() {
        return means(PART_BYTES);
    }

    /** The same for streamed parts of that length. */
    public static UploadMeans means(long partBytes) {
        return new UploadMeans(
                partBytes,
                new RetentionBudget(RETENTION_BYTES),
                new UploadMemory(COLLECT_BYTES),
                Budget.of("transfers", 32 << 20),
                Budget.of("answers", 32 << 20),
                new ConnectionPools.Load(),
                java.time.Duration.ofHours(24));
    }

    /** The calls of S3 alone, for what no store does; to be called on their event loop. */
    public static S3Calls calls(Vertx vertx, S3Connection connection) {
        return new S3Calls(
                vertx,
                connection,
                new StoreTime(InstantSource.system()),
                Budget.of("transfers", 1 << 20),
                new ConnectionPools.Load());
    }

    private static Function<Vertx, ObjectStore> s3(S3Connection bucket) {
        return vertx -> s3(vertx, bucket);
    }

    private static Function<Vertx, ObjectStore> inFront() {
        Function<Vertx, ObjectStore> front = disk();
        Function<Vertx, ObjectStore> behind = disk();
        return vertx -> new ReadThroughStore(front.apply(vertx), behind.apply(vertx), InstantSource.system());
    }

    private static Function<Vertx, ObjectStore> disk() {
        try {
            DataFolder folder = DataFolder.open(TestFolders.create("disk-store"));
            return vertx -> new DiskObjectStore(vertx, folder, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
