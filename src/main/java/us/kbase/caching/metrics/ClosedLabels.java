package us.kbase.caching.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.vertx.core.spi.observability.HttpRequest;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which labels a meter may have. What a client or server sends is mapped to a closed set before a label is made of it, since a
 * registry remembers every label it was ever asked for, filtered or not. What gets past that is not counted, and there are at most
 * {@link #METERS_MAX} meters. Any thread.
 */
final class ClosedLabels implements MeterFilter {

    /** A gateway of 64 event loops has about 300. */
    static final int METERS_MAX = 2_000;

    private static final int LABEL_CHARS_MAX = 100;

    /** Of RFC 9110 section 9 and RFC 5789; a method has no other name in a label than {@code other}. */
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

    private static final String OTHER = "other";
    private static final Logger log = LoggerFactory.getLogger(ClosedLabels.class);

    private final int metersMax;
    private final Set<Meter.Id> meters = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean said = new AtomicBoolean();

    ClosedLabels() {
        this(METERS_MAX);
    }

    ClosedLabels(int metersMax) {
        this.metersMax = metersMax;
    }

    /** The labels of a request, of a client or to a server; the code is added by Vert.x. */
    static Tags of(HttpRequest request) {
        String method = request.method().name();
        return Tags.of("method", METHODS.contains(method) ? method : OTHER);
    }

    @Override
    public MeterFilterReply accept(Meter.Id id) {
        for (Tag label : id.getTagsAsIterable()) {
            if (!isKnown(label)) {
                return MeterFilterReply.DENY;
            }
        }
        if (meters.contains(id) || (meters.size() < metersMax && meters.add(id))) {
            return MeterFilterReply.NEUTRAL;
        }
        if (said.compareAndSet(false, true)) {
            log.warn(
                    "There are {} meters already; further ones are not counted, {} the first of them",
                    metersMax,
                    id.getName());
        }
        return MeterFilterReply.DENY;
    }

    private static boolean isKnown(Tag label) {
        String value = label.getValue();
        return switch (label.getKey()) {
            case "method" -> METHODS.contains(value) || value.equals(OTHER);
            case "code" -> isStatus(value);
            case "path", "route", "remote", "local", "address" -> false;
            default -> value.length() <= LABEL_CHARS_MAX;
        };
    }

    /** A status of RFC 9110 section 15; a server may send any number. */
    private static boolean isStatus(String code) {
        return code.length() == 3
                && code.charAt(0) >= '1'
                && code.charAt(0) <= '5'
                && Character.isDigit(code.charAt(1))
                && Character.isDigit(code.charAt(2));
    }
}
