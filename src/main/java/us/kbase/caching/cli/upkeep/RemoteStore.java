package us.kbase.caching.cli.upkeep;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import us.kbase.caching.cli.client.ErrorReply;
import us.kbase.caching.cli.client.GatewayClient;
import us.kbase.caching.expiry.SweepReport;
import us.kbase.caching.verify.VerifyReport;

/** An administrator's work on a store, done by the gateway that owns it. */
final class RemoteStore {

    private static final int PAGE = 200;
    private static final long POLL_MILLIS = 250;

    private final GatewayClient client;

    RemoteStore(GatewayClient client) {
        this.client = client;
    }

    /** Sweeps the whole store, behind a sweep that runs already, and returns when it is done. */
    SweepReport sweep(String query) throws IOException, InterruptedException {
        while (true) {
            JsonObject state = client.json(client.request("/expire" + query)
                    .POST(BodyPublishers.noBody())
                    .build());
            boolean begun = state.getBoolean("began", true);
            while (state.getBoolean("running", false)) {
                Thread.sleep(POLL_MILLIS);
                state = client.json(client.request("/expire").GET().build());
            }
            if (begun) {
                return SweepReport.of(state.getJsonObject("report", new JsonObject()));
            }
        }
    }

    /**
     * Reads and compares, behind a verification that runs already, and returns when it is done. Fails when the gateway does not know
     * that verification any more: what it tells of another one says nothing of what was asked.
     */
    VerifyReport verify(String query) throws IOException, InterruptedException {
        while (true) {
            JsonObject asked = client.json(client.request("/verify" + query)
                    .POST(BodyPublishers.noBody())
                    .build());
            JsonObject ended = ended(asked);
            if (asked.getBoolean("began", true)) {
                if (run(ended) != run(asked)) {
                    throw new IOException("The verification's result is lost: the gateway was started anew, or somebody"
                            + " else began another one; verify again");
                }
                return VerifyReport.of(ended.getJsonObject("report", new JsonObject()));
            }
        }
    }

    /** The state once that verification does not run any more. */
    private JsonObject ended(JsonObject asked) throws IOException, InterruptedException {
        JsonObject state = asked;
        while (state.getBoolean("running", false) && run(state) == run(asked)) {
            Thread.sleep(POLL_MILLIS);
            state = client.json(client.request("/verify").GET().build());
        }
        return state;
    }

    private static long run(JsonObject state) {
        return state.getLong("run", 0L);
    }

    /** What is done with an id of the store. */
    private interface OnId {
        void accept(String cacheId) throws IOException, InterruptedException;
    }

    /** Counts the living entries. */
    long count() throws IOException, InterruptedException {
        long[] count = new long[1];
        each(id -> count[0]++);
        return count[0];
    }

    /** Deletes the living entries and returns how many. */
    long delete() throws IOException, InterruptedException {
        long[] count = new long[1];
        each(id -> {
            if (deleted(id)) {
                count[0]++;
            }
        });
        return count[0];
    }

    private boolean deleted(String id) throws IOException, InterruptedException {
        try {
            client.json(client.request("/cache/" + id).DELETE().build());
            return true;
        } catch (ErrorReply e) {
            if (e.isNotFound()) {
                return false; // its owner was faster
            }
            throw e;
        }
    }

    private void each(OnId action) throws IOException, InterruptedException {
        String cursor = "";
        while (true) {
            JsonObject page = client.json(client.request("/cache?all=true&limit=" + PAGE + cursor)
                    .GET()
                    .build());
            JsonArray entries = page.getJsonArray("entries", new JsonArray());
            for (int i = 0; i < entries.size(); i++) {
                action.accept(entries.getJsonObject(i).getString("cache_id"));
            }
            if (!page.containsKey("cursor")) {
                return;
            }
            cursor = "&cursor=" + page.getString("cursor");
        }
    }
}
