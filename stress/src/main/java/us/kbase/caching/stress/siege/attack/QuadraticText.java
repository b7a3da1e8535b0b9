package us.kbase.caching.stress.siege.attack;

import java.util.Random;
import us.kbase.caching.stress.load.Payload;
import us.kbase.caching.stress.siege.wire.Script;
import us.kbase.caching.stress.siege.wire.Visit;

/** Text that takes a careless regular expression quadratic time: a path of question marks, a file's name of dots. */
final class QuadraticText extends Crowd {

    private static final int DOTS = 15_000;

    private final Field field;

    QuadraticText(Field field) {
        super("quadratic", field, new Size(36, 60));
        this.field = field;
    }

    @Override
    Visit next(long number, Random chance) {
        return Visit.of(number % 2 == 0 ? questionMarks() : dots(field.own(number)));
    }

    private static Script questionMarks() {
        return Script.of("POST /" + "?".repeat(4_000) + "\u0085a HTTP/1.1\r\nHost: siege\r\nConnection: close\r\n\r\n");
    }

    private static Script dots(Field.Owned owned) {
        String boundary = Payload.FORM_TYPE.substring(Payload.FORM_TYPE.indexOf('=') + 1);
        String body = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\""
                + ".".repeat(DOTS) + "a\"\r\n\r\nx\r\n--" + boundary + "--\r\n";
        return Script.of(Requests.head(
                        "POST",
                        owned.path(),
                        Requests.authorization(owned) + "Content-Type: " + Payload.FORM_TYPE + "\r\nContent-Length: "
                                + body.length() + "\r\n"))
                .then(body, 1);
    }
}
