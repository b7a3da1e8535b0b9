package us.kbase.caching.expiry;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicLong;
import us.kbase.caching.testing.Await;

/**
 * An S3 server whose bucket has any number of entries, made up as they are asked for: each is a result that lives, and every tenth a
 * placeholder whose time is over. Only which of them are gone is kept.
 */
final class GeneratedS3 {

    private static final int ONE_EXPIRED_IN = 10;
    private static final long DAY_SECONDS = 86_400;
    private static final String KEY = "entry-";

    private final int size;
    private final BitSet gone;
    private final HttpServer server;
    final AtomicLong requests = new AtomicLong();

    GeneratedS3(Vertx vertx, int size) {
        this.size = size;
        this.gone = new BitSet(size);
        this.server = Await.result(
                vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"));
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    int expired() {
        return Math.ceilDiv(size, ONE_EXPIRED_IN);
    }

    synchronized int left() {
        return size - gone.cardinality();
    }

    private static String key(int number) {
        return "entry-%09d".formatted(number);
    }

    private synchronized void answer(HttpServerRequest request) {
        requests.incrementAndGet();
        HttpServerResponse response = request.response()
                .putHeader("Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)))
                .putHeader("x-amz-request-id", "1");
        String path = request.path();
        int at = path.indexOf(KEY);
        if (at >= 0) {
            entry(request, response, Integer.parseInt(path.substring(at + KEY.length())));
        } else if (request.getParam("uploads") != null) {
            response.end("<ListMultipartUploadsResult><IsTruncated>false</IsTruncated></ListMultipartUploadsResult>");
        } else {
            response.end(page(request));
        }
    }

    private void entry(HttpServerRequest request, HttpServerResponse response, int number) {
        boolean expired = number % ONE_EXPIRED_IN == 0;
        response.putHeader("ETag", "\"" + number + "\"");
        switch (request.method().name()) {
            case "HEAD" -> {
                if (gone.get(number)) {
                    response.setStatusCode(404).end();
                    return;
                }
                long now = Instant.now().getEpochSecond();
                response.putHeader("Content-Length", "40")
                        .putHeader("x-amz-meta-expiration", Long.toString(now + (expired ? -DAY_SECONDS : DAY_SECONDS)))
                        .putHeader("x-amz-meta-filename", expired ? "placeholder" : "f")
                        .putHeader("x-amz-meta-token_id", "url:me")
                        .end();
            }
            case "DELETE" -> {
                gone.set(number);
                response.setStatusCode(204).end();
            }
            default -> response.end();
        }
    }

    private String page(HttpServerRequest request) {
        String after = String.valueOf(request.getParam("start-after"));
        int limit = Integer.parseInt(request.getParam("max-keys"));
        int number = after.startsWith(KEY) ? Integer.parseInt(after.substring(KEY.length())) + 1 : 0;
        StringBuilder xml = new StringBuilder("<ListBucketResult>");
        int listed = 0;
        for (; number < size && listed < limit; number++) {
            if (!gone.get(number)) {
                xml.append("<Contents><Key>")
                        .append(key(number))
                        .append(
                                "</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><Size>40</Size></Contents>");
                listed++;
            }
        }
        boolean more = gone.nextClearBit(number) < size;
        return xml.append("<IsTruncated>")
                .append(more)
                .append("</IsTruncated></ListBucketResult>")
                .toString();
    }
}
