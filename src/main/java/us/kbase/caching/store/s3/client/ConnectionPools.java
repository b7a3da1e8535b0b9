package us.kbase.caching.store.s3.client;

import io.netty.channel.Channel;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.function.LongConsumer;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.names.Names;
import us.kbase.caching.store.s3.error.S3Errors;
import us.kbase.caching.store.s3.lane.BusyLimit;
import us.kbase.caching.store.s3.lane.Lane;
import us.kbase.caching.store.s3.lane.LaneLoad;
import us.kbase.caching.store.s3.lane.LaneRoom;
import us.kbase.caching.store.s3.lane.RecentUsers;
import us.kbase.caching.stream.ReadPolicy;
import us.kbase.caching.stream.UnclaimedChunks;
import us.kbase.caching.tally.CallTimes;
import us.kbase.caching.trace.S3Operation;

/**
 * The connections of one event loop to an S3 server, in two pools: calls, which the server answers at once, and transfers, which go at
 * the pace of clients. A transfer never holds what a call needs (docs/adr/0029). Event loop only.
 */
public final class ConnectionPools {

    private static final int RECEIVE_BUFFER_BYTES = 256 * 1024;
    static final int CONNECT_TIMEOUT_MILLIS = 5_000;
    private static final int IDLE_SECONDS = 120;
    private static final int KEEP_ALIVE_SECONDS = 20;

    /** The lanes bound what is open. The pools behind them must not make anybody wait once more. */
    private static final int POOL_MAX = 20_000;

    private final SignedExchange.Road calls;
    private final SignedExchange.Road transfers;
    private LongConsumer onLook;

    /**
     * What is seen of the connections of all event loops.
     *
     * @param calls see {@link #calls()}
     * @param transfers see {@link #transfers()}
     * @param times hears how long each request took
     * @param users who wanted the store lately
     */
    public record Load(LaneLoad calls, LaneLoad transfers, CallTimes times, RecentUsers users) {

        /** Of a process that has opened nothing yet. */
        public Load(CallTimes times) {
            this(new LaneLoad(), new LaneLoad(), times, new RecentUsers());
        }

        /** The same, which tells nobody how long requests took. */
        public Load() {
            this(CallTimes.UNTOLD);
        }
    }

    /** For the current event loop; the budget pays for what is open beyond the usual number of calls. */
    ConnectionPools(Vertx vertx, S3Connection connection, Budget budget, Load load) {
        int busyMax = connection.connections();
        BusyLimit busyCalls = BusyLimit.ofCalls(busyMax, load.users(), System::nanoTime);
        BusyLimit busyTransfers = BusyLimit.ofTransfers(busyMax, load.users(), System::nanoTime);
        CallTimes times = (operation, outcome, nanos) -> {
            load.times().ended(operation, outcome, nanos);
            // A HEAD costs the store nothing else, and every upload and deletion makes one. An error in a hurry shows
            // no pace.
            if (operation.equals(S3Operation.HEAD_OBJECT) && (outcome.equals("2xx") || outcome.equals("4xx"))) {
                onLook.accept(nanos);
            }
        };
        this.calls = new SignedExchange.Road(
                vertx,
                client(vertx, connection),
                Lane.ofCalls(vertx, busyCalls, LaneRoom.ofCalls(budget, busyMax), load.calls()),
                times);
        this.transfers = new SignedExchange.Road(
                vertx,
                client(vertx, connection),
                Lane.ofTransfers(vertx, busyTransfers, LaneRoom.ofTransfers(budget), load.transfers()),
                times);
        this.onLook = nanos -> {
            calls.lane().looked(nanos);
            transfers.lane().looked(nanos);
        };
    }

    /** From now on that learns too how long each HEAD took from when it was ready to be sent, in nanoseconds. */
    public void onLook(LongConsumer learner) {
        onLook = onLook.andThen(learner);
    }

    private static HttpClient client(Vertx vertx, S3Connection connection) {
        HttpClientOptions options = new HttpClientOptions()
                .setMaxChunkSize(ResponseSource.FILE_READ_BYTES)
                .setReceiveBufferSize(RECEIVE_BUFFER_BYTES)
                .setConnectTimeout(CONNECT_TIMEOUT_MILLIS)
                .setIdleTimeout(IDLE_SECONDS)
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setDecompressionSupported(false)
                .setMaxHeaderSize(32 * 1024);
        connection
                .caFile()
                .ifPresent(ca -> options.setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(ca.pem()))));
        return Names.of(vertx)
                .usedBy(vertx.httpClientBuilder(), connection.endpoint().getHost())
                .with(options)
                .with(new PoolOptions().setHttp1MaxSize(POOL_MAX).setEventLoopSize(0))
                .withConnectHandler(opened -> {
                    Channel channel = ((ConnectionBase) opened).channel();
                    ReadPolicy.control(channel, ResponseSource.ANSWER_READ_BYTES);
                    UnclaimedChunks.watch(channel);
                })
                .build();
    }

    /** For calls without a file's bytes, or with few that are in memory. */
    public SignedExchange.Road calls() {
        return calls;
    }

    /** For bytes of files. */
    public SignedExchange.Road transfers() {
        return transfers;
    }

    /** Closes all of them. */
    public void close() {
        calls.client().close().onFailure(S3Errors::logCleanup);
        transfers.client().close().onFailure(S3Errors::logCleanup);
    }
}
