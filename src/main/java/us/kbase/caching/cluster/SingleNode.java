package us.kbase.caching.cluster;

import io.vertx.core.Vertx;
import java.util.function.Consumer;

/** No cluster: nobody to tell, and nobody else to lead. */
record SingleNode(Vertx vertx) implements Cluster {

    @Override
    public Hints hints() {
        return Hints.OWN_ONLY;
    }

    @Override
    public boolean leads() {
        return true;
    }

    @Override
    public void tell(String key) {}

    @Override
    public void listen(Consumer<String> told) {}
}
