package us.kbase.caching.simulation;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.stream.ByteSource;

/** What a client sends: in two halves, the second of which may never come. */
final class UploadedBytes implements ByteSource {

    private final Network network;
    private final Buffer content;
    private final boolean breaks;
    private int asked;

    UploadedBytes(Network network, String content, boolean breaks) {
        this.network = network;
        this.content = Buffer.buffer(content);
        this.breaks = breaks;
    }

    Buffer given() {
        return content.slice(0, content.length() / 2);
    }

    @Override
    public Future<Buffer> next() {
        Promise<Buffer> next = Promise.promise();
        int chunk = asked++;
        network.schedule().after(network.latency(), network.gateway(), () -> {
            switch (chunk) {
                case 0 -> next.complete(given());
                case 1 -> {
                    if (breaks) {
                        next.fail(new Failure.ClientGone(null));
                    } else {
                        next.complete(content.slice(content.length() / 2, content.length()));
                    }
                }
                default -> next.complete(END);
            }
        });
        return next.future();
    }

    @Override
    public void cancel() {}
}
