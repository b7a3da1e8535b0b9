/**
 * Keeps one client's connection, from the first byte of a request's head until its reply has left.
 *
 * <p>The decoder makes one request at a time: a head is paid for before it exists ({@code OpenHead}), ambiguous framing is refused
 * before anything is routed ({@code Framing}), and the next request is not read before the reply to the last has left. A body stays
 * with its sender until a route asks for it ({@code RequestBody}). A client that stops in the middle of something is ended in time
 * ({@code ConnectionDeadline}, {@code Replies}), and when there is no room for a new connection, one that nobody waits for gives way
 * ({@code Connections}).
 */
@NullMarked
@CheckReturnValue
package us.kbase.caching.http.connection;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
