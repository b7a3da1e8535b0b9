package us.kbase.caching.store.s3;

import static us.kbase.caching.store.s3.S3Request.ABORT;
import static us.kbase.caching.store.s3.S3Request.COMPLETE;
import static us.kbase.caching.store.s3.S3Request.CREATE;
import static us.kbase.caching.store.s3.S3Request.DELETE;
import static us.kbase.caching.store.s3.S3Request.HEAD;
import static us.kbase.caching.store.s3.S3Request.LIST;
import static us.kbase.caching.store.s3.S3Request.PART;
import static us.kbase.caching.store.s3.S3Request.PARTS;
import static us.kbase.caching.store.s3.S3Request.PUT;
import static us.kbase.caching.store.s3.S3Request.TAG;
import static us.kbase.caching.store.s3.S3Request.TAGS;
import static us.kbase.caching.store.s3.S3Request.UPLOADS;

import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import us.kbase.caching.store.s3.HonestS3.Answer;

/** What a server may say to other calls than a download though it is not so, each told to the requests that it can be told to. */
enum CallLie {
    NO_ETAG(EnumSet.of(HEAD, PUT, PART, COMPLETE)) {
        @Override
        void change(Answer answer, Random random) {
            answer.headers.remove("ETag");
            answer.body = answer.body.replaceAll("<ETag>.*</ETag>", random.nextBoolean() ? "" : "<ETag></ETag>");
        }
    },
    AN_ETAG_THAT_NAMES_NO_BYTES(EnumSet.of(HEAD, PUT, PART, COMPLETE)) {
        @Override
        void change(Answer answer, Random random) {
            answer.headers.computeIfPresent(
                    "ETag", (name, etag) -> random.nextBoolean() ? "W/" + etag : etag + "\r\nETag: \"b\"");
            answer.body = answer.body.replace("<ETag>", "<ETag>W/");
        }
    },
    NO_LENGTH(EnumSet.of(HEAD)) {
        @Override
        void change(Answer answer, Random random) {
            answer.headers.remove("Content-Length");
        }
    },
    LOST_METADATA(EnumSet.of(HEAD)) {
        @Override
        void change(Answer answer, Random random) {
            answer.headers.remove("x-amz-meta-" + one(random, "expiration", "filename", "token_id"));
        }
    },
    RENAMED_METADATA(EnumSet.of(HEAD)) {
        @Override
        void change(Answer answer, Random random) {
            String value = String.valueOf(answer.headers.remove("x-amz-meta-token_id"));
            answer.with("x-amz-meta-" + one(random, "token-id", "tokenid"), value);
        }
    },
    TWO_OWNERS(EnumSet.of(HEAD)) {
        @Override
        void change(Answer answer, Random random) {
            answer.with("X-Amz-Meta-Token_id", "other" + random.nextInt(99));
        }
    },
    ANOTHER_STATUS(EnumSet.of(HEAD, PUT, PART, TAG, DELETE, ABORT, COMPLETE, LIST, UPLOADS, PARTS, TAGS, CREATE)) {
        @Override
        void change(Answer answer, Random random) {
            int[] odd = {201, 202, 203, 206, 207, 226, 300, 301, 302, 303, 307, 308};
            answer.status = odd[random.nextInt(odd.length)];
            answer.with("Location", "http://127.0.0.1:1/elsewhere");
        }
    },
    A_PAGE_FOR_PEOPLE(EnumSet.of(HEAD, PUT, PART, TAG, DELETE, ABORT, COMPLETE, LIST, UPLOADS, PARTS, TAGS, CREATE)) {
        @Override
        void change(Answer answer, Random random) {
            boolean hasXml = answer.body.startsWith("<");
            answer.headers.clear();
            answer.status = 200;
            if (hasXml && random.nextBoolean()) {
                answer.with("x-amz-request-id", "1");
            }
            answer.body = "<html><head><title>Sign in</title></head><body><p>Hello</p></body></html>";
        }
    },
    NOT_BY_S3(EnumSet.of(TAG, DELETE, ABORT, LIST, UPLOADS, PARTS, TAGS, CREATE)) {
        @Override
        void change(Answer answer, Random random) {
            answer.headers.remove("x-amz-request-id");
        }
    },
    AN_ERROR_AS_SUCCESS(EnumSet.of(COMPLETE)) {
        @Override
        void change(Answer answer, Random random) {
            answer.xml("Error", "<Code>InternalError</Code><ETag>&quot;1&quot;</ETag>");
        }
    },
    ANOTHER_KEY(EnumSet.of(CREATE, COMPLETE, PARTS)) {
        @Override
        void change(Answer answer, Random random) {
            answer.body = answer.body.replaceAll("<Key>[^<]*", "<Key>another" + random.nextInt(99));
        }
    },
    ANOTHER_UPLOAD(EnumSet.of(PARTS)) {
        @Override
        void change(Answer answer, Random random) {
            answer.body = answer.body.replaceAll("<UploadId>[^<]*", "<UploadId>another" + random.nextInt(99));
        }
    },
    NO_UPLOAD_ID(EnumSet.of(CREATE, UPLOADS, PARTS)) {
        @Override
        void change(Answer answer, Random random) {
            answer.body = answer.body.replaceAll("<UploadId>.*</UploadId>", one(random, "", "<UploadId></UploadId>"));
        }
    },
    OTHER_BYTES_RECEIVED(EnumSet.of(PUT, PART, COMPLETE)) {
        @Override
        void change(Answer answer, Random random) {
            String other = one(random, "AAAAAA==", "AAAAAQ==");
            answer.with("x-amz-checksum-crc32c", other);
            answer.body = answer.body.replaceAll("<ChecksumCRC32C>[^<]*", "<ChecksumCRC32C>" + other);
        }
    },
    A_KEY_FROM_BEFORE(EnumSet.of(LIST)) {
        @Override
        void change(Answer answer, Random random) {
            String before = HonestS3.contents(one(random, "a", HonestS3.AFTER, "leased".substring(0, 5)));
            answer.body = random.nextBoolean()
                    ? answer.body.replaceFirst("<Contents>.*?</Contents>", before)
                    : answer.body.replaceFirst("<Contents>", before + "<Contents>");
        }
    },
    THE_SAME_PAGE_WITHOUT_END(EnumSet.of(LIST)) {
        @Override
        void change(Answer answer, Random random) {
            String again = HonestS3.contents("a") + HonestS3.contents(HonestS3.AFTER);
            answer.xml("ListBucketResult", again + "<IsTruncated>true</IsTruncated>");
        }
    },
    MORE_THAN_WAS_ASKED_FOR(EnumSet.of(LIST)) {
        @Override
        void change(Answer answer, Random random) {
            answer.body = answer.body.replaceFirst("(<Contents>.*?</Contents>)", "$1$1$1");
        }
    },
    OF_A_PREFIX(EnumSet.of(LIST, UPLOADS)) {
        @Override
        void change(Answer answer, Random random) {
            answer.body = answer.body
                    .replace("<Prefix></Prefix>", "")
                    .replaceFirst("Result>", "Result><Prefix>" + one(random, "l", "u", "%00") + "</Prefix>");
        }
    },
    MORE_BEHIND_NOTHING(EnumSet.of(LIST, UPLOADS)) {
        @Override
        void change(Answer answer, Random random) {
            answer.body = answer.body
                    .replaceAll("<(Contents|Upload)>.*</\\1>", "")
                    .replaceAll("<IsTruncated>.*</IsTruncated>", "<IsTruncated>true</IsTruncated>");
        }
    },
    NOT_SAID_WHETHER_THERE_IS_MORE(EnumSet.of(LIST, UPLOADS)) {
        @Override
        void change(Answer answer, Random random) {
            answer.body = answer.body.replaceAll("<IsTruncated>.*</IsTruncated>", "");
        }
    },
    THE_UPLOAD_BEHIND_WHICH_IT_WAS_ASKED(EnumSet.of(UPLOADS)) {
        @Override
        void change(Answer answer, Random random) {
            answer.body = answer.body
                    .replaceAll("<Key>[^<]*", "<Key>" + HonestS3.OPEN.key())
                    .replaceAll("<UploadId>[^<]*", "<UploadId>" + HonestS3.OPEN.id())
                    .replace("<IsTruncated>false", "<IsTruncated>true");
        }
    },
    UPLOADS_FROM_BEFORE(EnumSet.of(UPLOADS)) {
        @Override
        void change(Answer answer, Random random) {
            answer.body = answer.body
                    .replaceAll("<Key>[^<]*", "<Key>" + one(random, "a", "leased"))
                    .replace("<IsTruncated>false", "<IsTruncated>true");
        }
    },
    NO_MARKER(EnumSet.of(PARTS)) {
        @Override
        void change(Answer answer, Random random) {
            answer.body = answer.body
                    .replaceAll("<Part>.*</Part>", "")
                    .replaceAll(
                            "<NextPartNumberMarker>.*</NextPartNumberMarker>",
                            one(random, "", "<NextPartNumberMarker>0</NextPartNumberMarker>"))
                    .replace("<IsTruncated>false", "<IsTruncated>true");
        }
    },
    NO_KEY(EnumSet.of(LIST, UPLOADS)) {
        @Override
        void change(Answer answer, Random random) {
            answer.body = answer.body.replaceFirst("<Key>[^<]*</Key>", one(random, "", "<Key></Key>"));
        }
    },
    NO_TIME(EnumSet.of(LIST, UPLOADS, PARTS)) {
        @Override
        void change(Answer answer, Random random) {
            answer.body = answer.body.replaceFirst("<(LastModified|Initiated)>[^<]*</\\1>", "");
        }
    },
    NO_TAG_SET(EnumSet.of(TAGS)) {
        @Override
        void change(Answer answer, Random random) {
            answer.xml("Tagging", one(random, "", "<Tags></Tags>"));
        }
    },
    A_DAY_THAT_IS_NONE(EnumSet.of(TAGS)) {
        @Override
        void change(Answer answer, Random random) {
            String odd = HonestS3.tag(one(random, "", "-1", "soon", "30000x", "99999999999999999999", "0x10", " 1"));
            answer.xml("Tagging", "<TagSet>" + odd + "</TagSet>");
        }
    },
    TWO_DAYS(EnumSet.of(TAGS)) {
        @Override
        void change(Answer answer, Random random) {
            answer.xml("Tagging", "<TagSet>" + HonestS3.tag("1") + HonestS3.tag("30000") + "</TagSet>");
        }
    };

    private final Set<S3Request> requests;

    CallLie(Set<S3Request> requests) {
        this.requests = requests;
    }

    /** To whom it can be told. */
    Set<S3Request> requests() {
        return requests;
    }

    abstract void change(Answer answer, Random random);

    private static String one(Random random, String... of) {
        return of[random.nextInt(of.length)];
    }

    @Override
    public String toString() {
        return name() + requests.stream().map(Enum::name).collect(Collectors.joining(",", " (", ")"));
    }
}
