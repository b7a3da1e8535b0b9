package us.kbase.caching.store.s3.client;

import java.nio.ByteBuffer;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** In the place of a subscriber that cancelled: a publisher must let go of it (reactive streams 3.13). */
enum NoSubscriber implements Subscriber<ByteBuffer> {
    /** The only one. */
    INSTANCE;

    @Override
    public void onSubscribe(Subscription subscription) {
        subscription.cancel();
    }

    @Override
    public void onNext(ByteBuffer bytes) {
        // nobody wants them
    }

    @Override
    public void onError(Throwable cause) {
        // nobody asked
    }

    @Override
    public void onComplete() {
        // nobody waits
    }
}
