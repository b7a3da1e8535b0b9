package us.kbase.caching.config;

import java.net.URI;
import java.nio.file.Path;
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
    static final Key<String> S3_BUCKET = Key.of(
            "store.s3.bucket",
            Kinds.matching(
                    "a bucket name (3 to 63 of a-z, 0-9, '.', '-')",
                    "(?!.*\\.\\.)(?![0-9.]+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"),
            "kbase-cache",
            "Made when it is missing.");
    static final Key<String> S3_ACCESS_KEY = Key.of("store.s3.access-key", Kinds.text(), "minio", "Who asks.");
    static final Key<Secret> S3_SECRET_KEY = Key.unset(
            "store.s3.secret-key",
            Kinds.secret(1),
            "",
            "Needed with type s3; better as MINIO_SECRET_KEY or CACHING_STORE_S3_SECRET_KEY_FILE.");
    static final Key<Secret> S3_SESSION_TOKEN =
            Key.unset("store.s3.session-token", Kinds.secret(1), "", "For temporary credentials.");
    static final Key<String> S3_REGION = Key.of(
            "store.s3.region",
            Kinds.matching("a region's name (a-z, 0-9, '-')", "[a-z0-9-]{1,63}"),
            "us-east-1",
            "The region that requests are signed for.");
    static final Key<Boolean> S3_PATH_STYLE =
            Key.of("store.s3.path-style", Kinds.flag(), "true", "false: bucket.host addressing, as AWS prefers.");
    static final Key<CaFile> S3_CA_FILE = Key.unset(
            "store.s3.ca-file",
            Certificates.file(),
            "",
            "PEM file with the CA of an https endpoint that no public CA signed.");

    private StoreKeys() {}
}
