package us.kbase.caching.http;

import io.vertx.core.http.HttpMethod;
import us.kbase.caching.http.route.Resource;
import us.kbase.caching.http.route.RouteTable;

/** What the original service has not: own entries, an entry's metadata and files, administrators' sweeps and verifications. */
record EntryRoutes(
        ListHandler list, MetadataHandler metadata, BundleHandler bundle, ExpireHandler expire, VerifyHandler verify) {

    void addTo(RouteTable routes) {
        routes.on(HttpMethod.GET, Resource.ENTRIES, list::handle)
                .on(HttpMethod.GET, Resource.ENTRY_METADATA, metadata::handle)
                .on(HttpMethod.GET, Resource.ENTRY_FILES, bundle::list)
                .on(HttpMethod.GET, Resource.ENTRY_MEMBER, bundle::member)
                .on(HttpMethod.POST, Resource.EXPIRE, expire::begin)
                .on(HttpMethod.GET, Resource.EXPIRE, expire::show)
                .on(HttpMethod.POST, Resource.VERIFY, verify::begin)
                .on(HttpMethod.GET, Resource.VERIFY, verify::show);
    }
}
