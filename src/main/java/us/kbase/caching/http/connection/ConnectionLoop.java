package us.kbase.caching.http.connection;

import io.vertx.core.http.HttpServerOptions;
import us.kbase.caching.memory.Budget;

/**
 * Holds what all client connections of one event loop share.
 *
 * @param connections pays for the connections themselves
 * @param replies ends those whose client takes nothing of its reply
 * @param heads pays for requests' heads
 * @param timeouts how long a client may take for each step
 * @param options limits of the decoder
 */
public record ConnectionLoop(
        Connections connections, Replies replies, Budget heads, ClientTimeouts timeouts, HttpServerOptions options) {}
