package us.kbase.caching.store.s3;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Map;
import us.kbase.caching.testing.RawS3.Asked;

/** The requests of S3 that a store makes of objects. */
enum S3Request {
    HEAD,
    GET,
    LIST,
    UPLOADS,
    PARTS,
    TAGS,
    TAG,
    PUT,
    PART,
    CREATE,
    COMPLETE,
    ABORT,
    DELETE;

    private static QueryStringDecoder target(Asked asked) {
        return new QueryStringDecoder(asked.line().split(" ")[1]);
    }

    /** What is asked for; path style. */
    static String key(Asked asked) {
        String path = target(asked).path();
        int slash = path.indexOf('/', 1);
        return slash < 0 ? "" : path.substring(slash + 1);
    }

    /** The value of a parameter, empty without it. */
    static String parameter(Asked asked, String name) {
        return target(asked).parameters().getOrDefault(name, List.of("")).getFirst();
    }

    static S3Request of(Asked asked) {
        Map<String, List<String>> query = target(asked).parameters();
        boolean tagging = query.containsKey("tagging");
        boolean ofUpload = query.containsKey("uploadId");
        return switch (asked.line().split(" ")[0]) {
            case "HEAD" -> HEAD;
            case "PUT" -> tagging ? TAG : ofUpload ? PART : PUT;
            case "POST" -> ofUpload ? COMPLETE : CREATE;
            case "DELETE" -> ofUpload ? ABORT : DELETE;
            default ->
                key(asked).isEmpty()
                        ? query.containsKey("uploads") ? UPLOADS : LIST
                        : tagging ? TAGS : ofUpload ? PARTS : GET;
        };
    }
}
