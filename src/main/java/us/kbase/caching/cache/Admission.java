package us.kbase.caching.cache;

import io.vertx.core.Future;
import us.kbase.caching.store.Precondition;

/** Says under which condition an upload may publish; asked before its first byte, and again when the entry changed since. */
public interface Admission {

    /** The condition as things stand now, or the failure that ends the upload. */
    Future<Precondition> ask();
}
