package us.kbase.caching.http;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import us.kbase.caching.bundle.BundleReader;
import us.kbase.caching.bundle.CheckedSource;
import us.kbase.caching.bundle.Directory;
import us.kbase.caching.bundle.InflatedSource;
import us.kbase.caching.bundle.Member;
import us.kbase.caching.bundle.MemberList;
import us.kbase.caching.bundle.MemberSource;
import us.kbase.caching.cache.CacheService;
import us.kbase.caching.cache.Entry;
import us.kbase.caching.cache.filename.SecureFilename;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.http.condition.RangeRequest;
import us.kbase.caching.http.condition.Validators;
import us.kbase.caching.http.connection.ClientTimeouts;
import us.kbase.caching.http.content.ContentTypes;
import us.kbase.caching.http.content.Disposition;
import us.kbase.caching.http.route.Query;
import us.kbase.caching.http.route.Target;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.pace.Steps;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Conflict;
import us.kbase.caching.store.Download;
import us.kbase.caching.stream.ByteSource;

/**
 * {@code GET} and {@code HEAD} of {@code /cache/<id>/files} and {@code /cache/<id>/files/<path>}: which files a ZIP file holds, and one of
 * them. All reads of one request are of one version of the result.
 */
final class BundleHandler {

    private static final int LOOKS_MAX = 4;

    private final AuthHandler auth;
    private final CacheService cache;
    private final Budget replies;
    private final ClientTimeouts timeouts;

    /** Pays for directories from that. */
    BundleHandler(AuthHandler auth, CacheService cache, Budget replies, ClientTimeouts timeouts) {
        this.auth = auth;
        this.cache = cache;
        this.replies = replies;
        this.timeouts = timeouts;
    }

    /** Answers with all members. */
    void list(RoutingContext context) {
        answer(context, version -> withDirectory(context, version, directory -> sendList(context, version, directory)))
                .onFailure(cause -> FailureHandler.fail(context, cause));
    }

    /** Answers with the bytes of one. */
    void member(RoutingContext context) {
        answer(context, version -> {
                    String path = Target.member(context);
                    return withDirectory(context, version, directory -> place(context, directory, path))
                            .compose(place -> sendMember(context, version, place));
                })
                .compose(version ->
                        isHead(context) ? Future.succeededFuture() : DownloadHandler.renew(cache, version.file()))
                .onFailure(cause -> FailureHandler.fail(context, cause));
    }

    /** A member, and where its bytes end at the latest. */
    private record Place(Member member, long endMax) {}

    /** Thousands of members are too many for an event loop's turn. */
    @SuppressWarnings("NullAway") // a place is never null, which the annotation of executeBlocking cannot say
    private static Future<Place> place(RoutingContext context, Directory directory, String path) {
        return context.vertx()
                .executeBlocking(
                        () -> {
                            Member member = directory
                                    .find(path)
                                    .orElseThrow(() -> new Failure.NotFound("There is no such file in the result"))
                                    .readable();
                            return new Place(member, directory.endOf(member));
                        },
                        false);
    }

    /** Answers out of one version of a result. */
    private interface Answer {
        Future<Void> send(Version version);
    }

    /** The version that was sent; the caller's transfer ends with that. */
    private Future<Version> answer(RoutingContext context, Answer answer) {
        AtomicInteger looks = new AtomicInteger();
        return auth.caller(context).compose(caller -> {
            Query.none(context.request());
            CacheId id = Target.id(context);
            return auth.transfer(
                    caller,
                    () -> Steps.until(() -> looks.incrementAndGet() > LOOKS_MAX
                            ? Future.failedFuture(new Failure.Busy("The entry keeps changing; try again"))
                            : answered(new Version(id, caller.tokenId()), answer)));
        });
    }

    /** Nothing when the entry became another version while it was read. */
    private static Future<Optional<Version>> answered(Version version, Answer answer) {
        return answer.send(version)
                .map(Optional.of(version))
                .recover(cause -> cause instanceof Conflict
                        ? Future.succeededFuture(Optional.empty())
                        : Future.failedFuture(cause));
    }

    /** Holds the directory, and pays for it, until that use of it is done: also when the client leaves meanwhile. */
    private <T> Future<T> withDirectory(RoutingContext context, Version version, Function<Directory, Future<T>> use) {
        return new BundleReader(context.vertx(), replies, timeouts.memory())
                .directory(version, version.tokenId)
                .compose(held -> Future.succeededFuture(held.directory())
                        .compose(use)
                        .onComplete(done -> held.payment().giveBack()));
    }

    /** The version of a result that the first read saw. */
    private final class Version implements BundleReader.Ranges {
        private final CacheId id;
        private final String tokenId;
        private Entry.@Nullable File file;

        Version(CacheId id, String tokenId) {
            this.id = id;
            this.tokenId = tokenId;
        }

        @Override
        public Future<Download> read(ByteRange range) {
            Entry.File seen = file;
            Future<CacheService.Opened> opened = seen == null
                    ? cache.open(id, tokenId, range)
                    : cache.open(id, tokenId, range, Optional.of(seen.stored().etag()));
            return opened.map(found -> {
                file = found.file();
                return found.download();
            });
        }

        Entry.File file() {
            return Objects.requireNonNull(file, "nothing was read");
        }
    }

    private Future<Void> sendList(RoutingContext context, Version version, Directory directory) {
        if (Demands.hasAlready(context.request(), version.file())) {
            return notModified(context, version.file(), version.file().stored().etag());
        }
        HttpServerResponse response = ResultHeaders.putValidators(context.response(), version.file())
                .putHeader("Content-Type", "application/json");
        if (isHead(context)) {
            return response.end();
        }
        response.setChunked(true);
        return sent(context, new MemberList(context.vertx(), directory));
    }

    private Future<Void> sendMember(RoutingContext context, Version version, Place place) {
        Member member = place.member();
        Validators validators = new Validators(etag(version.file(), member), Demands.lastModified(version.file()));
        if (Demands.hasAlready(context.request(), validators)) {
            return notModified(context, version.file(), validators.etag());
        }
        ByteRange range =
                member.isStored() ? RangeRequest.of(context.request().headers()).of(validators) : ByteRange.ALL;
        if (isHead(context)) {
            return head(context, version.file(), member)
                    .putHeader("Content-Length", Long.toString(member.bytes()))
                    .end();
        }
        return range.equals(ByteRange.ALL)
                ? sendWhole(context, version, place)
                : sendRange(context, version, place, range);
    }

    /** Of one version of the result, and one place in it. */
    private static String etag(Entry.File file, Member member) {
        String whole = file.stored().etag();
        return whole.substring(0, whole.length() - 1) + ":" + Long.toHexString(member.offset()) + "\"";
    }

    private static boolean isHead(RoutingContext context) {
        return context.request().method().equals(HttpMethod.HEAD);
    }

    private static Future<Void> notModified(RoutingContext context, Entry.File file, String etag) {
        return ResultHeaders.putValidators(context.response().setStatusCode(304), file)
                .putHeader("ETag", etag)
                .end();
    }

    private static HttpServerResponse head(RoutingContext context, Entry.File file, Member member) {
        String name = member.path().substring(member.path().lastIndexOf('/') + 1);
        String type = ContentTypes.of(name);
        return ResultHeaders.putValidators(context.response(), file)
                .putHeader("ETag", etag(file, member))
                .putHeader("Content-Type", type)
                .putHeader("Content-Disposition", Disposition.of(type, SecureFilename.of(name), name))
                .putHeader("Accept-Ranges", member.isStored() ? "bytes" : "none")
                .putHeader("X-Content-Type-Options", "nosniff");
    }

    private Future<Void> sendWhole(RoutingContext context, Version version, Place place) {
        Member member = place.member();
        return inflaterPaid(context, version, member)
                .compose(paid -> Future.succeededFuture()
                        .compose(
                                v -> version.read(new ByteRange(member.offset(), member.endAtMost(place.endMax()) - 1)))
                        .onFailure(cause -> Budget.giveBack(paid.orElse(null)))
                        .compose(download -> {
                            ByteSource kept = new MemberSource(download.bytes(), member);
                            ByteSource bytes = new CheckedSource(
                                    paid.<ByteSource>map(payment -> new InflatedSource(kept, payment))
                                            .orElse(kept),
                                    member);
                            head(context, version.file(), member)
                                    .putHeader("Content-Length", Long.toString(member.bytes()));
                            return sent(context, bytes);
                        }));
    }

    private Future<Optional<Budget.Payment>> inflaterPaid(RoutingContext context, Version version, Member member) {
        return member.isStored()
                ? Future.succeededFuture(Optional.empty())
                : replies.take(context.vertx(), InflatedSource.HELD_BYTES, version.tokenId, timeouts.memory())
                        .map(Optional::of);
    }

    private Future<Void> sendRange(RoutingContext context, Version version, Place place, ByteRange range) {
        Member member = place.member();
        if (!range.satisfiable(member.bytes())) {
            return Future.failedFuture(new Failure.RangeNotSatisfiable(member.bytes()));
        }
        long first = range.start(member.bytes());
        long last = range.end(member.bytes()) - 1;
        return Directory.dataStart(member, place.endMax())
                .map(Future::succeededFuture)
                .orElseGet(() -> BundleReader.dataStart(version, member, place.endMax()))
                .compose(start -> version.read(new ByteRange(start + first, start + last)))
                .compose(download -> {
                    head(context, version.file(), member)
                            .setStatusCode(206)
                            .putHeader("Content-Range", "bytes " + first + "-" + last + "/" + member.bytes())
                            .putHeader("Content-Length", Long.toString(last - first + 1));
                    return sent(context, download.bytes());
                });
    }

    /** Behind its head, at the client's pace. */
    private Future<Void> sent(RoutingContext context, ByteSource bytes) {
        return DownloadHandler.Sink.send(context, bytes, timeouts.reader());
    }
}
