package us.kbase.caching.cli.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.OptionalLong;
import us.kbase.caching.bundle.Directory;
import us.kbase.caching.bundle.EndRecord;
import us.kbase.caching.cli.client.GatewayClient;
import us.kbase.caching.cli.client.Patience;
import us.kbase.caching.cli.client.Unreachable;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.text.Decimal;

/**
 * The directory of a stored result, read from the result's end.
 *
 * @param etag names the version that was read
 * @param archiveBytes how long that is
 */
public record RemoteDirectory(Directory directory, String etag, long archiveBytes) {

    private static final int PARTIAL = 206;
    private static final int OUTSIDE = 416;
    private static final int DIGITS_MAX = 18;

    /** Some bytes of a result. */
    private record Part(byte[] bytes, String etag, long totalBytes) {}

    /**
     * Asks a gateway, once or twice.
     *
     * @throws Failure.NotABundle when the result is no ZIP file that can be read
     * @throws us.kbase.caching.cli.client.ErrorReply when there is no result, it is not the caller's, or it changes meanwhile
     * @throws Unreachable when it did not come whole
     */
    public static RemoteDirectory of(GatewayClient client, Patience patience, String cacheId)
            throws IOException, InterruptedException {
        Part tail = read(
                client,
                patience,
                client.entry(cacheId).header("Range", "bytes=-" + EndRecord.TAIL_BYTES),
                EndRecord.TAIL_BYTES);
        EndRecord end = EndRecord.of(tail.bytes(), tail.totalBytes());
        long from = end.directoryStart() - (tail.totalBytes() - tail.bytes().length);
        if (from >= 0) {
            return new RemoteDirectory(Directory.of(tail.bytes(), (int) from, end), tail.etag(), tail.totalBytes());
        }
        long last = end.directoryStart() + end.directoryBytes() - 1;
        Part whole = read(
                client,
                patience,
                client.entry(cacheId)
                        .header("Range", "bytes=" + end.directoryStart() + "-" + last)
                        .header("If-Match", tail.etag()),
                end.directoryBytes());
        if (whole.bytes().length != end.directoryBytes()) {
            throw new Unreachable("The answer of " + client.server() + " is shorter than was asked for.");
        }
        return new RemoteDirectory(Directory.of(whole.bytes(), 0, end), tail.etag(), tail.totalBytes());
    }

    private static Part read(GatewayClient client, Patience patience, HttpRequest.Builder request, int bytesMax)
            throws IOException, InterruptedException {
        HttpResponse<InputStream> response =
                client.answer(client.start(request.GET().build()), patience.answer());
        if (response.statusCode() == OUTSIDE) {
            response.body().close();
            throw new Failure.NotABundle("The result is empty, so there are no files in it");
        }
        if (response.statusCode() != PARTIAL) {
            client.parsed(response);
            throw new Unreachable(client.server() + " sent something else than the part that was asked for.");
        }
        String range = response.headers().firstValue("Content-Range").orElse("");
        OptionalLong total = Decimal.parse(range.substring(range.indexOf('/') + 1), DIGITS_MAX);
        String etag = response.headers().firstValue("ETag").orElse("");
        byte[] bytes = client.body(response, bytesMax);
        if (total.isEmpty() || total.getAsLong() < bytes.length || etag.isEmpty()) {
            throw new Unreachable(client.server() + " did not say which part of the result it sent.");
        }
        return new Part(bytes, etag, total.getAsLong());
    }
}
