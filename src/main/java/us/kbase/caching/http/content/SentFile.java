package us.kbase.caching.http.content;

import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.Set;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.http.route.Query;

/**
 * What the head of {@code PUT /cache/<id>} says of its file.
 *
 * @param name the parameter {@code filename}, or the name in {@code Content-Disposition}; empty without either
 * @param type the media type, if there is one
 */
public record SentFile(String name, Optional<String> type) {

    private static final String FILENAME = "filename";

    /** Reads a request's head; fails with {@code BadInput} for what would not be given back as it was meant. */
    public static SentFile of(HttpServerRequest request) {
        if (request.getHeader("Content-Range") != null) {
            throw new Failure.BadInput("Content-Range is not taken: PUT sends the whole file");
        }
        if (request.getHeader("Content-Encoding") != null) {
            throw new Failure.BadInput("Content-Encoding is not kept: PUT sends the file as it is");
        }
        return new SentFile(name(request), type(request));
    }

    private static String name(HttpServerRequest request) {
        Optional<String> parameter = Query.of(request, Set.of(FILENAME)).text(FILENAME);
        if (parameter.filter(String::isEmpty).isPresent()) {
            throw new Failure.BadInput(FILENAME + " must not be empty");
        }
        return parameter
                .or(() -> Optional.ofNullable(request.getHeader("Content-Disposition"))
                        .flatMap(Disposition::filenameOfHeader))
                .orElse("");
    }

    private static Optional<String> type(HttpServerRequest request) {
        Optional<String> type = Optional.ofNullable(request.getHeader("Content-Type"))
                .map(text ->
                        text.replace('\t', ' ').strip()) // both are blanks around a parameter (RFC 9110 section 5.6.6)
                .filter(text -> !text.isEmpty());
        if (type.filter(text -> !ContentTypes.isMediaType(text)).isPresent()) {
            throw new Failure.BadInput("Content-Type must be a media type of at most 255 characters, as text/plain is");
        }
        if (type.filter(ContentTypes::isForm).isPresent()) {
            throw new Failure.BadInput("PUT sends the file as it is; send a form by POST");
        }
        return type;
    }
}
