package us.kbase.caching.config;

import java.util.List;
import java.util.Map;

/** A value as it was written, before a key's kind has read it; text forms show nothing, since it may be a secret. */
sealed interface Raw {

    /** Where it stands: {@code file:line}, or a variable's name. */
    String origin();

    /**
     * One text, and so every value of the environment.
     *
     * @param plain whether YAML could have read it as something other than text
     */
    record Scalar(String text, boolean plain, String origin) implements Raw {
        @Override
        public String toString() {
            return "Scalar[" + origin + "]";
        }
    }

    /** A list of YAML. */
    record Items(List<String> items, String origin) implements Raw {
        @Override
        public String toString() {
            return "Items[" + origin + "]";
        }
    }

    /** A mapping of YAML below a key that holds one. */
    record Entries(Map<String, String> entries, String origin) implements Raw {
        @Override
        public String toString() {
            return "Entries[" + origin + "]";
        }
    }

    /** A key without a value. */
    record Nothing(String origin) implements Raw {}
}
