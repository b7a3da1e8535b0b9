package us.kbase.caching.trace;

import io.vertx.core.http.HttpMethod;

/** What Amazon's reference of the S3 API calls a request, by its method and query: nothing of a key, a bucket or a signature. */
public final class S3Operation {

    /** A look at one object, or at the bucket. */
    public static final String HEAD_OBJECT = "S3 HeadObject";

    private S3Operation() {}

    /** The operation, behind {@code S3} and a blank; {@code S3} alone for what none of ours is. */
    public static String name(HttpMethod method, String uri) {
        String query = uri.substring(uri.indexOf('?') + 1);
        boolean asks = query.length() < uri.length();
        if (asks && has(query, "uploadId")) {
            return has(query, "partNumber") ? "S3 UploadPart" : ofUpload(method);
        }
        if (asks && has(query, "uploads")) {
            return method.equals(HttpMethod.POST) ? "S3 CreateMultipartUpload" : "S3 ListMultipartUploads";
        }
        if (asks && has(query, "tagging")) {
            return method.equals(HttpMethod.PUT) ? "S3 PutObjectTagging" : "S3 GetObjectTagging";
        }
        if (asks && has(query, "list-type")) {
            return "S3 ListObjectsV2";
        }
        return ofObject(method);
    }

    private static String ofUpload(HttpMethod method) {
        return switch (method.name()) {
            case "GET" -> "S3 ListParts";
            case "DELETE" -> "S3 AbortMultipartUpload";
            default -> "S3 CompleteMultipartUpload";
        };
    }

    private static String ofObject(HttpMethod method) {
        return switch (method.name()) {
            case "GET" -> "S3 GetObject";
            case "HEAD" -> HEAD_OBJECT;
            case "PUT" -> "S3 PutObject";
            case "DELETE" -> "S3 DeleteObject";
            default -> "S3";
        };
    }

    /** Whether the query has a parameter of that name, with a value or without. */
    private static boolean has(String query, String name) {
        for (int at = query.indexOf(name); at >= 0; at = query.indexOf(name, at + 1)) {
            int end = at + name.length();
            boolean begins = at == 0 || query.charAt(at - 1) == '&';
            boolean ends = end == query.length() || query.charAt(end) == '=' || query.charAt(end) == '&';
            if (begins && ends) {
                return true;
            }
        }
        return false;
    }
}
