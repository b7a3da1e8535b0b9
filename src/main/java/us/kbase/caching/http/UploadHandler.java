package us.kbase.caching.http;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import us.kbase.caching.auth.Caller;
import us.kbase.caching.cache.Admission;
import us.kbase.caching.cache.CacheService;
import us.kbase.caching.cache.ComputeTime;
import us.kbase.caching.cache.ResultCheck;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.digest.ClaimedDigests;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.http.connection.ClientTimeouts;
import us.kbase.caching.http.connection.Departure;
import us.kbase.caching.http.connection.JsonReply;
import us.kbase.caching.http.connection.RequestBody;
import us.kbase.caching.http.content.SentFile;
import us.kbase.caching.http.form.FileForm;
import us.kbase.caching.http.form.FormReader;
import us.kbase.caching.http.route.Target;
import us.kbase.caching.lease.LeaseAdmission;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.store.Body;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.LimitedSource;

/**
 * {@code POST} and {@code PUT /cache/<id>}: a file in a form, or as it is. Everything that can be refused is refused before the
 * first byte of the body is read.
 */
final class UploadHandler {

    /** Admission, what waits for its turn at the store, and what is looked at of a form; long headers of a part are paid beside it. */
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

    /** How a body holds the file: known from the headers, read once the upload is admitted. */
    private interface Content {
        Future<Void> upload(
                ByteSource bytes, int days, Budget.Payment payment, Function<CacheService.Upload, Future<Void>> store);
    }

    /** Takes the first file of a form. */
    void form(RoutingContext context) {
        take(context, UploadHandler::form);
    }

    /** Takes the body as the file. */
    void file(RoutingContext context) {
        take(context, UploadHandler::file);
    }

    private void take(RoutingContext context, BiFunction<HttpServerRequest, RequestBody, Content> headers) {
        RequestBody body = new RequestBody(context.vertx(), context.request(), timeouts);
        Future<Void> uploaded = unfinished.track(auth.caller(context).compose(caller -> {
            if (body.lengthBytes() > bytesMax) {
                throw new Failure.TooLarge("The upload exceeds the limit of " + bytesMax + " bytes");
            }
            Content content = headers.apply(context.request(), body);
            return auth.transfer(caller, () -> paid(context, caller, body, content));
        }));
        FailureHandler.answer(context, uploaded, v -> JsonReply.send(context.response(), 200, Map.of("status", "ok")))
                .onComplete(done -> body.cancel());
    }

    private static Content form(HttpServerRequest request, RequestBody body) {
        String type = request.getHeader("Content-Type");
        String boundary = FileForm.boundary(type == null ? "" : type)
                .filter(usable -> isChunked(request) || body.lengthBytes() > 0)
                .orElseThrow(() -> new Failure.BadInput("File field missing"));
        ClaimedDigests claimed = ClaimedDigests.ofForm(name -> field(request, name));
        return (bytes, days, payment, store) -> {
            FormReader form = new FormReader(bytes, boundary, payment::tryGrow);
            return form.file()
                    .map(filename -> new CacheService.Upload(
                                    filename, days, new Body(form, form.lengthMaxBytes(body.lengthBytes())))
                            .claiming(claimed.and(form.claimed())))
                    .compose(store)
                    .onComplete(done -> form.cancel());
        };
    }

    private static Content file(HttpServerRequest request, RequestBody body) {
        SentFile file = SentFile.of(request);
        ClaimedDigests claimed = ClaimedDigests.ofFile(name -> field(request, name));
        long lengthBytes = body.lengthBytes() < 0 && !isChunked(request) ? 0 : body.lengthBytes();
        return (bytes, days, payment, store) -> store.apply(new CacheService.Upload(
                file.name(), file.type(), days, Body.exact(bytes, lengthBytes), claimed, ComputeTime.UNKNOWN));
    }

    /** A header's value, its lines joined by commas (RFC 9110 section 5.3). */
    private static Optional<String> field(HttpServerRequest request, String name) {
        List<String> lines = request.headers().getAll(name);
        return lines.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", lines));
    }

    private static boolean isChunked(HttpServerRequest request) {
        return request.getHeader("Transfer-Encoding") != null;
    }

    private Future<Void> paid(RoutingContext context, Caller caller, RequestBody body, Content content) {
        return uploads.during(
                context.vertx(),
                UPLOAD_BYTES,
                caller.tokenId(),
                timeouts.turn(),
                payment -> upload(context, caller, body, content, payment));
    }

    private Future<Void> upload(
            RoutingContext context, Caller caller, RequestBody body, Content content, Budget.Payment payment) {
        CacheId id = Target.id(context);
        HttpServerRequest request = context.request();
        int days = cache.lifetimes().days(Optional.ofNullable(request.getHeader("Cache-Expires-Days")));
        ComputeTime compute = ComputeTime.asked(Optional.ofNullable(request.getHeader(ResultHeaders.COMPUTE_SECONDS)));
        return admission(context, id, caller.tokenId(), body.lengthBytes())
                .compose(admission -> content.upload(
                        new LimitedSource(body, bytesMax),
                        days,
                        payment,
                        upload -> cache.store(admission, upload.computedIn(compute))));
    }

    private Future<Admission> admission(RoutingContext context, CacheId id, String tokenId, long bodyBytes) {
        String lease = context.request().getHeader(LeaseHandler.HEADER);
        ResultCheck check = Demands.toChange(context.request());
        Future<Void> gone = Departure.of(context);
        return lease == null
                ? cache.admit(id, tokenId, bodyBytes, check, gone)
                : leased.under(id, tokenId, lease.strip(), check, gone);
    }
}
