package us.kbase.caching.cli.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import us.kbase.caching.cli.progress.Progress;
import us.kbase.caching.digest.ClaimedDigests;
import us.kbase.caching.digest.DigestCheck;

/** Downloads a result. A download that is cut, short or stands still fails, and a file is replaced by a whole result only. */
public final class Download {

    private static final int COPY_BYTES = 64 << 10;
    private static final int OK = 200;

    private final GatewayClient client;
    private final Patience patience;

    /** Downloads from one gateway. */
    public Download(GatewayClient client, Patience patience) {
        this.client = client;
        this.patience = patience;
    }

    /**
     * Downloads the result of an id and returns its length in bytes.
     *
     * @throws ErrorReply when there is none, or it is not the caller's
     * @throws Unreachable when it did not come whole, or is not what was uploaded
     * @throws LocalFault when it cannot be written
     * @throws Sink.Unwanted when the target wants none of its type
     */
    public long into(Sink.Target output, String cacheId, Progress progress) throws IOException, InterruptedException {
        return into(output, client.entry(cacheId), progress);
    }

    /** The same of a request that says more, such as which version of the result it wants. */
    public long into(Sink.Target output, HttpRequest.Builder request, Progress progress)
            throws IOException, InterruptedException {
        HttpResponse<InputStream> response = answer(request);
        if (response.statusCode() != OK) {
            throw refused(response);
        }
        String type = response.headers().firstValue("Content-Type").orElse("");
        if (!output.wants(type)) {
            response.body().close();
            throw new Sink.Unwanted(type);
        }
        try (InputStream in = response.body()) {
            Body body = new Body(in, length(response), progress, told(response));
            try (Sink sink = output.open();
                    StallWatch watch = new StallWatch(patience.silence(), () -> GatewayClient.closed(in))) {
                long bytes = body.copied(sink, watch);
                sink.commit();
                return bytes;
            }
        }
    }

    /** A connection may break behind a good head before anybody has seen that: then a download broke off that had begun. */
    private HttpResponse<InputStream> answer(HttpRequest.Builder request) throws IOException, InterruptedException {
        AtomicBoolean begun = new AtomicBoolean();
        BodyHandler<InputStream> body = head -> {
            begun.set(head.statusCode() == OK);
            return BodySubscribers.ofInputStream();
        };
        try {
            return client.answer(client.start(request.GET().build(), body), patience.answer());
        } catch (Unreachable e) {
            throw begun.get() ? new Unreachable("The download broke off after 0 bytes.", e) : e;
        }
    }

    private IOException refused(HttpResponse<InputStream> response) throws IOException {
        client.parsed(response);
        return new ErrorReply(
                response.statusCode(), "The server answered " + response.statusCode() + " to a download.");
    }

    /** What the gateway says of the file's digests. */
    private static ClaimedDigests told(HttpResponse<?> response) {
        return ClaimedDigests.ofReply(name -> Optional.of(response.headers().allValues(name))
                .filter(lines -> !lines.isEmpty())
                .map(lines -> String.join(", ", lines)));
    }

    private long length(HttpResponse<?> response) throws Unreachable {
        boolean framed = response.headers().firstValue("Transfer-Encoding").isPresent();
        long length = response.headers().firstValueAsLong("Content-Length").orElse(-1);
        if (length < 0 && !framed) {
            throw new Unreachable(
                    "The answer of " + client.server() + " has no length, so nobody can tell whether all of it came.");
        }
        return length;
    }

    private final class Body {
        private final InputStream in;
        private final long length;
        private final Progress progress;
        private final DigestCheck digests;
        private long bytes;

        /** A body of that length; negative when it is not known. */
        Body(InputStream in, long length, Progress progress, ClaimedDigests told) {
            this.digests = new DigestCheck(told);
            this.in = in;
            this.length = length;
            this.progress = progress;
        }

        long copied(Sink sink, StallWatch watch) throws IOException {
            byte[] buffer = new byte[COPY_BYTES];
            progress.begin(length);
            for (int read = next(buffer, watch); read >= 0; read = next(buffer, watch)) {
                watch.busy();
                digests.update(ByteBuffer.wrap(buffer, 0, read));
                sink.write(buffer, read);
                bytes += read;
                progress.add(read);
                watch.owed();
            }
            if (watch.hasEnded() || (length >= 0 && bytes != length)) {
                throw brokenOff(watch, null);
            }
            Optional<String> wrong = digests.wrong();
            if (wrong.isPresent()) {
                throw new Unreachable("The result that came is not what was uploaded: " + wrong.get() + ".");
            }
            progress.end();
            return bytes;
        }

        private int next(byte[] buffer, StallWatch watch) throws Unreachable {
            try {
                return in.read(buffer);
            } catch (IOException e) {
                throw brokenOff(watch, e);
            }
        }

        private Unreachable brokenOff(StallWatch watch, @org.jspecify.annotations.Nullable IOException cause) {
            String how = watch.hasEnded()
                    ? "stood still for " + patience.silence().toSeconds() + " s and was ended"
                    : "broke off";
            String of = length < 0 ? "" : " of " + length;
            String sentence = "The download " + how + " after " + bytes + of + " bytes.";
            return cause == null ? new Unreachable(sentence) : new Unreachable(sentence, cause);
        }
    }
}
