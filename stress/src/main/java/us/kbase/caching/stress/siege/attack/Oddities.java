package us.kbase.caching.stress.siege.attack;

import java.util.List;
import java.util.Random;
import us.kbase.caching.stress.siege.wire.Script;
import us.kbase.caching.stress.siege.wire.Visit;

/** What is seldom said, or said wrongly: Expect, HTTP/1.0, two lengths, no host, other versions. */
final class Oddities extends Crowd {

    private static final String CLOSE = "Connection: close\r\n";
    private static final List<String> REQUESTS = List.of(
            "GET /v1 HTTP/1.1\r\nHost: siege\r\nExpect: 100-continue\r\n" + CLOSE + "\r\n",
            "GET /v1 HTTP/1.1\r\nHost: siege\r\nExpect: 100-continue\r\nContent-Length: 5\r\n" + CLOSE + "\r\nGET /",
            "POST /v1/cache_id HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n{}",
            "POST /none HTTP/1.1\r\nHost: siege\r\nExpect: a-miracle\r\nContent-Length: 2\r\n" + CLOSE + "\r\n{}",
            "GET / HTTP/1.0\r\n\r\n",
            "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.0\r\n\r\n",
            "GET / HTTP/2.0\r\nHost: siege\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "OPTIONS * HTTP/1.1\r\nHost: siege\r\n" + CLOSE + "\r\n",
            "get / HTTP/1.1\r\nHost: siege\r\n" + CLOSE + "\r\n",
            "GET / HTTP/1.1\r\n" + CLOSE + "\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n" + CLOSE + "\r\n",
            "POST /v1/cache_id HTTP/1.1\r\nHost: siege\r\nContent-Length: 2\r\nContent-Length: 3\r\n" + CLOSE
                    + "\r\n{}",
            "POST /v1/cache_id HTTP/1.1\r\nHost: siege\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n" + CLOSE
                    + "\r\n0\r\n\r\n",
            "POST /v1/cache_id HTTP/1.1\r\nHost: siege\r\nTransfer-Encoding: gzip, chunked\r\n" + CLOSE
                    + "\r\n0\r\n\r\n",
            "POST /v1/cache_id HTTP/1.1\r\nHost: siege\r\nTransfer-Encoding: chunked\r\n" + CLOSE
                    + "\r\n7fffffffffffffff\r\n",
            "POST /v1/cache_id HTTP/1.1\r\nHost: siege\r\nTransfer-Encoding: chunked\r\n" + CLOSE + "\r\n0\r\n"
                    + "t: u\r\n".repeat(1_000) + "\r\n",
            "GET http://elsewhere/ HTTP/1.1\r\nHost: siege\r\n" + CLOSE + "\r\n",
            "CONNECT elsewhere:443 HTTP/1.1\r\nHost: elsewhere\r\n\r\n",
            "GET /\0 HTTP/1.1\r\nHost: siege\r\n" + CLOSE + "\r\n",
            "GET /%zz?dry_run=%zz&limit=%zz HTTP/1.1\r\nHost: siege\r\n" + CLOSE + "\r\n",
            "\r\n\r\nGET / HTTP/1.1\nHost: siege\n\n",
            "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003");

    Oddities(Field field) {
        super("oddities", field, new Size(30, 50));
    }

    @Override
    Visit next(long number, Random chance) {
        return Visit.of(Script.of(REQUESTS.get((int) (number % REQUESTS.size()))))
                .staying(15_000);
    }
}
