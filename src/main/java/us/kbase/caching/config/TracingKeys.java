package us.kbase.caching.config;

import java.net.URI;
import java.util.Optional;
import us.kbase.caching.secret.Secret;
import us.kbase.caching.trace.Traces;

/** The rows of {@link Keys} about traces, and what they come to together. */
final class TracingKeys {

    static final Key<URI> OTLP = Key.unset(
            "tracing.otlp",
            Addresses.collector(),
            "http://127.0.0.1:4318",
            "Collector that takes traces by OTLP over HTTP; without a path, /v1/traces is meant. Without it no traces are made."
                    + " One that does not answer loses them, and holds up nothing.");
    static final Key<Integer> PERCENT = Key.of(
            "tracing.percent",
            Kinds.count(0, 100).in("percent", "0 to 100"),
            "100",
            "Share of requests that are traced where the client says nothing; one that sends traceparent decides itself.");
    static final Key<Secret> TOKEN = Key.unset(
            "tracing.token",
            Kinds.bearerToken(1),
            "",
            "What the collector is shown, as Authorization: Bearer <token>. Better as CACHING_TRACING_TOKEN_FILE.");

    private TracingKeys() {}

    /** Where traces go; nothing where no collector is named. */
    static Optional<Traces.Settings> settings(Sources sources) {
        int percent = sources.get(PERCENT);
        Optional<Secret> token = sources.find(TOKEN);
        return sources.find(OTLP).map(collector -> new Traces.Settings(collector, percent, token));
    }
}
