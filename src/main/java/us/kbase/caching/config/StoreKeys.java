package us.kbase.caching.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import us.kbase.caching.digest.DigestAlgorithm;
import us.kbase.caching.secret.Secret;
import us.kbase.caching.store.s3.client.CaFile;

/** The rows of {@link Keys} that say where results are kept. */
final class StoreKeys {

    static final Key<String> STORE_TYPE = Key.of(
            "store.type",
            Kinds.matching("disk or s3", "disk|s3"),
            "disk",
            "disk: a folder of this machine. s3: MinIO or any S3 server; also chosen by MINIO_HOST.");
    static final Key<DigestAlgorithm> DIGEST = Key.of(
            "store.digest",
            Kinds.checksum(),
            "crc32c",
            "Checksum that each result is kept and checked with. crc64nvme costs about 0.45 CPU seconds a GiB, crc32c 0.02; the"
                    + " embedded store keeps crc32c beside it.");
    static final Key<Path> DISK_PATH = Key.of(
            "store.disk.path",
            Kinds.path().shownAs(path -> path.toAbsolutePath().toString()),
            "data",
            "The folder; one running gateway at a time owns it.");
    static final Key<Boolean> DISK_FSYNC = Key.of(
            "store.disk.fsync",
            Kinds.flag(),
            "true",
            "false: faster small uploads; a power cut may lose the last results (never corrupt one).");
    static final Key<URI> S3_ENDPOINT = Key.of(
            "store.s3.endpoint",
            Addresses.endpoint(),
            "http://minio:9000",
            "Where S3 listens: http or https, host, port.");
    static final Key<String> S3_BUCKET =
            Key.of("store.s3.bucket", bucket(), "kbase-cache", "Made at the start where it is missing.");
    static final Key<String> S3_ACCESS_KEY = Key.of("store.s3.access-key", Kinds.text(), "minio", "Who asks.");
    static final Key<Secret> S3_SECRET_KEY = Key.unset(
            "store.s3.secret-key",
            Kinds.secret(1),
            "",
            "Needed with type s3; better as MINIO_SECRET_KEY or CACHING_STORE_S3_SECRET_KEY_FILE.");
    static final Key<Secret> S3_SESSION_TOKEN =
            Key.unset("store.s3.session-token", Kinds.secret(1), "", "For temporary credentials.");
    static final Key<String> S3_REGION =
            Key.of("store.s3.region", region(), "us-east-1", "The region that requests are signed for.");
    static final Key<Boolean> S3_PATH_STYLE =
            Key.of("store.s3.path-style", Kinds.flag(), "true", "false: bucket.host addressing, as AWS prefers.");
    static final Key<CaFile> S3_CA_FILE = Key.unset(
            "store.s3.ca-file",
            Certificates.file(),
            "",
            "PEM file with the CA of an https endpoint that no public CA signed.");

    static final Key<String> PREVIOUS_TYPE = Key.unset(
            "previous.type", Kinds.matching("disk or s3", "disk|s3"), "", "disk or s3; without it nothing is moved.");
    static final Key<Path> PREVIOUS_DISK_PATH = Key.unset(
            "previous.disk.path",
            Kinds.path().shownAs(path -> path.toAbsolutePath().toString()),
            "old-data",
            "The folder; the gateway owns it beside its store.");
    static final Key<URI> PREVIOUS_S3_ENDPOINT = Key.unset(
            "previous.s3.endpoint",
            Addresses.endpoint(),
            "http://old-minio:9000",
            "Where the previous S3 server listens.");
    static final Key<String> PREVIOUS_S3_BUCKET = Key.of("previous.s3.bucket", bucket(), "kbase-cache", "Never made.");
    static final Key<String> PREVIOUS_S3_ACCESS_KEY = Key.of(
            "previous.s3.access-key",
            Kinds.text(),
            "minio",
            "Who asks; may list, read, delete, and read and write tags.");
    static final Key<Secret> PREVIOUS_S3_SECRET_KEY = Key.unset(
            "previous.s3.secret-key",
            Kinds.secret(1),
            "",
            "Needed with type s3; better as CACHING_PREVIOUS_S3_SECRET_KEY_FILE.");
    static final Key<Secret> PREVIOUS_S3_SESSION_TOKEN =
            Key.unset("previous.s3.session-token", Kinds.secret(1), "", "For temporary credentials.");
    static final Key<String> PREVIOUS_S3_REGION =
            Key.of("previous.s3.region", region(), "us-east-1", "The region that requests are signed for.");
    static final Key<Boolean> PREVIOUS_S3_PATH_STYLE =
            Key.of("previous.s3.path-style", Kinds.flag(), "true", "false: bucket.host addressing, as AWS prefers.");
    static final Key<CaFile> PREVIOUS_S3_CA_FILE = Key.unset(
            "previous.s3.ca-file",
            Certificates.file(),
            "",
            "PEM file with the CA of an https endpoint that no public CA signed.");

    /** All of them, in the order of the documentation. */
    static final List<Key<?>> ALL = List.of(
            STORE_TYPE,
            DIGEST,
            DISK_PATH,
            DISK_FSYNC,
            S3_ENDPOINT,
            S3_BUCKET,
            S3_ACCESS_KEY,
            S3_SECRET_KEY,
            S3_SESSION_TOKEN,
            S3_REGION,
            S3_PATH_STYLE,
            S3_CA_FILE,
            PREVIOUS_TYPE,
            PREVIOUS_DISK_PATH,
            PREVIOUS_S3_ENDPOINT,
            PREVIOUS_S3_BUCKET,
            PREVIOUS_S3_ACCESS_KEY,
            PREVIOUS_S3_SECRET_KEY,
            PREVIOUS_S3_SESSION_TOKEN,
            PREVIOUS_S3_REGION,
            PREVIOUS_S3_PATH_STYLE,
            PREVIOUS_S3_CA_FILE);

    private StoreKeys() {}

    private static Kind<String> bucket() {
        return Kinds.matching(
                "a bucket name (3 to 63 of a-z, 0-9, '.', '-')",
                "(?!.*\\.\\.)(?![0-9.]+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    }

    private static Kind<String> region() {
        return Kinds.matching("a region's name (a-z, 0-9, '-')", "[a-z0-9-]{1,63}");
    }
}
