package us.kbase.caching.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.Gateway;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Browser;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.JobClient;

/** A real browser downloads a result: under its name, and to its end although it was broken off in the middle. */
class BrowserDownloadIT {

    private static final int BYTES = 30 << 20;
    private static final int CUT_AFTER = 5 << 20;
    private static final String NAME = "Ergebnis für é.bin";
    /** Chromium goes on by itself after some faults; after others its user does. */
    private static final String RESUME = """
            (() => {
              const list = document.querySelector('downloads-manager').shadowRoot;
              const item = list.querySelector('downloads-item').shadowRoot;
              const button = item.querySelector('#pauseOrResume');
              if (/resume/i.test(button.textContent)) button.click();
            })()""";

    @TempDir
    private Path folder;

    private final byte[] content = new byte[BYTES];
    private final List<String> heads = Collections.synchronizedList(new ArrayList<>());
    private Vertx vertx;
    private Gateway gateway;
    private String path;

    @BeforeEach
    void start() throws IOException {
        vertx = Vertx.vertx();
        gateway = Await.result(Gateway.start(Configs.of(
                1, Map.of(JobClient.TOKEN, "alice"), new GatewayConfig.Store.Disk(folder.resolve("data"), false))));
        new Random(1).nextBytes(content);
        try (JobClient client = new JobClient(gateway.port(), JobClient.TOKEN)) {
            String id = client.cacheId(new JsonObject().put("job", "browser"));
            String name = NAME.replace("ü", "%C3%BC").replace("é", "%C3%A9").replace(" ", "%20");
            assertEquals(
                    200,
                    client.send(client.request("/cache/" + id + "?filename=" + name)
                                    .PUT(BodyPublishers.ofByteArray(content)))
                            .status());
            path = "/v1/cache/" + id + "/file";
        }
        Files.createDirectory(folder.resolve("downloads"));
    }

    @AfterEach
    void stop() {
        Await.result(gateway.close());
        Await.result(vertx.close());
    }

    /** Knows who asks, as a portal does, and breaks the first reply off in the middle. */
    private NetServer portal() {
        NetClient client = vertx.createNetClient();
        return Await.result(vertx.createNetServer()
                .connectHandler(browser -> {
                    browser.pause();
                    client.connect(gateway.port(), "127.0.0.1").onSuccess(server -> between(browser, server));
                })
                .listen(0, "127.0.0.1"));
    }

    private void between(NetSocket browser, NetSocket server) {
        Buffer head = Buffer.buffer();
        browser.handler(bytes -> {
            head.appendBuffer(bytes);
            String text = head.toString(StandardCharsets.ISO_8859_1);
            if (text.endsWith("\r\n\r\n")) {
                heads.add(text);
                server.write(text.replace("Connection: keep-alive\r\n", "")
                        .replaceFirst("\r\n", "\r\nAuthorization: " + JobClient.TOKEN + "\r\nConnection: close\r\n"));
            }
        });
        long[] passed = new long[1];
        server.handler(bytes -> {
            passed[0] += bytes.length();
            browser.write(bytes);
            if (passed[0] > CUT_AFTER
                    && heads.stream().filter(sent -> sent.contains(path)).count() == 1) {
                server.pause();
                browser.end().onComplete(ended -> server.close());
            } else if (browser.writeQueueFull()) {
                server.pause();
                browser.drainHandler(v -> server.resume());
            }
        });
        server.endHandler(v -> browser.close());
        browser.closeHandler(v -> server.close());
        browser.resume();
    }

    @Test
    void aDownloadThatWasBrokenOffIsResumedToTheSameBytesUnderItsName() throws IOException {
        Optional<Path> executable = Browser.executable();
        assumeTrue(executable.isPresent(), "no Chromium on this machine");
        Path downloads = folder.resolve("downloads");
        NetServer portal = portal();
        try (Browser browser = Browser.start(executable.get(), folder)) {
            browser.call(
                    "Browser.setDownloadBehavior",
                    new JsonObject()
                            .put("behavior", "allow")
                            .put("downloadPath", downloads.toString())
                            .put("eventsEnabled", true));
            browser.open("about:blank")
                    .call(
                            "Page.navigate",
                            new JsonObject().put("url", "http://127.0.0.1:" + portal.actualPort() + path));
            JsonObject begun = browser.event("Browser.downloadWillBegin", event -> true);
            assertEquals(NAME, begun.getString("suggestedFilename"));
            Browser.Page list = browser.open("chrome://downloads/");
            Path file = downloads.resolve(NAME);
            Await.until("all of the file", 60, () -> {
                list.value(RESUME);
                return Files.exists(file) && file.toFile().length() == BYTES;
            });
            assertArrayEquals(content, Files.readAllBytes(file));
        }
        List<String> asked = heads.stream().filter(head -> head.contains(path)).toList();
        assertEquals(2, asked.size(), asked.toString());
        assertTrue(asked.get(1).contains("\r\nRange: bytes="), asked.get(1));
        assertTrue(asked.get(1).contains("\r\nIf-Range: "), asked.get(1));
    }
}
