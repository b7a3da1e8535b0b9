package us.kbase.caching.config;

import java.util.List;

/**
 * A configuration and how it came about.
 *
 * @param keys every key with what is in effect, in the order of the documentation
 * @param sources what was read, and what was looked for and is not there, as texts
 * @param notes what was read but was hardly meant so, one sentence each
 */
public record LoadedConfig(GatewayConfig config, List<Effective> keys, List<String> sources, List<String> notes) {

    /**
     * What is in effect for one key.
     *
     * @param shown the value where secrets are not shown
     * @param origin where it was written, empty for a default
     */
    public record Effective(String key, String shown, String origin) {}
}
