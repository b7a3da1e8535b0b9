package us.kbase.caching.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import us.kbase.caching.http.connection.Framing;
import us.kbase.caching.http.connection.HalfClose;

/**
 * The scans of a request's head agree with the regular expressions that they took the place of, and take time linear in what a
 * client sends: at 4 Mi characters a scan that costs the square of its text takes hours, a linear one less than a second.
 */
class HandScansTest {

    private static final int LONG = 4 << 20;

    private static final Pattern HOST =
            Pattern.compile("(?:[0-9A-Za-z._~!$&'()*+,;=%-]*|\\[[0-9A-Fa-fv:.]+])(?::\\d{0,5})?");

    @Provide
    Arbitrary<String> hosts() {
        return Arbitraries.of(
                        "[", "]", ":", "::1", "v1", "f", "host", ".", "123456", "0", "@", "/", " ", "\u0661", "%41")
                .list()
                .ofMaxSize(6)
                .map(pieces -> String.join("", pieces));
    }

    @Property(tries = 4000)
    void aHostIsWhatTheExpressionMatched(@ForAll("hosts") String host) {
        assertEquals(HOST.matcher(host).matches(), Framing.isHost(host));
    }

    @Provide
    Arbitrary<String> uris() {
        return Arbitraries.of("/", "lease", "?", "x", "/lease", "=", "%2f", "lease/")
                .list()
                .ofMaxSize(6)
                .map(pieces -> String.join("", pieces));
    }

    @Property(tries = 2000)
    void aLeaseIsAskedForWhereTheExpressionSawIt(@ForAll("uris") String uri) {
        assertEquals(uri.replaceFirst("/?(?:\\?.*)?$", "").endsWith("/lease"), HalfClose.asksForALease(uri));
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aHeadCostsItsLength() {
        assertFalse(HalfClose.asksForALease("/" + "?".repeat(LONG) + "\u0085a"));
        assertTrue(HalfClose.asksForALease("/lease" + "?".repeat(LONG)));
        assertTrue(Framing.isHost("a.".repeat(LONG)));
        assertFalse(Framing.isHost("[" + ":".repeat(LONG)));
    }
}
