package us.kbase.caching.cli.client;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLException;

/** Says in words why a connection did not come about, or ended; the exceptions' own messages are often empty. */
final class NetworkFault {

    private static final int DEPTH_MAX = 8;

    private NetworkFault() {}

    static String words(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; depth < DEPTH_MAX; depth++) {
            if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
                return "this host name is not known here";
            }
            if (cause instanceof SSLException) {
                return "TLS: " + words(String.valueOf(cause.getMessage()));
            }
            if (cause.getCause() == null) {
                break;
            }
            cause = cause.getCause();
        }
        return switch (failure) {
            case HttpTimeoutException e -> "it does not take a connection";
            case ConnectException e -> "connection refused";
            default -> failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        };
    }

    private static String words(String said) {
        if (said.contains("PKIX path") || said.contains("trustAnchors")) {
            return "no CA that is known here signed its certificate; name the CA's file by --ca";
        }
        if (said.contains("plaintext connection")) {
            return "it speaks plain http; write http:// or HOST:PORT";
        }
        return said.startsWith("No name matching") || said.startsWith("No subject alternative")
                ? "its certificate is that of another name; " + said
                : said;
    }
}
