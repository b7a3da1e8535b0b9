package us.kbase.caching.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Optional;
import us.kbase.caching.auth.Caller;
import us.kbase.caching.cache.Admission;
import us.kbase.caching.cache.CacheService;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.http.connection.ClientTimeouts;
import us.kbase.caching.http.connection.JsonReply;
import us.kbase.caching.http.connection.RequestBody;
import us.kbase.caching.http.form.FileForm;
import us.kbase.caching.http.form.FormReader;
import us.kbase.caching.http.route.Target;
import us.kbase.caching.lease.LeaseAdmission;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.store.Body;
import us.kbase.caching.stream.LimitedSource;

/** {@code POST /cache/<id>}: everything that can be refused is refused before the first byte of the body is read. */
final class UploadHandler {

    /** Form, admission and what waits for its turn at the store: 21 KiB with head and connection, measured with 1000. */
    private static final int UPLOAD_BYTES = 14 * 1024;

    private final AuthHandler auth;
    private final CacheService cache;
    private final LeaseAdmission leased;
    private final long bytesMax;
    private final ClientTimeouts timeouts;
    private final OpenUploads unfinished;
    private final Budget uploads;

    UploadHandler(
            AuthHandler auth,
            CacheService cache,
            LeaseAdmission leased,
            HttpVerticle.Settings settings,
            OpenUploads unfinished) {
        this.auth = auth;
        this.cache = cache;
        this.leased = leased;
        this.bytesMax = settings.uploadBytesMax();
        this.timeouts = settings.timeouts();
        this.unfinished = unfinished;
        this.uploads = settings.memory().uploads();
    }

    void handle(RoutingContext context) {
        RequestBody body = new RequestBody(context.vertx(), context.request(), timeouts);
        Future<Void> uploaded = unfinished.track(auth.caller(context)
                .compose(caller -> boundary(context, body).compose(boundary -> paid(context, caller, body, boundary))));
        FailureHandler.answer(context, uploaded, v -> JsonReply.send(context.response(), 200, Map.of("status", "ok")))
                .onComplete(done -> body.cancel());
    }

    private Future<String> boundary(RoutingContext context, RequestBody body) {
        long length = body.lengthBytes();
        if (length > bytesMax) {
            return Future.failedFuture(new Failure.TooLarge("The upload exceeds the limit of " + bytesMax + " bytes"));
        }
        String type = context.request().getHeader("Content-Type");
        boolean chunked = context.request().getHeader("Transfer-Encoding") != null;
        return FileForm.boundary(type == null ? "" : type)
                .filter(boundary -> chunked || length > 0)
                .map(Future::succeededFuture)
                .orElseGet(() -> Future.failedFuture(new Failure.BadInput("File field missing")));
    }

    private Future<Void> paid(RoutingContext context, Caller caller, RequestBody body, String boundary) {
        return uploads.take(context.vertx(), UPLOAD_BYTES, caller.tokenId(), timeouts.turn())
                .compose(payment -> upload(context, caller, body, boundary).onComplete(done -> payment.giveBack()));
    }

    private Future<Void> upload(RoutingContext context, Caller caller, RequestBody body, String boundary) {
        CacheId id = Target.id(context);
        int days = cache.lifetimes().days(Optional.ofNullable(context.request().getHeader("Cache-Expires-Days")));
        FormReader form = new FormReader(new LimitedSource(body, bytesMax), boundary);
        Admission admission = admission(context, id, caller.tokenId());
        return admission
                .ask()
                .compose(admitted -> form.file()
                        .compose(filename -> cache.store(
                                id,
                                caller.tokenId(),
                                admission,
                                admitted,
                                new CacheService.Upload(
                                        filename, days, new Body(form, form.lengthMaxBytes(body.lengthBytes()))))));
    }

    private Admission admission(RoutingContext context, CacheId id, String tokenId) {
        String lease = context.request().getHeader(LeaseHandler.HEADER);
        return lease == null ? cache.admission(id, tokenId) : leased.under(id, tokenId, lease.strip());
    }
}
