package us.kbase.caching.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import us.kbase.caching.Gateway;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.RawConnection;
import us.kbase.caching.testing.S3Servers;
import us.kbase.caching.testing.TestFolders;

/** Files as they are, preconditions, ranges and names through real HTTP, on every store. */
class FilesOverHttpIT {

    private static final List<Site> SITES = new ArrayList<>();
    private static final String OK = "{\"status\":\"ok\"}\n";

    /** A gateway and a client of it. */
    private record Site(String store, Gateway gateway, JobClient client) {
        @Override
        public String toString() {
            return store;
        }

        String id() {
            return client.cacheId(new JsonObject().put("job", UUID.randomUUID().toString()));
        }

        String idWith(String content) {
            String id = id();
            assertEquals(200, client.upload(id, content).status());
            return id;
        }

        HttpRequest.Builder request(String id, String... headers) {
            HttpRequest.Builder request = client.request("/cache/" + id);
            for (int i = 0; i < headers.length; i += 2) {
                request.header(headers[i], headers[i + 1]);
            }
            return request;
        }

        JobClient.Reply put(String id, String content, String... headers) {
            return client.send(request(id, headers).PUT(BodyPublishers.ofString(content)));
        }

        JobClient.Reply get(String id, String... headers) {
            return client.send(request(id, headers).GET());
        }

        JobClient.Reply head(String id, String... headers) {
            return client.send(request(id, headers).method("HEAD", BodyPublishers.noBody()));
        }

        JobClient.Reply delete(String id, String... headers) {
            return client.send(request(id, headers).DELETE());
        }

        String etag(String id) {
            return header(head(id), "ETag");
        }

        void holds(String id, String content) {
            assertEquals(content, text(client.download(id)));
        }

        RawConnection raw(String id, String headers) {
            return new RawConnection(gateway.port())
                    .send("PUT /v1/cache/" + id + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN + "\r\n"
                            + headers + "\r\n\r\n");
        }
    }

    private static String text(JobClient.Reply reply) {
        return new String(reply.body(), StandardCharsets.UTF_8);
    }

    private static String header(JobClient.Reply reply, String name) {
        return reply.headers().firstValue(name).orElse("none");
    }

    private static String status(RawConnection connection) {
        return connection.head().lines().findFirst().orElse("closed").replace("HTTP/1.1 ", "");
    }

    @BeforeAll
    static void start() {
        start("disk", new GatewayConfig.Store.Disk(TestFolders.create("files"), false));
        S3Servers.all().forEach(server -> start(server.name(), Configs.store(server.bucket())));
    }

    private static void start(String name, GatewayConfig.Store store) {
        Gateway gateway =
                Await.result(Gateway.start(Configs.of(1, Map.of(JobClient.TOKEN, "alice", "other", "bob"), store)));
        SITES.add(new Site(name, gateway, new JobClient(gateway.port(), JobClient.TOKEN)));
    }

    @AfterAll
    static void stop() {
        SITES.forEach(site -> {
            site.client().close();
            Await.result(site.gateway().close());
        });
    }

    static Stream<Site> sites() {
        return SITES.stream();
    }

    // A file as it is

    @ParameterizedTest
    @MethodSource("sites")
    void aFileIsPutWithItsNameAndTypeAndGivenBackWithThem(Site site) {
        String id = site.id();
        JobClient.Reply reply =
                site.put(id + "?filename=gr%C3%BCn%201.txt", "content", "Content-Type", "text/x-own; a=b");
        assertEquals(OK, text(reply));
        assertEquals(200, reply.status());
        assertEquals("content", text(site.get(id)));
        assertEquals("text/x-own; a=b", header(site.get(id), "Content-Type"));
        assertEquals("text/x-own; a=b", header(site.head(id), "Content-Type"));
        assertEquals("none", header(site.get(id), "Content-Disposition"));
        JobClient.Reply named = site.get(id + "/file");
        assertEquals("content", text(named));
        assertEquals(
                "attachment; filename=\"grun_1.txt\"; filename*=UTF-8''gr%C3%BCn%201.txt",
                header(named, "Content-Disposition"));
        assertEquals(header(named, "Content-Disposition"), header(site.head(id + "/file"), "Content-Disposition"));
        assertEquals(200, site.client().upload(id, "by a form").status());
        assertEquals("text/plain; charset=utf-8", header(site.get(id), "Content-Type"));
        assertEquals("inline; filename=\"result.txt\"", header(site.get(id + "/file"), "Content-Disposition"));
    }

    @ParameterizedTest
    @MethodSource("sites")
    void aNameMayStandInContentDisposition(Site site) {
        String id = site.id();
        assertEquals(
                200,
                site.put(id, "x", "Content-Disposition", "attachment; filename=\"a b.csv\"")
                        .status());
        assertEquals("text/csv; charset=utf-8", header(site.get(id), "Content-Type"));
        assertEquals("inline; filename=\"a b.csv\"", header(site.get(id + "/file"), "Content-Disposition"));
    }

    @ParameterizedTest
    @MethodSource("sites")
    void aFileMayBeEmptyOrOfAnyLengthOrOfNone(Site site) {
        Random random = new Random(47);
        for (int length : new int[] {0, 1, 65_536, 65_537, 3 << 20, (5 << 20) + 1, 40 << 20}) {
            byte[] content = new byte[length];
            random.nextBytes(content);
            for (boolean known : new boolean[] {true, false}) {
                String id = site.id();
                HttpRequest.BodyPublisher body = known
                        ? BodyPublishers.ofByteArray(content)
                        : BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(content));
                assertEquals(200, site.client().send(site.request(id).PUT(body)).status(), length + " " + known);
                assertArrayEquals(content, site.client().download(id).body());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sites")
    void aPutThatIsCutPublishesNothing(Site site) {
        String id = site.idWith("old");
        site.raw(id, "Content-Length: 7000000").send("x".repeat(3_000_000)).cut();
        site.raw(id, "Content-Length: 10").send("123456789").cut();
        site.raw(id, "Transfer-Encoding: chunked").send("3\r\nabc\r\n").cut();
        try (RawConnection shut =
                site.raw(id, "Content-Length: 10").send("123456789").endOutput()) {
            assertEquals("", shut.rest());
        }
        site.holds(id, "old");
    }

    /** As a form's sender is. */
    @ParameterizedTest
    @MethodSource("sites")
    void aSenderThatShutsItsOwnDirectionBehindTheFileIsAnswered(Site site) {
        String id = site.id();
        try (RawConnection shut = site.raw(id, "Connection: close\r\nContent-Length: 3")
                .send("new")
                .endOutput()) {
            assertEquals("200 OK", status(shut));
        }
        site.holds(id, "new");
    }

    @ParameterizedTest
    @MethodSource("sites")
    void continueIsSaidOnceAllIsChecked(Site site) {
        String id = site.id();
        try (RawConnection asked = site.raw(id, "Expect: 100-continue\r\nContent-Length: 3")) {
            assertEquals("100 Continue", status(asked));
            assertEquals("200 OK", status(asked.send("new")));
        }
        String etag = site.etag(id);
        for (String refused :
                List.of("If-None-Match: *", "If-Match: \"x\"", "Cache-Lease: none", "Content-Type: none")) {
            try (RawConnection asked = site.raw(id, refused + "\r\nExpect: 100-continue\r\nContent-Length: 3")) {
                assertEquals("4", status(asked).substring(0, 1), refused);
            }
        }
        assertEquals(etag, site.etag(id));
    }

    @ParameterizedTest
    @MethodSource("sites")
    void aPutIsRefusedByTheSameRulesAsAForm(Site site) {
        assertEquals(404, site.put("unknown", "x").status());
        String id = site.idWith("old");
        assertEquals(
                403,
                site.client()
                        .send(HttpRequest.newBuilder(site.request(id).build().uri())
                                .header("Authorization", "other")
                                .PUT(BodyPublishers.ofString("x")))
                        .status());
        assertEquals(409, site.put(id, "x", "Cache-Lease", "none").status());
        assertEquals(400, site.put(id, "x", "Cache-Expires-Days", "0").status());
        site.holds(id, "old");
    }

    @ParameterizedTest
    @MethodSource("sites")
    void aPutThatWouldNotComeBackAsItWasMeantIsRefused(Site site) {
        String id = site.idWith("old");
        Map.of(
                        "Content-Range", "bytes 1-2/3",
                        "Content-Encoding", "gzip",
                        "Content-Type", "multipart/form-data; boundary=b")
                .forEach((name, value) ->
                        assertEquals(400, site.put(id, "x", name, value).status(), name));
        JobClient.Reply misspelt = site.put(id + "?name=x", "x");
        assertEquals(400, misspelt.status());
        assertTrue(text(misspelt).contains("Unknown query parameter: name; this route takes filename"), text(misspelt));
        assertEquals(400, site.put(id + "?filename=", "x").status());
        assertEquals(400, site.put(id + "?filename=%ff", "x").status());
        assertEquals(400, site.get(id + "/file?x=1").status());
        site.holds(id, "old");
    }

    @ParameterizedTest
    @MethodSource("sites")
    void aLeasedResultMayBePut(Site site) {
        String id = site.id();
        String lease = site.client()
                .ask(id, new JsonObject().put("wait_seconds", 0))
                .json()
                .getString("lease");
        assertEquals(
                412, site.put(id, "x", "Cache-Lease", lease, "If-Match", "*").status());
        assertEquals(
                200,
                site.put(id, "new", "Cache-Lease", lease, "If-None-Match", "*").status());
        site.holds(id, "new");
    }

    // Preconditions

    @ParameterizedTest
    @MethodSource("sites")
    void aReaderWhoHasTheResultIsToldSo(Site site) {
        String id = site.idWith("0123456789");
        JobClient.Reply whole = site.get(id);
        String etag = header(whole, "ETag");
        String date = header(whole, "Last-Modified");
        for (String[] condition : new String[][] {
            {"If-None-Match", etag},
            {"If-None-Match", "W/" + etag},
            {"If-None-Match", "\"x\", " + etag},
            {"If-None-Match", "*"},
            {"If-Modified-Since", date}
        }) {
            for (JobClient.Reply same : List.of(site.get(id, condition), site.head(id, condition))) {
                assertEquals(304, same.status(), String.join(" ", condition));
                assertEquals(etag, header(same, "ETag"));
                assertEquals(date, header(same, "Last-Modified"));
                assertEquals("private, no-cache", header(same, "Cache-Control"));
                assertEquals("none", header(same, "Content-Type"));
                assertEquals("none", header(same, "Content-Length"));
                assertEquals("", text(same));
            }
        }
        assertEquals(200, site.get(id, "If-None-Match", "\"x\"").status());
        assertEquals(
                304, site.get(id, "If-None-Match", etag, "Range", "bytes=99-").status());
        assertEquals(412, site.get(id, "If-Match", "\"x\"").status());
        assertEquals(412, site.head(id, "If-Match", "\"x\"").status());
        assertEquals(200, site.get(id, "If-Match", etag).status());
        assertEquals(404, site.get(site.id(), "If-None-Match", "*").status());
    }

    @ParameterizedTest
    @MethodSource("sites")
    void aRangeIsGivenOfTheVersionThatTheReaderHas(Site site) {
        String id = site.idWith("0123456789");
        String etag = site.etag(id);
        JobClient.Reply part = site.get(id, "Range", "bytes=2-5", "If-Range", etag);
        assertEquals(206, part.status());
        assertEquals("2345", text(part));
        assertEquals("bytes 2-5/10", header(part, "Content-Range"));
        assertEquals(etag, header(part, "ETag"));
        assertEquals("789", text(site.get(id, "Range", "bytes=-3")));
        assertEquals("789", text(site.get(id, "Range", "bytes=7-")));
        for (String[] whole : new String[][] {
            {"Range", "bytes=2-5", "If-Range", "\"x\""},
            {"Range", "bytes=99-", "If-Range", "\"x\""},
            {"Range", "bytes=2-5", "If-Range", header(part, "Last-Modified")},
            {"Range", "bytes=0-1,4-5"},
            {"Range", "lines=1-2"},
        }) {
            JobClient.Reply all = site.get(id, whole);
            assertEquals(200, all.status(), String.join(" ", whole));
            assertEquals("0123456789", text(all));
        }
        JobClient.Reply outside = site.get(id, "Range", "bytes=99-", "If-Range", etag);
        assertEquals(416, outside.status());
        assertEquals("bytes */10", header(outside, "Content-Range"));
        assertEquals(416, site.get(id, "Range", "bytes=10-").status());
    }

    @ParameterizedTest
    @MethodSource("sites")
    void aChangeUnderAConditionThatDoesNotHoldChangesNothing(Site site) {
        String id = site.id();
        assertEquals(412, site.put(id, "x", "If-Match", "*").status());
        assertEquals(412, site.delete(id, "If-Match", "*").status());
        assertEquals(200, site.put(id, "old", "If-None-Match", "*").status());
        String etag = site.etag(id);
        String longAgo = "Sun, 06 Nov 1994 08:49:37 GMT";
        for (String[] condition : new String[][] {
            {"If-None-Match", "*"},
            {"If-None-Match", etag},
            {"If-Match", "\"x\""},
            {"If-Match", "W/" + etag},
            {"If-Unmodified-Since", longAgo}
        }) {
            JobClient.Reply refused = site.put(id, "new", condition);
            assertEquals(412, refused.status(), String.join(" ", condition));
            assertEquals(
                    "{\"error\":\"The result that is there is not as " + condition[0]
                            + " demands; nothing was changed\",\"status\":\"error\"}\n",
                    text(refused));
            assertEquals(412, site.delete(id, condition).status());
            assertEquals(
                    412,
                    site.client()
                            .send(site.request(id, condition)
                                    .header("Content-Type", "multipart/form-data; boundary=b")
                                    .POST(BodyPublishers.ofString("no form")))
                            .status());
            site.holds(id, "old");
            assertEquals(etag, site.etag(id));
        }
        assertEquals(200, site.put(id, "new", "If-Match", "\"x\", " + etag).status());
        assertEquals(412, site.delete(id, "If-Match", etag).status());
        assertEquals(200, site.delete(id, "If-Match", site.etag(id)).status());
        assertEquals(404, site.get(id).status());
        assertEquals(404, site.delete(id, "If-Match", "*").status());
        assertEquals(404, site.put(id, "x", "If-None-Match", "*").status());
    }

    @ParameterizedTest
    @MethodSource("sites")
    void anIdWhoseResultWasDeletedUnderAConditionIsMadeAgain(Site site) {
        JsonObject params = new JsonObject().put("job", UUID.randomUUID().toString());
        String id = site.client().cacheId(params);
        for (int i = 0; i < 3; i++) {
            assertEquals(200, site.put(id, "same", "If-None-Match", "*").status());
            assertEquals(200, site.delete(id, "If-Match", site.etag(id)).status());
            assertEquals(id, site.client().cacheId(params));
        }
    }

    /** The condition is the store's, at the instant of the publish. */
    @ParameterizedTest
    @MethodSource("sites")
    void anUploadWhoseEntryChangesMeanwhileIsRefusedAndChangesNothing(Site site) {
        String id = site.idWith("old");
        String etag = site.etag(id);
        try (RawConnection slow = site.raw(id, "If-Match: " + etag + "\r\nExpect: 100-continue\r\nContent-Length: 4")) {
            assertEquals("100 Continue", status(slow));
            slow.send("la");
            assertEquals(200, site.client().upload(id, "quick").status());
            assertEquals("412 Precondition Failed", status(slow.send("te")));
        }
        site.holds(id, "quick");
    }

    @ParameterizedTest
    @MethodSource("sites")
    void ofManyWhoReplaceOneVersionOneDoes(Site site) throws Exception {
        String id = site.idWith("old");
        String etag = site.etag(id);
        try (ExecutorService together = Executors.newFixedThreadPool(12)) {
            List<Future<Integer>> statuses = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                String content = "new " + i;
                boolean removes = i % 4 == 3;
                statuses.add(together.submit(
                        () -> (removes ? site.delete(id, "If-Match", etag) : site.put(id, content, "If-Match", etag))
                                .status()));
            }
            int done = 0;
            for (Future<Integer> status : statuses) {
                int got = status.get();
                assertTrue(List.of(200, 404, 412).contains(got), "status " + got);
                done += got == 200 ? 1 : 0;
            }
            assertEquals(1, done);
        }
    }
}
