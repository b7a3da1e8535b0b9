package us.kbase.caching.testing;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A headless Chromium with a profile of its own, driven by the DevTools protocol. */
public final class Browser implements AutoCloseable {

    private static final Pattern LISTENS = Pattern.compile("DevTools listening on (ws://\\S+)");

    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final WebSocket socket;
    private final AtomicInteger calls = new AtomicInteger();
    private final Map<Integer, JsonObject> replies = new ConcurrentHashMap<>();
    private final Queue<JsonObject> events = new ConcurrentLinkedQueue<>();

    private Browser(Process process, URI address) {
        this.process = process;
        this.socket =
                http.newWebSocketBuilder().buildAsync(address, new Hearing()).join();
    }

    /** Where a browser is on this machine. */
    public static Optional<Path> executable() {
        return Stream.of("chromium", "chromium-browser", "google-chrome")
                .flatMap(name -> Stream.of(System.getenv("PATH").split(":")).map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Starts one whose profile lies in that folder. */
    public static Browser start(Path executable, Path folder) {
        try {
            Path said = folder.resolve("browser.log");
            Process process = new ProcessBuilder(List.of(
                            executable.toString(),
                            "--headless=new",
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-dev-shm-usage",
                            "--no-first-run",
                            "--remote-debugging-port=0",
                            "--user-data-dir=" + folder.resolve("profile"),
                            "about:blank"))
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            Matcher[] found = new Matcher[1];
            Await.until("the browser", () -> {
                found[0] = LISTENS.matcher(text(said));
                return found[0].find();
            });
            return new Browser(process, URI.create(found[0].group(1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class Hearing implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                JsonObject message = new JsonObject(text.toString());
                text.setLength(0);
                if (message.containsKey("id")) {
                    replies.put(message.getInteger("id"), message);
                } else {
                    events.add(message);
                }
            }
            from.request(1);
            return null;
        }
    }

    /** Calls a method of the browser itself. */
    public JsonObject call(String method, JsonObject parameters) {
        return call(new JsonObject(), method, parameters);
    }

    private JsonObject call(JsonObject message, String method, JsonObject parameters) {
        int id = calls.incrementAndGet();
        message.put("id", id).put("method", method).put("params", parameters);
        socket.sendText(message.encode(), true).join();
        Await.until("an answer to " + method, () -> replies.containsKey(id));
        JsonObject reply = replies.remove(id);
        if (reply.containsKey("error")) {
            throw new AssertionError(method + ": " + reply.encode());
        }
        return reply.getJsonObject("result");
    }

    /** A page. */
    public final class Page {
        private final String session;

        private Page(String session) {
            this.session = session;
        }

        public JsonObject call(String method, JsonObject parameters) {
            return Browser.this.call(new JsonObject().put("sessionId", session), method, parameters);
        }

        /** The value of an expression of JavaScript, awaited if it is a promise; null where it threw. */
        public Object value(String expression) {
            return call(
                            "Runtime.evaluate",
                            new JsonObject()
                                    .put("expression", expression)
                                    .put("awaitPromise", true)
                                    .put("returnByValue", true))
                    .getJsonObject("result", new JsonObject())
                    .getValue("value");
        }
    }

    /** Opens a page of its own. */
    public Page open(String url) {
        String target =
                call("Target.createTarget", new JsonObject().put("url", url)).getString("targetId");
        return new Page(call(
                        "Target.attachToTarget",
                        new JsonObject().put("targetId", target).put("flatten", true))
                .getString("sessionId"));
    }

    /** The first event of that name for which this holds, once it is there. */
    public JsonObject event(String name, Predicate<JsonObject> wanted) {
        JsonObject[] found = new JsonObject[1];
        Await.until(
                name,
                () -> events.stream()
                        .filter(event -> name.equals(event.getString("method")))
                        .map(event -> event.getJsonObject("params"))
                        .filter(wanted)
                        .findFirst()
                        .map(event -> found[0] = event)
                        .isPresent());
        return found[0];
    }

    @Override
    public void close() {
        socket.abort();
        http.shutdownNow();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
