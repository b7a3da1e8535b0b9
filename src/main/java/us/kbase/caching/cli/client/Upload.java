package us.kbase.caching.cli.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import us.kbase.caching.cli.progress.Progress;
import us.kbase.caching.digest.ClaimedDigests;
import us.kbase.caching.digest.Digest;

/** Uploads a result as the original's form. Nothing is published unless every byte of the input was sent. */
public final class Upload {

    private final GatewayClient client;
    private final Patience patience;

    /** Uploads to one gateway. */
    public Upload(GatewayClient client, Patience patience) {
        this.client = client;
        this.patience = patience;
    }

    /**
     * What is uploaded.
     *
     * @param name the result's name for the service
     * @param headers that go along, such as a lease
     */
    public record Content(Input input, String name, Map<String, String> headers) {}

    /**
     * Uploads to an id and returns the length in bytes.
     *
     * @throws ErrorReply when the gateway does not take it
     * @throws Unreachable when it is not known whether it was published
     * @throws LocalFault when it cannot be read, or changes meanwhile
     */
    public long of(Content content, String cacheId, Progress progress) throws IOException, InterruptedException {
        OptionalLong length = content.input().length();
        Optional<Digest> checksum = content.input().checksum();
        try (InputStream opened = content.input().open()) {
            Reading reading = new Reading(opened, content.input().toString(), length, progress);
            String boundary = UUID.randomUUID().toString();
            HttpRequest.Builder request = client.entry(cacheId)
                    .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                    // A stream may be slow to come, so what is refused is refused before its first byte.
                    .expectContinue(length.isEmpty())
                    .POST(form(boundary, content.name(), reading, length));
            content.headers().forEach(request::header);
            checksum.ifPresent(digest -> request.header(ClaimedDigests.OF_FILE, digest.member()));
            progress.begin(content.input().bytesExpected());
            client.parsed(sent(request.build(), reading));
            progress.end();
            return reading.bytes;
        } catch (LocalFault | ErrorReply | Unreachable e) {
            throw e;
        } catch (IOException e) {
            throw new LocalFault(content.input() + " cannot be read", e);
        }
    }

    private HttpResponse<InputStream> sent(HttpRequest request, Reading reading)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<InputStream>> asked = client.start(request);
        try (StallWatch watch = new StallWatch(patience.taking(), () -> asked.cancel(true))) {
            reading.watch = watch;
            return watched(asked, watch, reading);
        }
    }

    private HttpResponse<InputStream> watched(
            CompletableFuture<HttpResponse<InputStream>> asked, StallWatch watch, Reading reading)
            throws IOException, InterruptedException {
        try {
            return asked.get();
        } catch (InterruptedException e) {
            asked.cancel(true);
            throw e;
        } catch (CancellationException | ExecutionException e) {
            LocalFault local = reading.fault;
            if (local != null) {
                throw local;
            }
            if (watch.hasEnded()) {
                long seconds = patience.taking().toSeconds();
                throw new Unreachable(client.server() + " took nothing of the upload for " + seconds + " s.", e);
            }
            throw client.unreachable(e.getCause() == null ? e : e.getCause());
        }
    }

    private static BodyPublisher form(String boundary, String name, Reading reading, OptionalLong length) {
        byte[] head = ("--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + quoted(name)
                        + "\"\r\nContent-Type: application/octet-stream\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
        byte[] tail = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII);
        BodyPublisher body = BodyPublishers.concat(
                BodyPublishers.ofByteArray(head),
                BodyPublishers.ofInputStream(() -> reading),
                BodyPublishers.ofByteArray(tail));
        return length.isPresent()
                ? BodyPublishers.fromPublisher(body, head.length + length.getAsLong() + tail.length)
                : body;
    }

    /** As browsers do (HTML, multipart/form-data encoding). */
    private static String quoted(String name) {
        return name.replace("\"", "%22").replace("\r", "%0D").replace("\n", "%0A");
    }

    /** The input while it is read by the HTTP client's threads, one at a time. */
    private static final class Reading extends FilterInputStream {

        private final String name;
        private final OptionalLong length;
        private final Progress progress;
        private volatile @Nullable LocalFault fault;
        private volatile @Nullable StallWatch watch;
        private volatile long bytes;

        Reading(InputStream in, String name, OptionalLong length, Progress progress) {
            super(in);
            this.name = name;
            this.length = length;
            this.progress = progress;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // one thread at a time
        public int read(byte[] into, int offset, int count) throws IOException {
            StallWatch told = watch;
            if (told != null) {
                told.busy();
            }
            int read = checked(into, offset, count);
            bytes += Math.max(read, 0);
            progress.add(Math.max(read, 0));
            if (length.isPresent() && (bytes > length.getAsLong() || (read < 0 && bytes < length.getAsLong()))) {
                throw failed(new LocalFault(name + " changed while it was uploaded; nothing was published."));
            }
            if (told != null) {
                told.owed();
            }
            return read;
        }

        private int checked(byte[] into, int offset, int count) {
            try {
                return super.read(into, offset, count);
            } catch (LocalFault e) {
                throw failed(e);
            } catch (IOException e) {
                throw failed(new LocalFault(name + " cannot be read", e));
            }
        }

        private UncheckedIOException failed(LocalFault why) {
            fault = why;
            return new UncheckedIOException(why);
        }

        @Override
        public void close() {
            // Whoever opened it closes it: the HTTP client may do so late.
        }
    }
}
