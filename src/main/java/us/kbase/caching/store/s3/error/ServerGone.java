package us.kbase.caching.store.s3.error;

/** The server is silent to everybody: there is nothing to look up behind a call that was given up. */
public final class ServerGone extends ServerSilent {

    private static final long serialVersionUID = 1L;

    public ServerGone() {
        super("the server answers nobody");
    }
}
