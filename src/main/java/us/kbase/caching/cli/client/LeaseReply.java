package us.kbase.caching.cli.client;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;

/** What a gateway says to who wants a result, or else the right to compute it. */
public sealed interface LeaseReply {

    /** There is a result. */
    record Ready() implements LeaseReply {}

    /** There is none, and the caller is to compute it. */
    record Leased(String secret) implements LeaseReply {}

    /** Somebody deleted the entry, or it expired: it is to be made again. */
    record Gone() implements LeaseReply {}

    /** Somebody else computes. */
    record Pending(String holder) implements LeaseReply {}

    /** Nobody says anything now; to be asked again. */
    record Unknown(IOException why) implements LeaseReply {}

    /** How much longer than the time to wait an answer may take. */
    Duration ANSWER_MAX = Duration.ofSeconds(25);

    /**
     * Asks, and lets the gateway wait for somebody else's result that long before it answers.
     *
     * @throws ErrorReply when asking again would not help
     */
    static LeaseReply ask(GatewayClient client, String cacheId, Duration ttl, Duration wait)
            throws ErrorReply, InterruptedException {
        try {
            JsonObject reply = client.json(
                    client.request("/cache/" + GatewayClient.escaped(cacheId) + "/lease")
                            .POST(BodyPublishers.ofString(question(ttl, wait).encode()))
                            .build(),
                    wait.plus(ANSWER_MAX));
            return switch (reply.getString("state", "")) {
                case "ready" -> new Ready();
                case "leased" -> new Leased(reply.getString("lease"));
                default -> new Pending(named(reply.getString("holder", "")));
            };
        } catch (ErrorReply e) {
            if (e.isNotFound()) {
                return new Gone();
            }
            if (!e.mayPass()) {
                throw e;
            }
            return new Unknown(e);
        } catch (IOException e) {
            return new Unknown(e);
        }
    }

    private static JsonObject question(Duration ttl, Duration wait) {
        return new JsonObject()
                .put("ttl_seconds", ttl.toSeconds())
                .put("wait_seconds", wait.plusMillis(999).toSeconds())
                .put(
                        "holder",
                        System.getProperty("user.name") + "@" + host() + " process "
                                + ProcessHandle.current().pid());
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "a host without a name";
        }
    }

    private static String named(String holder) {
        return holder.isEmpty() ? "somebody" : holder;
    }
}
