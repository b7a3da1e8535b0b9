package us.kbase.caching.config;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import us.kbase.caching.config.source.WrongValue;

/** The variables that the original service read, as values of our keys; {@code SECRET_KEY} signed its cookies, and there are none here. */
final class OriginalNames {

    private static final String HOST = "MINIO_HOST";
    private static final String SECRET = "MINIO_SECRET_KEY";
    private static final String SECURE = "MINIO_SECURE";

    private static final Map<String, String> BY_KEY = Map.of(
            StoreKeys.S3_ENDPOINT.name(), HOST,
            StoreKeys.S3_BUCKET.name(), "MINIO_BUCKET_NAME",
            StoreKeys.S3_ACCESS_KEY.name(), "MINIO_ACCESS_KEY",
            StoreKeys.S3_SECRET_KEY.name(), SECRET,
            Keys.AUTH_URL.name(), "KBASE_AUTH_URL",
            Keys.HTTP_LOOPS.name(), "WORKERS");

    /** Names that belong to nothing else, and whose misspelling is a mistake. */
    static final Set<String> DISTINCT =
            Set.of(HOST, "MINIO_BUCKET_NAME", "MINIO_ACCESS_KEY", SECRET, SECURE, "KBASE_AUTH_URL");

    static final Set<String> ALL = Set.of(
            HOST, "MINIO_BUCKET_NAME", "MINIO_ACCESS_KEY", SECRET, SECURE, "KBASE_AUTH_URL", "WORKERS", "SECRET_KEY");

    private OriginalNames() {}

    /** The variable that sets a key, where the original had one. */
    static Optional<String> variable(String key) {
        return Optional.ofNullable(BY_KEY.get(key));
    }

    /** Any of these chooses S3, as the original knew nothing else. */
    static List<String> choosingS3() {
        return List.of(HOST, SECRET);
    }

    /**
     * What the original's value means for our key.
     *
     * @throws WrongValue with a clause, for a {@code MINIO_SECURE} that says neither
     */
    static String meaning(String variable, String value, Optional<String> secure) {
        if (!variable.equals(HOST) || value.contains("://")) {
            return value;
        }
        return switch (secure.orElse("").toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on", "y", "1" -> "https://" + value;
            case "", "false", "no", "off", "n", "0" -> "http://" + value;
            default -> throw new WrongValue(SECURE + " must be true or false");
        };
    }

    static String secure() {
        return SECURE;
    }
}
