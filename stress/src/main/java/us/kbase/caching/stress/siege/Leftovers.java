package us.kbase.caching.stress.siege;

import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import us.kbase.caching.stress.Loop;
import us.kbase.caching.stress.compare.Minio;
import us.kbase.caching.stress.load.Http;
import us.kbase.caching.stress.load.Payload;
import us.kbase.caching.stress.process.SocketQueues;
import us.kbase.caching.stress.s3.Signature;

/** What a gateway still holds of what is over: descriptors of its own, multipart uploads in S3. */
final class Leftovers {

    private static final String UPLOAD = "<Upload>";

    private Leftovers() {}

    /** Open descriptors of the process, without its connections to this port, which it may keep for their next use. */
    static OptionalLong openFiles(long pid, int withoutPort) {
        try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            long kept = SocketQueues.matching(end -> end.remotePort() == withoutPort).stream()
                    .filter(SocketQueues.End::isEstablished)
                    .count();
            return OptionalLong.of(open.count() - kept);
        } catch (IOException gone) {
            return OptionalLong.empty();
        }
    }

    /** How many multipart uploads S3 holds open in the bucket. */
    static OptionalLong multipartUploads(Http s3, Loop loop) {
        String path = "/" + Minio.BUCKET + "?uploads";
        Map<String, String> signed =
                new Signature(s3.base(), Minio.ACCESS_KEY, Minio.SECRET_KEY).sign("GET", path, Map.of());
        Http.Call call = new Http.Call(HttpMethod.GET, path, signed, Payload.NONE);
        Http.Reply reply = loop.run(() -> s3.send(call, sent -> {}, received -> {}));
        if (reply.status() != 200) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(
                (reply.text().length() - reply.text().replace(UPLOAD, "").length()) / UPLOAD.length());
    }
}
