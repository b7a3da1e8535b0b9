/**
 * Speaks with a gateway as a job client does: small calls with JSON ({@link us.kbase.caching.cli.client.GatewayClient}), transfers of
 * files ({@link us.kbase.caching.cli.client.Download}, {@link us.kbase.caching.cli.client.Upload}), leases, and a bar on the terminal.
 * Everything blocks its caller and none of it knows a command or an option. Three failures are told apart, since different things
 * help: the server said no ({@code ErrorReply}), nobody answered or the answer broke off ({@code Unreachable}), and this machine could
 * not read or write ({@code LocalFault}); only the second is worth a repetition.
 */
@NullMarked
@CheckReturnValue
package us.kbase.caching.cli.client;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
