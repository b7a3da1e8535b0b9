package us.kbase.caching.bundle;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Locale;
import us.kbase.caching.stream.ByteSource;

/**
 * A directory as JSON, made piece by piece as it is asked for, each in a turn of its own: a client that takes all at once would have a
 * long list made in one. Event loop only.
 */
public final class MemberList implements ByteSource {

    private static final int PIECE_BYTES = 32 << 10;
    private static final int PERMISSIONS = 07777;

    private static final long TURN_MILLIS = 1;

    private final Vertx vertx;
    private final Iterator<Member> members;
    private boolean begun;
    private boolean ended;

    /** Lists that directory, which is held meanwhile. */
    public MemberList(Vertx vertx, Directory directory) {
        this.vertx = vertx;
        this.members = directory.iterator();
    }

    @Override
    public Future<Buffer> next() {
        return begun && !ended ? vertx.timer(TURN_MILLIS).map(v -> piece()) : Future.succeededFuture(piece());
    }

    private Buffer piece() {
        if (ended) {
            return END;
        }
        Buffer piece = Buffer.buffer(begun ? "" : "{\"files\":[");
        while (members.hasNext() && piece.length() < PIECE_BYTES) {
            piece.appendString(begun ? "," : "").appendString(described(members.next()));
            begun = true;
        }
        ended = !members.hasNext();
        return ended ? piece.appendString("],\"status\":\"ok\"}\n") : piece;
    }

    private static String described(Member member) {
        JsonObject fields = new JsonObject()
                .put("bytes", member.bytes())
                .put("crc32", HexFormat.of().toHexDigits(member.crc32()))
                .put("method", method(member));
        member.unixMode().ifPresent(mode -> fields.put("mode", String.format(Locale.ROOT, "%04o", mode & PERMISSIONS)));
        member.modified().ifPresent(time -> fields.put("modified", time.toString()));
        return fields.put("path", member.path())
                .put("type", member.kind().name().toLowerCase(Locale.ROOT))
                .encode();
    }

    private static String method(Member member) {
        return switch (member.method()) {
            case Member.STORED -> "stored";
            case Member.DEFLATED -> "deflated";
            default -> "other";
        };
    }

    @Override
    public void cancel() {
        ended = true;
    }
}
