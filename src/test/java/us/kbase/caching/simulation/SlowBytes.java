package us.kbase.caching.simulation;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.stream.ByteSource;

/** A download's bytes, each time half of what is left; the way may break between them. */
final class SlowBytes implements ByteSource {
    private final Network network;
    private Buffer left;

    SlowBytes(Network network, Buffer bytes) {
        this.network = network;
        this.left = bytes;
    }

    @Override
    public Future<Buffer> next() {
        Promise<Buffer> next = Promise.promise();
        boolean broken = network.breaksNow();
        network.schedule().after(network.latency(), network.gateway(), () -> {
            if (broken) {
                next.fail(new Failure.Upstream("cut", null));
            } else {
                int length = left.length() > 4 ? left.length() / 2 : left.length();
                Buffer given = left.slice(0, length);
                left = left.slice(length, left.length());
                next.complete(given);
            }
        });
        return next.future();
    }

    @Override
    public void cancel() {}
}
