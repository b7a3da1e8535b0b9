package us.kbase.caching.stress.siege.store;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;

/**
 * One connection of the gateway to its S3 server, and its twin. Knows enough of HTTP/1.1 to see where a request begins: those
 * of the gateway carry a length, and come one at a time.
 */
final class Relay {

    private static final long HUGE_BYTES = 150L << 20;
    private static final Buffer ZEROS = Buffer.buffer(new byte[64 * 1024]);
    private static final String SLOW_DOWN = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>SlowDown</Code>"
            + "<Message>Please reduce your request rate.</Message></Error>";
    private static final String LENGTH = "content-length:";

    private final Vertx vertx;
    private final StoreProxy proxy;
    private final NetSocket down;
    private final NetSocket up;
    private Buffer head = Buffer.buffer();
    private long missing;
    private StoreProxy.Fate fate = StoreProxy.Fate.PASS;
    private long dueNanos;
    private boolean opensUpload;
    private boolean wantsBody;
    private boolean closed;

    Relay(Vertx vertx, StoreProxy proxy, NetSocket down, NetSocket up) {
        this.vertx = vertx;
        this.proxy = proxy;
        this.down = down;
        this.up = up;
    }

    void begin() {
        down.handler(this::request).exceptionHandler(cause -> StoreProxy.reset(up));
        up.handler(this::reply).exceptionHandler(cause -> StoreProxy.reset(down));
        down.closeHandler(v -> {
            closed = true;
            if (opensUpload) {
                proxy.uploadUntold();
            }
            up.close();
        });
        up.endHandler(v -> down.close());
        up.drainHandler(v -> down.resume());
        down.drainHandler(v -> up.resume());
        down.resume();
    }

    private void request(Buffer bytes) {
        Buffer rest = bytes;
        while (rest.length() > 0) {
            rest = missing > 0 ? body(rest) : heads(rest);
        }
    }

    private Buffer heads(Buffer bytes) {
        head.appendBuffer(bytes);
        String text = head.toString("ISO-8859-1");
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            return Buffer.buffer();
        }
        fate = proxy.fate(text.substring(0, text.indexOf("\r\n")));
        wantsBody = !text.startsWith("HEAD ");
        dueNanos = System.nanoTime() + proxy.lateMillis() * 1_000_000;
        missing = text.substring(0, end)
                .lines()
                .filter(line -> line.regionMatches(true, 0, LENGTH, 0, LENGTH.length()))
                .mapToLong(
                        line -> Long.parseLong(line.substring(LENGTH.length()).strip()))
                .findFirst()
                .orElse(0);
        Buffer own = head.getBuffer(0, end + 4);
        Buffer rest = head.getBuffer(end + 4, head.length());
        head = Buffer.buffer();
        if (fate == StoreProxy.Fate.PASS) {
            opensUpload = StoreProxy.opensUpload(text);
            up.write(own);
        } else if (missing == 0) {
            whenDue(this::answer);
        }
        return rest;
    }

    private Buffer body(Buffer bytes) {
        int length = (int) Math.min(missing, bytes.length());
        missing -= length;
        if (fate == StoreProxy.Fate.PASS) {
            up.write(bytes.slice(0, length));
            if (up.writeQueueFull()) {
                down.pause();
            }
        } else if (missing == 0) {
            whenDue(this::answer);
        }
        return bytes.slice(length, bytes.length());
    }

    private void reply(Buffer bytes) {
        if (dueNanos - System.nanoTime() > 1_000_000) {
            up.pause();
            whenDue(() -> {
                pass(bytes);
                up.resume();
            });
        } else {
            pass(bytes);
        }
    }

    private void pass(Buffer bytes) {
        opensUpload = false;
        down.write(bytes);
        if (down.writeQueueFull()) {
            up.pause();
        }
    }

    private void whenDue(Runnable task) {
        long millis = (dueNanos - System.nanoTime()) / 1_000_000;
        if (millis < 1) {
            task.run();
        } else {
            vertx.setTimer(millis, timer -> {
                if (!closed) {
                    task.run();
                }
            });
        }
    }

    private void answer() {
        if (fate == StoreProxy.Fate.SLOW_DOWN) {
            down.write("HTTP/1.1 503 Slow Down\r\nContent-Type: application/xml\r\nContent-Length: "
                    + SLOW_DOWN.length() + "\r\n\r\n" + (wantsBody ? SLOW_DOWN : ""));
            return;
        }
        down.write("HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/xml\r\nContent-Length: "
                + HUGE_BYTES + "\r\n\r\n");
        hugeBody(HUGE_BYTES);
    }

    private void hugeBody(long bytes) {
        long left = bytes;
        while (left > 0 && !closed && !down.writeQueueFull()) {
            down.write(ZEROS);
            left -= ZEROS.length();
        }
        long rest = left;
        if (rest > 0 && !closed) {
            down.drainHandler(v -> hugeBody(rest));
        } else {
            down.drainHandler(v -> up.resume());
        }
    }
}
