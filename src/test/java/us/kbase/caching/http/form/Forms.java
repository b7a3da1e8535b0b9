package us.kbase.caching.http.form;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Pump;
import us.kbase.caching.testing.Await;

/** Forms as clients send them, and reading them whole. */
final class Forms {

    static final String BOUNDARY = "X-FORM-BOUNDARY-7MA4YWxk";

    private Forms() {}

    /** What was read of a form: the file part's name and bytes. */
    record Read(String filename, Buffer bytes) {
        @Override
        public String toString() {
            return filename + " " + bytes;
        }
    }

    static Buffer file(String filename, Buffer content) {
        return part("form-data; name=\"file\"; filename=\"" + filename + "\"", content);
    }

    static Buffer field(String name, String value) {
        return part("form-data; name=\"" + name + "\"", Buffer.buffer(value));
    }

    static Buffer part(String disposition, Buffer content) {
        return headed("Content-Disposition: " + disposition + "\r\n", content);
    }

    static Buffer headed(String headers, Buffer content) {
        return Buffer.buffer("--" + BOUNDARY + "\r\n" + headers + "\r\n")
                .appendBuffer(content)
                .appendString("\r\n");
    }

    static Buffer closing() {
        return Buffer.buffer("--" + BOUNDARY + "--\r\n");
    }

    static Buffer form(Buffer... parts) {
        Buffer form = Buffer.buffer();
        for (Buffer part : parts) {
            form.appendBuffer(part);
        }
        return form.appendBuffer(closing());
    }

    static Future<Read> read(ByteSource request, String boundary) {
        FormReader reader = new FormReader(request, boundary, more -> true);
        Buffer bytes = Buffer.buffer();
        return reader.file()
                .compose(filename -> Pump.run(reader, chunk -> {
                            bytes.appendBuffer(chunk);
                            return Future.succeededFuture();
                        })
                        .map(v -> new Read(filename, bytes)));
    }

    static Read read(Buffer form) {
        return Await.result(read(ByteSource.of(form), BOUNDARY));
    }
}
