package us.kbase.caching.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;

/** What the original service has not: own entries, an entry's metadata, and administrators' sweeps. */
record EntryRoutes(ListHandler list, MetadataHandler metadata, ExpireHandler expire) {

    void mount(Router router, String mount) {
        Routes.at(router, mount + "/v1/cache", HttpMethod.GET, list::handle);
        Routes.at(router, mount + "/v1/cache/([^/]+)/metadata", HttpMethod.GET, metadata::handle);
        Routes.at(router, mount + "/v1/expire", HttpMethod.POST, expire::begin);
        Routes.at(router, mount + "/v1/expire", HttpMethod.GET, expire::show);
    }
}
