package us.kbase.caching.cluster;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.MessageProducer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Sends keys to the other members, one message under way at a time: while a member is slow to take one, keys become one message
 * instead of many. What does not fit is dropped.
 */
final class HintSender {

    private static final int WAITING_MAX = 10_000;

    private final Context context;
    private final MessageProducer<String> producer;
    private final Set<String> waiting = new LinkedHashSet<>();
    private boolean sending;

    HintSender(Vertx vertx, String address, DeliveryOptions options) {
        this.context = vertx.getOrCreateContext();
        this.producer = vertx.eventBus().publisher(address, options);
    }

    void tell(String key) {
        context.runOnContext(v -> {
            if (waiting.size() < WAITING_MAX) {
                waiting.add(key);
                send();
            }
        });
    }

    private void send() {
        if (sending || waiting.isEmpty()) {
            return;
        }
        sending = true;
        List<String> batch = new ArrayList<>(waiting);
        waiting.clear();
        // A message that is lost is made up for by the next poll.
        producer.write(String.join(",", batch))
                .onComplete(done -> context.runOnContext(v -> {
                    sending = false;
                    send();
                }));
    }
}
