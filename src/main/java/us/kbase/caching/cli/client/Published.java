package us.kbase.caching.cli.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.OptionalLong;

/** Compares what the service has with a local one: the reply to an upload may be lost though the upload was carried out. */
public final class Published {

    private static final int COMPARE_BYTES = 64 << 10;
    private static final int OK = 200;

    private final GatewayClient client;
    private final Patience patience;

    /** Asks one gateway. */
    public Published(GatewayClient client, Patience patience) {
        this.client = client;
        this.patience = patience;
    }

    /** Tells whether the result of an id is, byte for byte, this one; no when that cannot be found out. */
    public boolean is(Input ours, String cacheId) throws InterruptedException {
        try {
            OptionalLong length = ours.length();
            HttpResponse<InputStream> response =
                    client.answer(client.start(client.entry(cacheId).GET().build()), patience.answer());
            try (InputStream theirs = response.body()) {
                return response.statusCode() == OK
                        && (length.isEmpty()
                                || response.headers()
                                        .firstValueAsLong("Content-Length")
                                        .equals(length))
                        && same(theirs, ours);
            }
        } catch (IOException unknown) {
            return false;
        }
    }

    private boolean same(InputStream theirs, Input input) throws IOException {
        try (InputStream ours = input.open();
                StallWatch watch = new StallWatch(patience.silence(), () -> GatewayClient.closed(theirs))) {
            while (true) {
                byte[] expected = ours.readNBytes(COMPARE_BYTES);
                watch.owed();
                if (!Arrays.equals(expected, theirs.readNBytes(COMPARE_BYTES))) {
                    return false;
                }
                if (expected.length == 0) {
                    return true;
                }
            }
        }
    }
}
