package us.kbase.caching.http.route;

/** Everything that a path can name; there is nothing else. */
public enum Resource {
    ROOT("", Mount.BOTH),
    V1("/v1", Mount.BOTH),
    CACHE_ID("/v1/cache_id", Mount.BOTH),
    ENTRIES("/v1/cache", Mount.BOTH),
    ENTRY("/v1/cache/{cache_id}", Mount.BOTH),
    ENTRY_FILE("/v1/cache/{cache_id}/file", Mount.BOTH),
    ENTRY_FILES("/v1/cache/{cache_id}/files", Mount.BOTH),
    ENTRY_MEMBER("/v1/cache/{cache_id}/files/{path}", Mount.BOTH),
    ENTRY_LEASE("/v1/cache/{cache_id}/lease", Mount.BOTH),
    ENTRY_METADATA("/v1/cache/{cache_id}/metadata", Mount.BOTH),
    LEASE("/v1/lease", Mount.BOTH),
    EXPIRE("/v1/expire", Mount.BOTH),
    VERIFY("/v1/verify", Mount.BOTH),
    OPENAPI("/v1/openapi.yaml", Mount.BOTH),
    DOCS("/docs", Mount.BOTH),
    ALIVE("/healthz", Mount.ROOT_ONLY),
    READY("/readyz", Mount.ROOT_ONLY);

    /** Where a resource's path begins: at the root, or also below {@code /cache}, where KBase's Python client looks. */
    enum Mount {
        ROOT_ONLY,
        BOTH
    }

    private static final String ID = "{cache_id}";

    /** Everything behind it, slashes too. */
    private static final String REST = "{path}";

    private final String template;
    private final Mount mount;
    private final boolean hasId;
    private final boolean hasRest;
    private final String beforeId;
    private final String behindId;

    Resource(String template, Mount mount) {
        int id = template.indexOf(ID);
        this.template = template;
        this.mount = mount;
        this.hasId = id >= 0;
        this.beforeId = hasId ? template.substring(0, id) : template;
        this.hasRest = template.endsWith(REST);
        this.behindId =
                hasId ? template.substring(id + ID.length(), template.length() - (hasRest ? REST.length() : 0)) : "";
    }

    /** The path, with {@code {cache_id}} for an id and {@code {path}} for all that is left. */
    String template() {
        return template;
    }

    Mount mount() {
        return mount;
    }

    /** Where the id's segment ends in a path that ends at {@code end}; negative if the path between the two is not this one's. */
    int idEnd(String path, int from, int end) {
        int idEnd = hasRest ? path.indexOf('/', idStart(from)) : end - behindId.length();
        return idStart(from) <= idEnd
                        && path.startsWith(beforeId, from)
                        && path.startsWith(behindId, idEnd)
                        && (!hasRest || restStart(idEnd) < end)
                        && (hasId ? isSegment(path, idStart(from), idEnd) : idStart(from) == idEnd)
                ? idEnd
                : -1;
    }

    /** Where what is left begins behind an id that ends there; the path's end where nothing may be left. */
    int restStart(int idEnd) {
        return idEnd + behindId.length();
    }

    /** Where the id's segment begins in a path of this resource's. */
    int idStart(int from) {
        return from + beforeId.length();
    }

    private static boolean isSegment(String path, int from, int end) {
        int slash = path.indexOf('/', from);
        return from < end && (slash < 0 || slash >= end);
    }
}
