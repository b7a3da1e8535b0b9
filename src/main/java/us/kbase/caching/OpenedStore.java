package us.kbase.caching;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.memory.MemoryPlan;
import us.kbase.caching.metrics.Gauge;
import us.kbase.caching.move.ReadThroughStore;
import us.kbase.caching.store.ElapsedClock;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.StoreTime;
import us.kbase.caching.store.disk.DataFolder;
import us.kbase.caching.store.disk.DiskObjectStore;
import us.kbase.caching.store.disk.SteadyClock;
import us.kbase.caching.store.s3.S3ObjectStore;
import us.kbase.caching.store.s3.UploadMeans;
import us.kbase.caching.store.s3.client.ConnectionPools;
import us.kbase.caching.store.s3.client.S3Connection;
import us.kbase.caching.store.s3.lane.LaneLoad;
import us.kbase.caching.store.s3.multipart.ChecksumSupport;
import us.kbase.caching.store.s3.upload.RetentionBudget;
import us.kbase.caching.store.s3.upload.UploadMemory;
import us.kbase.caching.stream.ForwardPool;
import us.kbase.caching.tally.CallTimes;

/**
 * The configured store: what all event loops share, and how one loop gets its own part of it.
 *
 * @param perLoop makes the store that one event loop uses; to be called on that loop
 * @param own the same without what is read through to a previous store: what a sweep looks at
 * @param previous makes the store that is read through to, where there is one
 * @param time the store's clock, for all loops
 * @param gauges what it shows of the memory outside the heap
 * @param shared what is closed once, after all loops
 */
public record OpenedStore(
        Supplier<ObjectStore> perLoop,
        Supplier<ObjectStore> own,
        Optional<Supplier<ObjectStore>> previous,
        StoreTime time,
        List<Gauge> gauges,
        AutoCloseable shared) {

    private OpenedStore(Supplier<ObjectStore> own, StoreTime time, List<Gauge> gauges, AutoCloseable shared) {
        this(own, own, Optional.empty(), time, gauges, shared);
    }

    /** Two parts of 32 MiB in flight were as fast as the client's own PUT; shorter ones are slower. */
    private static final long PART_BYTES = 32L << 20;

    /**
     * What expired hides what it replaced, and a tombstone what was removed: without them the previous store would show it again.
     */
    public static final String UNSWEPT =
            "Nothing is swept while previous.type is set: what was replaced or removed would come back"
                    + " from the previous store.";

    private static final String USED = "caching.memory.used";
    private static final String LIMIT = "caching.memory.limit";

    /**
     * Opens the store that a configuration names; the caller closes {@link #shared()}.
     *
     * @param times hears how long each call of an S3 server took
     * @throws IOException when the data folder cannot be used, in one sentence
     */
    public static OpenedStore open(Vertx vertx, GatewayConfig config, MemoryPlan memory, CallTimes times)
            throws IOException {
        return switch (config.store()) {
            case GatewayConfig.Store.Disk disk -> {
                DataFolder folder = DataFolder.open(disk.path().toAbsolutePath());
                SteadyClock clock = new SteadyClock();
                DiskObjectStore store = new DiskObjectStore(vertx, folder, disk.fsync(), clock, disk.digest());
                yield new OpenedStore(() -> store, new StoreTime(clock), gauges(store), folder);
            }
            case GatewayConfig.Store.S3 s3 -> {
                InstantSource wall = InstantSource.system();
                StoreTime time = new StoreTime(wall, new ElapsedClock(wall, System::nanoTime));
                S3Connection connection = s3.connection()
                        .within(config.limits().s3Connections(), config.limits().waitMax());
                RetentionBudget retention = new RetentionBudget(config.limits().retentionBytes());
                UploadMemory collecting = new UploadMemory(config.limits().collectBytes());
                ConnectionPools.Load load = new ConnectionPools.Load(times);
                UploadMeans tuning = new UploadMeans(
                        PART_BYTES,
                        retention,
                        collecting,
                        memory.transfers(),
                        memory.answers(),
                        load,
                        config.expiry().uploadGrace(),
                        new ChecksumSupport(s3.digest()));
                yield new OpenedStore(
                        () -> new S3ObjectStore(vertx, connection, tuning, time),
                        time,
                        gauges(retention, collecting, load),
                        () -> {});
            }
        };
    }

    /**
     * The store as it is served: with a previous one behind it while a configuration names one.
     *
     * @throws IOException as {@link #open}
     */
    public static OpenedStore served(Vertx vertx, GatewayConfig config, MemoryPlan memory, CallTimes times)
            throws IOException {
        if (config.previous().isEmpty()) {
            return open(vertx, config, memory, times);
        }
        requireToBeThere(config.previous().get());
        OpenedStore own = open(vertx, config, memory, times);
        try {
            return own.before(open(vertx, config.on(config.previous().get()), memory, times));
        } catch (IOException | RuntimeException e) {
            own.closeAfter(e);
            throw e;
        }
    }

    /**
     * A folder to move from is never made: a mistyped one would be empty, and all of it moved at once.
     *
     * @throws IOException where it is no store
     */
    public static void requireToBeThere(GatewayConfig.Store previous) throws IOException {
        if (previous instanceof GatewayConfig.Store.Disk disk
                && !DataFolder.isStore(disk.path().toAbsolutePath())) {
            throw new IOException("There is no store in " + disk.path().toAbsolutePath()
                    + " to move from: check previous.disk.path.");
        }
    }

    /** Why no sweep may remove anything, as a sentence; nothing where it may. */
    Optional<String> unswept() {
        return previous.map(moving -> UNSWEPT);
    }

    private void closeAfter(Exception cause) {
        try {
            shared.close();
        } catch (Exception closing) {
            cause.addSuppressed(closing);
        }
    }

    private OpenedStore before(OpenedStore other) {
        return new OpenedStore(
                () -> new ReadThroughStore(own.get(), other.own().get(), time),
                own,
                Optional.of(other.own()),
                time,
                gauges,
                () -> {
                    try {
                        shared.close();
                    } finally {
                        other.shared().close();
                    }
                });
    }

    private static List<Gauge> gauges(DiskObjectStore store) {
        return List.of(
                Gauge.bytes("caching.disk.free", "", store::freeBytes),
                Gauge.bytes("caching.disk.size", "", store::totalBytes),
                Gauge.count("caching.disk.damaged", "", store::damaged),
                Gauge.count("caching.disk.uses.not.noted", "", store::usesNotNoted));
    }

    private static List<Gauge> gauges(RetentionBudget retention, UploadMemory collecting, ConnectionPools.Load load) {
        List<Gauge> memory = List.of(
                Gauge.bytes(USED, "retention", () -> retention.bytes() - retention.freeBytes()),
                Gauge.bytes(LIMIT, "retention", retention::bytes),
                Gauge.bytes(USED, "collecting", () -> collecting.bytes() - collecting.freeBytes()),
                Gauge.bytes(LIMIT, "collecting", collecting::bytes),
                Gauge.level("caching.memory.waiting", "collecting", collecting::waiting),
                Gauge.bytes(USED, "chunks", ForwardPool::takenBytes),
                Gauge.bytes(LIMIT, "chunks", ForwardPool::limitBytes));
        return Stream.of(memory, gauges("calls", load.calls()), gauges("transfers", load.transfers()))
                .flatMap(List::stream)
                .toList();
    }

    private static List<Gauge> gauges(String kind, LaneLoad lane) {
        return List.of(
                Gauge.level("caching.s3.connections", kind, lane::open),
                Gauge.level("caching.s3.busy", kind, lane::busy),
                Gauge.level("caching.s3.waiting", kind, lane::waiting));
    }
}
