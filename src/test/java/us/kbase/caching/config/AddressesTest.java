package us.kbase.caching.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import us.kbase.caching.config.source.WrongValue;

class AddressesTest {

    /** Each line: what kind of address, its text; behind {@code =>} what is read, behind {@code !!} what is said. */
    private static final String CORPUS = """
            endpoint http://minio:9000 => http://minio:9000
            endpoint HTTP://minio:9000 => http://minio:9000
            endpoint https://s3.amazonaws.com => https://s3.amazonaws.com
            endpoint http://minio:9000/ => http://minio:9000
            endpoint http://127.0.0.1:9000 => http://127.0.0.1:9000
            endpoint http://[::1]:9000 => http://[::1]:9000
            endpoint http://[::1] => http://[::1]
            endpoint http://::1 => http://[::1]
            endpoint http://[2001:db8::7]:443 => http://[2001:db8::7]:443
            endpoint minio:9000 !! begin it with http:// or https://
            endpoint ftp://minio !! begin it with http:// or https://
            endpoint http:minio !! begin it with http:// or https://
            endpoint http:// !! is no URL
            endpoint http://:9000 !! is no host's name
            endpoint http://minio:9000/bucket !! has a path, which no S3 endpoint has
            endpoint http://user:hush@minio:9000 !! holds a user or password
            endpoint http://minio:9000?x=hush !! holds a ? or #
            endpoint http://minio:9000#x !! holds a ? or #
            endpoint http://minio:0 !! has no port from 1 to 65535
            endpoint http://minio:70000 !! has no port from 1 to 65535
            endpoint http://minio: !! has no port from 1 to 65535
            endpoint http://minio:port !! has no port from 1 to 65535
            endpoint http://my_minio:9000 !! a host with an underscore
            endpoint http://mi nio:9000 !! is no URL
            endpoint http://[::1:9000 !! is no URL
            endpoint http://127.0.0.256:9000 !! four numbers from 0 to 255
            endpoint http://1.2.3:9000 !! four numbers from 0 to 255
            authServer https://kbase.us/services/auth => https://kbase.us/services/auth
            authServer http://auth:5000/ => http://auth:5000/
            authServer http://[::1]:5000/auth => http://[::1]:5000/auth
            authServer https://user:hush@kbase.us/auth !! holds a user or password
            authServer https://kbase.us/auth?token=hush !! holds a ? or #
            authServer kbase.us/services/auth !! begin it with http:// or https://
            authServer user:hush@kbase.us !! begin it with http:// or https://
            origins https://example.org => https://example.org
            origins http://localhost:3000,https://example.org => http://localhost:3000,https://example.org
            origins * => *
            origins http://[::1]:3000 => http://[::1]:3000
            origins moz-extension://5a0 => moz-extension://5a0
            origins *,https://example.org !! let it stand alone
            origins example.org !! browsers write scheme://host[:port]
            origins null !! browsers write scheme://host[:port]
            origins https://Example.org !! in lower case
            origins https://example.org/ !! no slash at its end
            origins https://example.org/app !! an origin has no path
            origins https://example.org:443 !! leave out the port
            origins http://example.org:80 !! leave out the port
            origins https://example.org:99999 !! has no port from 1 to 65535
            origins https://*.example.org !! is no host's name
            host 127.0.0.1 => 127.0.0.1
            host localhost => localhost
            host 0.0.0.0 => 0.0.0.0
            host ::1 => ::1
            host [::1] => ::1
            host :: => ::
            host 0:0:0:0:0:0:0:1 => 0:0:0:0:0:0:0:1
            host ::ffff:127.0.0.1 => ::ffff:127.0.0.1
            host gateway-1.example_net => gateway-1.example_net
            host * !! 0.0.0.0 is every address
            host 127.0.0.1:5000 !! the port has a key of its own
            host [::1]:5000 !! the port has a key of its own
            host http://127.0.0.1 !! not a URL or path
            host 127.0.0.1/24 !! not a URL or path
            host 256.0.0.1 !! four numbers from 0 to 255
            host [::1 !! no IPv6 address in its brackets
            host [localhost] !! no IPv6 address in its brackets
            host ::1::2 !! put an IPv6 address in brackets
            host a b !! is no host's name or address
            member 10.0.0.1 => 10.0.0.1:5701
            member 10.0.0.1:80 => 10.0.0.1:80
            member ::1 => [::1]:5701
            member [::1] => [::1]:5701
            member [::1]:80 => [::1]:80
            member gateway1:5702 => gateway1:5702
            member gateway1:0 !! has no port from 1 to 65535
            member gateway1:70000 !! has no port from 1 to 65535
            member gateway1: !! has no port from 1 to 65535
            member [::1]80 !! has no port from 1 to 65535
            members 10.0.0.1,[::1]:80, ::1 => 10.0.0.1:5701,[::1]:80,[::1]:5701
            members 10.0.0.1;10.0.0.2 !! holds '10.0.0.1;10.0.0.2', which is no host's name
            """;

    static Stream<String> corpus() {
        return CORPUS.lines();
    }

    private static Kind<?> kind(String name) {
        return switch (name) {
            case "endpoint" -> Addresses.endpoint();
            case "authServer" -> Addresses.authServer();
            case "host" -> Addresses.host();
            case "member" -> Addresses.member();
            case "origins" -> Addresses.origins();
            default -> Addresses.members();
        };
    }

    private static <T> String shown(Kind<T> kind, String text) {
        return kind.shown().apply(kind.reader().apply(new Raw.Scalar(text, false, "here")));
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void isTakenInEverySpellingThatCanWorkAndElseRefusedByName(String line) {
        boolean refused = line.contains(" !! ");
        String[] parts = line.split(refused ? " !! " : " => ", 2);
        Kind<?> kind = kind(parts[0].substring(0, parts[0].indexOf(' ')));
        String text = parts[0].substring(parts[0].indexOf(' ') + 1);
        if (refused) {
            String clause =
                    assertThrows(WrongValue.class, () -> shown(kind, text)).clause();
            assertTrue(clause.contains(parts[1]), clause);
            assertFalse(clause.contains("hush"), clause);
        } else {
            assertEquals(parts[1], shown(kind, text));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://u:hush@h", "u:hush@h:1", "http://u:hu/hush@h/b", "u@hush@h", "ftp://u:hush@h"})
    void aUserAndAPasswordAreNeverShown(String text) {
        assertFalse(Addresses.withoutUser(text).contains("hush"), Addresses.withoutUser(text));
    }

    @Test
    void theCorpusIsNotSmall() {
        assertTrue(corpus().count() >= 60);
        assertEquals(
                List.of(),
                corpus().filter(line -> !line.matches(".* (=>|!!) .+")).toList());
    }
}
