package us.kbase.caching.stress.siege;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the gateway says that it holds, from its Prometheus metrics. */
final class Gauges {

    private static final List<String> HELD = List.of(
            "caching_memory_used_bytes", "caching_memory_waiting", "caching_transfers_open", "caching_s3_waiting");
    private static final int TIMEOUT_MILLIS = 2_000;
    private static final int TEXT_BYTES_MAX = 16 << 20;

    private Gauges() {}

    /** The gauges of what is held, by name and labels; empty when the address does not answer or tells none. */
    static Optional<Map<String, Double>> of(URI metrics) {
        try {
            HttpURLConnection connection = (HttpURLConnection) metrics.toURL().openConnection();
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            connection.setRequestProperty("Connection", "close");
            try (InputStream body = connection.getInputStream()) {
                Map<String, Double> found = parse(new String(body.readNBytes(TEXT_BYTES_MAX), StandardCharsets.UTF_8));
                return found.isEmpty() ? Optional.empty() : Optional.of(found);
            }
        } catch (IOException notTold) {
            return Optional.empty();
        }
    }

    static Map<String, Double> parse(String text) {
        Map<String, Double> found = new TreeMap<>();
        text.lines().filter(line -> HELD.stream().anyMatch(line::startsWith)).forEach(line -> {
            int space = line.lastIndexOf(' ');
            found.merge(line.substring(0, space), Double.parseDouble(line.substring(space + 1)), Double::sum);
        });
        return found;
    }
}
