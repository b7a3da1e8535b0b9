package us.kbase.caching.testing;

import java.util.List;

/** A request to every route, well and badly made, each with texts that would be recognised wherever they came out. */
public final class CanaryRequests {

    /** What stands in parameters of jobs. */
    public static final String PARAMETER = "canary-parameter-value";

    /** What stands in queries. */
    public static final String QUERY = "canary-query-value";

    /** What is sent as a lease. */
    public static final String LEASE = "canary-lease-that-nobody-holds";

    private static final String FORM =
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\nnew\r\n--b--\r\n";

    private CanaryRequests() {}

    private static String request(String method, String path, String headers, String body) {
        return method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers + "Content-Length: "
                + body.length() + "\r\n\r\n" + body;
    }

    /** All of them, as raw text, with this token and on this id. */
    public static List<String> all(String token, String id) {
        String as = "Authorization: " + token + "\r\n";
        String json = as + "Content-Type: application/json\r\n";
        String form = as + "Content-Type: multipart/form-data; boundary=b\r\n";
        String leased = as + "Cache-Lease: " + LEASE + "\r\n";
        String query = "?token=" + QUERY;
        return List.of(
                request("POST", "/v1/cache_id", json, "{\"job\":\"" + PARAMETER + "\"}"),
                request("POST", "/v1/cache_id", json, "{\"job\":\"" + PARAMETER + "\","),
                request("POST", "/v1/cache_id", json, "{\"job\":" + PARAMETER + "}"),
                request("POST", "/v1/cache_id", json, "[\"" + PARAMETER + "\"]"),
                request("POST", "/v1/cache_id" + query, json, "{\"job\":1}"),
                request("POST", "/v1/cache_id", as + "Content-Type: text/plain\r\n", PARAMETER),
                request("POST", "/v1/lease", json, "{\"params\":{\"job\":\"" + PARAMETER + "\"},\"wait_seconds\":0}"),
                request("POST", "/v1/lease", json, "{\"params\":\"" + PARAMETER + "\",\"wait_seconds\":0}"),
                request("POST", "/v1/lease", json, "{\"params\":{\"job\":1},\"wait_seconds\":\"" + PARAMETER + "\"}"),
                request("POST", "/v1/cache/" + id, form, FORM),
                request("PUT", "/v1/cache/" + id, as, "as it is"),
                request("POST", "/v1/cache/" + id, form, "--b\r\ncut"),
                request("POST", "/v1/cache/" + id, form + "Cache-Lease: " + LEASE + "\r\n", FORM),
                request("POST", "/v1/cache/" + id, form + "Cache-Expires-Days: 0\r\n", FORM),
                request("GET", "/v1/cache/" + id, as, ""),
                request("GET", "/v1/cache/" + id + query, as, ""),
                request("GET", "/v1/cache/" + id, as + "Range: bytes=99-\r\n", ""),
                request("GET", "/v1/cache/" + id + "/file", as, ""),
                request("GET", "/v1/cache/" + id + "/files", as, ""),
                request("GET", "/v1/cache/" + id + "/files/member", as, ""),
                request("GET", "/v1/cache", as, ""),
                request("GET", "/v1/cache" + query, as, ""),
                request("GET", "/v1/cache?limit=" + QUERY, as, ""),
                request("GET", "/v1/cache?all=true", as, ""),
                request("GET", "/v1/cache/" + id + "/metadata", as, ""),
                request("POST", "/v1/cache/" + id + "/lease", json, "{\"wait_seconds\":0}"),
                request("PUT", "/v1/cache/" + id + "/lease", leased, "{}"),
                request("DELETE", "/v1/cache/" + id + "/lease", leased, ""),
                request("POST", "/v1/expire", as, ""),
                request("POST", "/v1/expire" + query, as, ""),
                request("POST", "/v1/verify", as, ""),
                request("GET", "/v1/verify", as, ""),
                request("DELETE", "/v1/cache/" + id, as, ""),
                request("GET", "/v1/unknown" + query, as, ""),
                request("PATCH", "/v1/cache", as, ""),
                request("OPTIONS", "/v1/cache", as, ""),
                request("GET", "/v1/cache/" + id, as + as, ""),
                request("GET", "/v1/cache/" + id, as + "Host: y\r\n", ""),
                request("GET", "/v1/openapi.yaml", as, ""),
                request("GET", "/healthz", as, ""),
                request("GET", "/readyz", as, ""),
                request("GET", "/metrics", as, ""));
    }
}
