package us.kbase.caching.tls;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import us.kbase.caching.config.source.TextFile;
import us.kbase.caching.config.source.WrongValue;
import us.kbase.caching.stream.RecordMemory;

/**
 * Secures accepted connections with the certificate of now. The files are looked at every few seconds; when they hold something else,
 * new connections get that, and open ones stay as they are. Files that cannot be used change nothing and are logged once. Any thread.
 */
public final class ServerTls {

    /** How often the files are looked at. */
    public static final Duration LOOK_PAUSE = Duration.ofSeconds(10);

    /**
     * What a secured connection costs beside the plain one: a record of 16 KiB that has not come whole, and 8 KiB of the JDK's engine and
     * Netty's handler. An idle one has 4 KiB of those, measured with 500; a handshake has more, and no record.
     */
    public static final int CONNECTION_BYTES = 24 * 1024;

    private static final int HANDSHAKE_THREADS = 2;
    private static final String NAME = "tls";
    private static final Logger log = LoggerFactory.getLogger(ServerTls.class);

    private final Vertx vertx;
    private final TlsFiles files;
    private final Executor handshakes;
    private final AtomicLong failedHandshakes = new AtomicLong();
    private final AtomicLong failedReloads = new AtomicLong();
    private final AtomicLong reloads = new AtomicLong();
    private final AtomicLong looks = new AtomicLong();
    private Texts seen;
    private volatile Current current;

    /** What the files held when they were looked at last: their texts, or why there was none. */
    private record Texts(String certificate, String key, String clientCa) {
        static Texts of(TlsFiles files) {
            return new Texts(
                    text(files.certificate()),
                    text(files.key()),
                    files.clientCa().map(Texts::text).orElse(""));
        }

        private static String text(Path file) {
            try {
                return TextFile.read(file);
            } catch (IOException e) {
                return String.valueOf(e.getMessage());
            }
        }

        @Override
        public String toString() {
            return "Texts[***]";
        }
    }

    private record Current(Identity identity, SslContext clients, SslContext operators) {
        static Current of(Identity identity) throws SSLException {
            return new Current(identity, identity.context(), identity.contextWithoutClients());
        }
    }

    private ServerTls(Vertx vertx, TlsFiles files, Texts seen, Current current) {
        this.vertx = vertx;
        this.files = files;
        this.seen = seen;
        this.current = current;
        WorkerExecutor workers = vertx.createSharedWorkerExecutor("tls-handshakes", HANDSHAKE_THREADS);
        this.handshakes = task -> workers.executeBlocking(
                        () -> {
                            task.run();
                            return true;
                        },
                        false)
                .onFailure(cause -> log.debug("A handshake's step failed: {}", cause.toString()));
    }

    /** Reads the files, and looks at them again every so often until Vert.x is closed. Fails with one sentence. */
    public static Future<ServerTls> open(Vertx vertx, TlsFiles files, Duration lookPause) {
        return vertx.executeBlocking(() -> {
                    Texts texts = Texts.of(files);
                    try {
                        return new ServerTls(vertx, files, texts, Current.of(Identity.read(files)));
                    } catch (WrongValue e) {
                        throw new IOException("TLS " + e.clause() + ".", e);
                    }
                })
                .map(opened -> Objects.requireNonNull(opened))
                .onSuccess(opened -> opened.vertx.setTimer(lookPause.toMillis(), id -> opened.lookLater(lookPause)));
    }

    private void lookLater(Duration pause) {
        try {
            vertx.executeBlocking(this::look)
                    .onFailure(cause -> log.warn("The certificate could not be looked at: {}", cause.toString()))
                    .onComplete(done -> vertx.setTimer(pause.toMillis(), id -> lookLater(pause)));
        } catch (RejectedExecutionException closed) {
            log.debug("The certificate is looked at no more: {}", closed.toString());
        }
    }

    /** One look at a time, on worker threads. */
    private synchronized boolean look() {
        Texts now = Texts.of(files);
        looks.incrementAndGet();
        if (now.equals(seen)) {
            return false;
        }
        seen = now;
        try {
            current = Current.of(Identity.read(files));
            reloads.incrementAndGet();
            log.info("The certificate was replaced; the new one is valid until {}", validUntil());
            return true;
        } catch (WrongValue e) {
            kept("TLS " + e.clause());
        } catch (SSLException e) {
            kept(String.valueOf(e.getMessage()));
        }
        return false;
    }

    private void kept(String why) {
        failedReloads.incrementAndGet();
        log.warn("The certificate stays as it was: {}", why);
    }

    /** Secures a connection of a client that has just been accepted. Event loop of the connection. */
    public void secureClient(Channel channel, Duration handshakeMax) {
        channel.config().setAllocator(RecordMemory.INSTANCE);
        secure(channel, handshakeMax, Current::clients);
        channel.pipeline().addAfter(NAME, "tls records", new TlsRecords());
    }

    /** Secures a connection of somebody who proves by a token who he is. Event loop of the connection. */
    public void secureOperator(Channel channel, Duration handshakeMax) {
        secure(channel, handshakeMax, Current::operators);
    }

    private void secure(Channel channel, Duration handshakeMax, Function<Current, SslContext> which) {
        SslHandler handler = which.apply(current).newHandler(channel.alloc(), handshakes);
        handler.setHandshakeTimeoutMillis(handshakeMax.toMillis());
        handler.handshakeFuture().addListener(ended -> {
            if (!ended.isSuccess()) {
                failedHandshakes.incrementAndGet();
                log.debug("A handshake failed: {}", String.valueOf(ended.cause()));
            }
        });
        channel.pipeline().addFirst(NAME, handler);
        UnaskedRecords.bound(channel.pipeline(), NAME);
    }

    /** From where a connection is closed at once: TLS would wait until the client has taken its goodbye. */
    public static ChannelHandlerContext below(ChannelHandlerContext here) {
        ChannelHandlerContext tls = here.channel().pipeline().context(SslHandler.class);
        return tls == null ? here : tls;
    }

    /** Says on a secured connection that no more comes (RFC 8446 section 6.1): what ends without was cut. */
    public static ChannelFuture goodbye(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        return tls == null ? channel.newSucceededFuture() : tls.closeOutbound();
    }

    /** Until when clients believe the certificate of now. */
    public Instant validUntil() {
        return current.identity().validUntil();
    }

    /** How many handshakes failed since the start. */
    public long failedHandshakes() {
        return failedHandshakes.get();
    }

    /** How often the certificate was replaced since the start. */
    public long reloads() {
        return reloads.get();
    }

    /** How often the files were looked at again. */
    long looks() {
        return looks.get();
    }

    /** How often changed files could not be used since the start. */
    public long failedReloads() {
        return failedReloads.get();
    }

    /** Warns when the certificate is over, or soon will be. */
    public Optional<String> warning(Instant now, Duration before) {
        Instant until = validUntil();
        return now.plus(before).isBefore(until)
                ? Optional.empty()
                : Optional.of(
                        "The certificate is valid until " + until + "; renew it, it is then read again by itself");
    }
}
