package us.kbase.caching.store.s3.error;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The server neither answered nor closed the connection. Asking once more would double the time that a client waits. */
public class ServerSilent extends IOException {

    private static final long serialVersionUID = 1L;

    public ServerSilent(String complaint) {
        super(complaint);
    }

    /** Whether a failure comes from a silent server. */
    public static boolean below(@Nullable Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof ServerSilent) {
                return true;
            }
        }
        return false;
    }
}
