package us.kbase.caching.http.route;

/** Takes how long each request took, from its route to the end of its reply. Event loop only. */
@FunctionalInterface
public interface RequestTimes {

    /**
     * A request has ended.
     *
     * @param operation method and path with {@code {cache_id}} for an id, as {@link RouteTable#names} has them; {@code other} for what no
     *     route answers
     * @param outcome {@code 2xx} to {@code 5xx}, or {@code cut} where the reply did not leave whole
     */
    void ended(String operation, String outcome, long nanos);
}
