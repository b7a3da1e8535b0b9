package us.kbase.caching.config;

import java.util.List;

/** A configuration that cannot be used; says everything that is wrong with it, one sentence each. */
public final class ConfigException extends Exception {

    private final List<String> problems;

    /** All problems that were found. */
    public ConfigException(List<String> problems) {
        super(String.join("\n", problems), null, false, false);
        this.problems = List.copyOf(problems);
    }

    /** One sentence each. */
    public List<String> problems() {
        return problems;
    }
}
