package us.kbase.caching.testing;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import us.kbase.caching.store.s3.client.S3Connection;

/** Credentials of MinIO that may do no more than a policy says; made by its STS, as there is no other way without its own client. */
public record TemporaryKey(String accessKey, String secretKey, String sessionToken) {

    /** A key for an hour, below that of the bucket's connection. */
    public static TemporaryKey of(S3Connection bucket, String policy) throws IOException, InterruptedException {
        String form = "Action=AssumeRole&Version=2011-06-15&DurationSeconds=3600&Policy="
                + URLEncoder.encode(policy, StandardCharsets.UTF_8);
        URI endpoint = URI.create(bucket.endpoint() + "/");
        var signed = AwsV4HttpSigner.create()
                .sign(sign -> sign.identity(AwsBasicCredentials.create(
                                bucket.accessKey(), bucket.secretKey().reveal()))
                        .request(SdkHttpFullRequest.builder()
                                .method(SdkHttpMethod.POST)
                                .uri(endpoint)
                                .putHeader("Content-Type", "application/x-www-form-urlencoded")
                                .build())
                        .payload(() -> new java.io.ByteArrayInputStream(form.getBytes(StandardCharsets.UTF_8)))
                        .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "sts")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, bucket.region()));
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint).POST(HttpRequest.BodyPublishers.ofString(form));
        signed.request().headers().forEach((name, values) -> {
            if (!name.equalsIgnoreCase("Host") && !name.equalsIgnoreCase("Content-Length")) {
                values.forEach(value -> request.header(name, value));
            }
        });
        String reply = HttpClient.newHttpClient()
                .send(request.build(), HttpResponse.BodyHandlers.ofString())
                .body();
        return new TemporaryKey(
                between(reply, "AccessKeyId"), between(reply, "SecretAccessKey"), between(reply, "SessionToken"));
    }

    private static String between(String xml, String name) {
        int begin = xml.indexOf("<" + name + ">");
        if (begin < 0) {
            throw new AssertionError("no " + name + " in " + xml);
        }
        return xml.substring(begin + name.length() + 2, xml.indexOf("</" + name + ">"));
    }
}
