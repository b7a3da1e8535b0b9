package us.kbase.caching.store.s3.client;

import io.vertx.core.http.HttpClientResponse;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpResponse;
import us.kbase.caching.store.StoreTime;

/** Reads the store's time from the Date of its replies. */
final class StoreDate implements ExecutionInterceptor {

    private static final ExecutionAttribute<Instant> SENT = new ExecutionAttribute<>("caching-service-sent");

    private final StoreTime time;

    StoreDate(StoreTime time) {
        this.time = time;
    }

    @Override
    public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
        attributes.putAttribute(SENT, time.localNow());
    }

    @Override
    public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes attributes) {
        Instant sent = attributes.getAttribute(SENT);
        of(context.httpResponse()).ifPresent(date -> time.learn(date, sent));
    }

    /** The date of a reply, if it has one that can be read. */
    static Optional<Instant> of(SdkHttpResponse response) {
        return read(response.firstMatchingHeader("Date"));
    }

    /** The same of an answer that the SDK has not seen. */
    static Optional<Instant> of(HttpClientResponse response) {
        return read(Optional.ofNullable(response.getHeader("Date")));
    }

    private static Optional<Instant> read(Optional<String> date) {
        try {
            return date.map(text -> Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text)));
        } catch (DateTimeParseException unreadable) {
            return Optional.empty();
        }
    }
}
