package us.kbase.caching.store.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Download;
import us.kbase.caching.stream.Chunk;
import us.kbase.caching.stream.Pump;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.FaultTally;
import us.kbase.caching.testing.OnRawS3;
import us.kbase.caching.testing.RawS3;
import us.kbase.caching.testing.RawS3.Told;

/**
 * A store, or a cache before it, that answers something else than what it was asked. Each way to lie is told with seeded ranges,
 * places and values; {@code -Dlies=1000} tells more of each. Other bytes of the right length under the right head are beyond this: only
 * a digest would show them.
 */
class LyingServerTest extends OnRawS3 {

    private static final int LIES = Integer.getInteger("lies", 50);
    private static final FaultTally TALLY = new FaultTally(LyingServerTest.class);
    private static final int LENGTH = 5000;
    private static final String ETAG = "\"0123456789abcdef\"";
    private static final String MARK = "x-amz-meta-write-nonce: one;expiration,filename,token_id\r\n";
    private static final Buffer CONTENT = Buffer.buffer(content());

    private static byte[] content() {
        byte[] bytes = new byte[LENGTH];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    /** An honest answer, which a lie then changes. */
    private static final class Answer {
        int status;
        String length;
        String range;
        String etag = "ETag: " + ETAG + "\r\n";
        String metadata = "x-amz-meta-expiration: 1\r\nx-amz-meta-filename: f\r\nx-amz-meta-token_id: me\r\n" + MARK;
        String more = "";
        Buffer body;

        Answer(ByteRange asked) {
            int from = (int) asked.start(LENGTH);
            int to = (int) asked.end(LENGTH);
            boolean whole = asked.equals(ByteRange.ALL);
            status = whole ? 200 : 206;
            range = whole ? "" : "Content-Range: bytes " + from + "-" + (to - 1) + "/" + LENGTH + "\r\n";
            length = "Content-Length: " + (to - from) + "\r\n";
            body = CONTENT.slice(from, to);
        }

        Told told() {
            return Told.of(
                    "HTTP/1.1 " + status + " X\r\nDate: " + RawS3.date() + "\r\n" + range + length + etag + metadata
                            + more,
                    body);
        }
    }

    private enum Lie {
        WHOLE_FOR_A_RANGE {
            @Override
            void tell(Answer answer, Random random) {
                Answer whole = new Answer(ByteRange.ALL);
                answer.status = 200;
                answer.range = random.nextBoolean() ? "" : answer.range;
                answer.length = whole.length;
                answer.body = whole.body;
            }
        },
        RANGE_FOR_THE_WHOLE {
            @Override
            void tell(Answer answer, Random random) {
                int last = random.nextInt(LENGTH - 1);
                Answer part = new Answer(new ByteRange(0, last));
                answer.status = random.nextBoolean() ? 206 : 200;
                answer.range = part.range;
                answer.length = part.length;
                answer.body = part.body;
            }
        },
        ANOTHER_START {
            @Override
            void tell(Answer answer, Random random) {
                answer.range = answer.range.replace("bytes ", "bytes " + (1 + random.nextInt(9)));
            }
        },
        ANOTHER_END {
            @Override
            void tell(Answer answer, Random random) {
                answer.range = answer.range.replace("/", random.nextInt(10) + "/");
            }
        },
        ANOTHER_RANGE_OF_THE_RIGHT_LENGTH {
            @Override
            void tell(Answer answer, Random random) {
                long by = 1L + random.nextInt(100);
                String[] at = answer.range.strip().split("[ /-]");
                answer.range = "Content-Range: bytes " + (Long.parseLong(at[at.length - 3]) + by) + "-"
                        + (Long.parseLong(at[at.length - 2]) + by) + "/" + LENGTH + "\r\n";
            }
        },
        A_RANGE_THAT_CANNOT_BE_READ {
            @Override
            void tell(Answer answer, Random random) {
                String[] odd = {
                    "bytes 0-99/*",
                    "bytes */5000",
                    "bytes 0-99",
                    "0-99/5000",
                    "bytes=0-99/5000",
                    "bytes 9-1/5000",
                    "bytes -1-99/5000",
                    "bytes 0-99/99999999999999999999",
                    "chunks 0-99/5000",
                    "bytes 0 - 99/5000"
                };
                answer.range = "Content-Range: " + odd[random.nextInt(odd.length)] + "\r\n";
            }
        },
        NO_RANGE {
            @Override
            void tell(Answer answer, Random random) {
                answer.range = "";
            }
        },
        TWO_RANGES {
            @Override
            void tell(Answer answer, Random random) {
                answer.range += answer.range.replace("bytes ", "bytes " + (random.nextBoolean() ? "" : "1"));
            }
        },
        NO_LENGTH {
            @Override
            void tell(Answer answer, Random random) {
                answer.length = random.nextBoolean() ? "" : "Transfer-Encoding: chunked\r\n";
            }
        },
        A_LENGTH_TOO_LONG {
            @Override
            void tell(Answer answer, Random random) {
                answer.length = "Content-Length: " + (answer.body.length() + 1 + random.nextInt(1000)) + "\r\n";
            }
        },
        A_LENGTH_THAT_IS_NONE {
            @Override
            void tell(Answer answer, Random random) {
                String[] odd = {"", "-1", "+5", "5, 6", "1e3", "0x10", "99999999999999999999", "five"};
                answer.length = "Content-Length: " + odd[random.nextInt(odd.length)] + "\r\n";
            }
        },
        TWO_LENGTHS {
            @Override
            void tell(Answer answer, Random random) {
                answer.length += "Content-Length: " + random.nextInt(LENGTH) + "\r\n";
            }
        },
        A_BODY_CUT_SHORT {
            @Override
            void tell(Answer answer, Random random) {
                answer.body = answer.body.slice(0, random.nextInt(answer.body.length()));
            }
        },
        NO_ETAG {
            @Override
            void tell(Answer answer, Random random) {
                answer.etag = random.nextBoolean() ? "" : "ETag:\r\n";
            }
        },
        AN_ETAG_THAT_NAMES_NO_BYTES {
            @Override
            void tell(Answer answer, Random random) {
                answer.etag = random.nextBoolean() ? "ETag: W/" + ETAG + "\r\n" : answer.etag + "ETag: \"b\"\r\n";
            }
        },
        /** Behind one that was asked for: the rest of a download. */
        ANOTHER_ETAG {
            @Override
            void tell(Answer answer, Random random) {
                answer.etag = "ETag: \"" + Long.toHexString(random.nextLong()) + "\"\r\n";
            }
        },
        LOST_METADATA {
            @Override
            void tell(Answer answer, Random random) {
                String[] names = {"expiration: 1", "filename: f", "token_id: me"};
                answer.metadata = answer.metadata.replace("x-amz-meta-" + names[random.nextInt(3)] + "\r\n", "");
            }
        },
        RENAMED_METADATA {
            @Override
            void tell(Answer answer, Random random) {
                answer.metadata = answer.metadata.replace("token_id:", random.nextBoolean() ? "token-id:" : "tokenid:");
            }
        },
        TWO_OWNERS {
            @Override
            void tell(Answer answer, Random random) {
                answer.metadata += "X-Amz-Meta-Token_id: other" + random.nextInt() + "\r\n";
            }
        },
        ANOTHER_ENCODING {
            @Override
            void tell(Answer answer, Random random) {
                answer.more = "Content-Encoding: " + (random.nextBoolean() ? "gzip" : "br") + "\r\n";
            }
        },
        ANOTHER_STATUS {
            @Override
            void tell(Answer answer, Random random) {
                int[] odd = {
                    201, 202, 203, 204, 207, 226, 300, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 412, 416, 429,
                    451
                };
                answer.status = odd[random.nextInt(odd.length)];
                answer.more = "Location: http://127.0.0.1:1/elsewhere\r\n";
            }
        },
        AN_ERROR_AS_A_FILE {
            @Override
            void tell(Answer answer, Random random) {
                answer.body = Buffer.buffer("<?xml version=\"1.0\"?><Error><Code>InternalError</Code></Error>");
                answer.length = "Content-Length: " + answer.body.length() + "\r\n";
                answer.etag = "";
                answer.metadata = "";
            }
        };

        abstract void tell(Answer answer, Random random);

        /** Of what the lie is about, so that there is something to lie about. */
        boolean isAboutRanges() {
            return name().contains("RANGE") && this != RANGE_FOR_THE_WHOLE
                    || this == ANOTHER_START
                    || this == ANOTHER_END;
        }
    }

    private volatile Told next;

    @BeforeEach
    void answer() {
        server.answer(asked -> next);
    }

    @AfterAll
    static void tally() {
        TALLY.print();
    }

    private record Got(Download download, Buffer bytes) {}

    private Got get(ByteRange range, Optional<String> etag) {
        return loop.call(() -> store.get("id", range, etag).compose(found -> {
            Download download = found.orElseThrow();
            Buffer bytes = Buffer.buffer();
            return Pump.run(download.bytes(), chunk -> Future.succeededFuture(Chunk.moveTo(bytes, chunk)))
                    .map(new Got(download, bytes));
        }));
    }

    private static ByteRange range(Random random) {
        int first = 1 + random.nextInt(LENGTH - 2);
        return random.nextInt(4) == 0
                ? new ByteRange(-first, Long.MAX_VALUE)
                : new ByteRange(first, first + random.nextInt(LENGTH));
    }

    @Test
    void theTruthIsBelieved() {
        Random random = new Random(2);
        for (int i = 0; i < LIES; i++) {
            ByteRange asked = i % 3 == 0 ? ByteRange.ALL : range(random);
            next = new Answer(asked).told();
            Got got = get(asked, Optional.of(ETAG));
            assertEquals(CONTENT.slice((int) asked.start(LENGTH), (int) asked.end(LENGTH)), got.bytes());
            TALLY.verified(got.bytes().length());
            assertEquals(LENGTH, got.download().stored().lengthBytes());
            assertEquals(asked.start(LENGTH), got.download().startBytes());
        }
    }

    @ParameterizedTest
    @EnumSource(Lie.class)
    void noLieIsPassedOn(Lie lie) {
        for (int seed = 0; seed < LIES; seed++) {
            Random random = new Random(seed);
            ByteRange asked = lie == Lie.RANGE_FOR_THE_WHOLE || !lie.isAboutRanges() && random.nextBoolean()
                    ? ByteRange.ALL
                    : range(random);
            Answer answer = new Answer(asked);
            lie.tell(answer, random);
            next = answer.told().thenCloses();
            Optional<String> etag = lie == Lie.ANOTHER_ETAG ? Optional.of(ETAG) : Optional.empty();
            Throwable cause = loop.failureOf(() -> store.get("id", asked, etag)
                    .compose(found -> Pump.run(found.orElseThrow().bytes(), chunk -> Future.succeededFuture())));
            assertInstanceOf(Failure.Upstream.class, cause, lie + ", seed " + seed);
            TALLY.injected(1);
            TALLY.refused();
        }
        Await.until("no connection of a liar is kept", () -> server.connections() == 0);
    }

    @Test
    void theRestOfAnotherFileIsNotTheRest() {
        next = new Answer(new ByteRange(10, 19)).told();
        assertInstanceOf(
                Failure.Upstream.class,
                loop.failureOf(() -> store.get("id", new ByteRange(10, 19), Optional.of("\"other\""))));
    }

    @Test
    void aLyingExchangesConnectionIsClosedAtOnceThoughItsServerKeepsIt() {
        Answer answer = new Answer(new ByteRange(0, 99));
        answer.range = "Content-Range: bytes 0-99/*\r\n";
        next = answer.told();
        long began = System.nanoTime();
        assertInstanceOf(
                Failure.Upstream.class, loop.failureOf(() -> store.get("id", new ByteRange(0, 99), Optional.empty())));
        Await.until("it is closed", () -> server.connections() == 0);
        assertTrue(System.nanoTime() - began < 5_000_000_000L);
    }

    @Test
    void aHeadWithoutALengthSaysNothingOfTheFile() {
        next = Told.of("HTTP/1.1 200 OK\r\nETag: " + ETAG + "\r\n" + MARK, Buffer.buffer())
                .thenCloses();
        assertInstanceOf(Failure.Upstream.class, loop.failureOf(() -> store.head("id")));
    }

    @Test
    void theMetadataThatAServerRenamesIsNamed() {
        Answer answer = new Answer(ByteRange.ALL);
        answer.metadata = answer.metadata.replace("token_id:", "token-id:");
        answer.body = Buffer.buffer();
        next = answer.told();
        Throwable cause = loop.failureOf(() -> store.head("id"));
        assertTrue(cause.getMessage().contains("[token_id]"), cause.getMessage());
    }

    @Test
    void aForeignObjectNeedsNoneOfOurMetadata() {
        Answer answer = new Answer(ByteRange.ALL);
        answer.metadata = "";
        next = answer.told();
        assertEquals(
                Arrays.toString(CONTENT.getBytes()),
                Arrays.toString(get(ByteRange.ALL, Optional.empty()).bytes().getBytes()));
    }
}
