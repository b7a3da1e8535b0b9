package us.kbase.caching.stress.load;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A result at a CachingService, old or new: the four calls of its version 1 API. */
public final class V1Transfer implements Transfer {

    private static final Pattern CACHE_ID = Pattern.compile("\"cache_id\"\\s*:\\s*\"([0-9A-Za-z_-]+)\"");

    private static final int SENTENCE_CHARS_MAX = 80;

    private final Http http;
    private final Tally tally;
    private final String token;
    private final String parameters;
    private final Content.File file;
    private String path = "";

    /**
     * A result.
     *
     * @param run distinguishes this run's cache ids from those of others
     */
    public V1Transfer(Http http, Tally tally, String token, String run, int number, Content.File file) {
        this(http, tally, token, "{\"stress\":\"" + run + "\",\"job\":" + number + "}", file);
    }

    private V1Transfer(Http http, Tally tally, String token, String parameters, Content.File file) {
        this.http = http;
        this.tally = tally;
        this.token = token;
        this.parameters = parameters;
        this.file = file;
    }

    /** The same result by another client, so also through another gateway on the same store. */
    public V1Transfer by(Http client) {
        V1Transfer same = new V1Transfer(client, tally, token, parameters, file);
        same.path = path;
        return same;
    }

    @Override
    public Future<Void> reserve() {
        return expect(
                        "/v1/cache_id",
                        HttpMethod.POST,
                        Map.of("Content-Type", "application/json"),
                        Payload.of(Buffer.buffer(parameters)),
                        Optional.empty())
                .map(reply -> {
                    Matcher found = CACHE_ID.matcher(reply.text());
                    if (!found.find()) {
                        throw new CallFailed("reply without a cache_id");
                    }
                    path = "/v1/cache/" + found.group(1);
                    return null;
                });
    }

    @Override
    public Future<Void> upload() {
        return expect(
                        path,
                        HttpMethod.POST,
                        Map.of("Content-Type", Payload.FORM_TYPE),
                        Payload.form(file),
                        Optional.empty())
                .mapEmpty();
    }

    @Override
    public Future<Void> download() {
        return expect(path, HttpMethod.GET, Map.of(), Payload.NONE, Optional.of(file))
                .mapEmpty();
    }

    @Override
    public Future<Void> delete() {
        return expect(path, HttpMethod.DELETE, Map.of(), Payload.NONE, Optional.empty())
                .mapEmpty();
    }

    /** The id under which the service keeps the result, once reserved. */
    public String cacheId() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The file that it carries. */
    public Content.File file() {
        return file;
    }

    /** What the gateway says of it, up to where it differs from call to call. */
    private static String sentence(Http.Reply reply) {
        try {
            String error = new JsonObject(reply.text()).getString("error", "");
            return ": " + error.substring(0, Math.min(error.length(), SENTENCE_CHARS_MAX));
        } catch (DecodeException | ClassCastException notOurs) {
            return "";
        }
    }

    private Future<Http.Reply> expect(
            String at, HttpMethod method, Map<String, String> headers, Payload payload, Optional<Content.File> wanted) {
        Map<String, String> all = new java.util.HashMap<>(headers);
        all.put("Authorization", token);
        return http.send(new Http.Call(method, at, all, payload, wanted), tally::sent, tally::verified)
                .compose(reply -> reply.status() == 200
                        ? Future.succeededFuture(reply)
                        : Future.failedFuture(new CallFailed("status " + reply.status() + sentence(reply))));
    }
}
