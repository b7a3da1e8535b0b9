package us.kbase.caching.cli;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a command unless its result is there already, or somebody else is computing it. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Runs a command once for all who want its result: downloads the result if it is there, waits if"
                + " somebody computes it, else runs the command and uploads what it wrote. Exit code: the command's; 75"
                + " when the wait was over. Sample: caching-service run --params params.json --out big.gz --"
                + " sh -c 'gzip -c big > big.gz'")
final class Run implements Callable<Integer> {

    private static final int WAIT_OVER = 75;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int SERVER_FAULT = 500;
    private static final int NOT_IMPLEMENTED = 501;
    private static final int UPLOADS_MAX = 5;
    private static final long PAUSE_MILLIS = 1000;
    private static final Duration PER_CALL = Duration.ofSeconds(25);

    @Mixin
    private ServerOption server = new ServerOption();

    @Option(
            names = "--params",
            required = true,
            paramLabel = "FILE",
            description = "The job's parameters: JSON object.")
    private Path parameters = Path.of("");

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "The file that the command writes.")
    private Path out = Path.of("");

    @Option(
            names = "--wait",
            defaultValue = "10m",
            converter = DurationOption.class,
            description = "How long to wait while somebody else computes (default: ${DEFAULT-VALUE}).")
    private Duration wait = Duration.ofMinutes(10);

    @Option(
            names = "--ttl",
            defaultValue = "60s",
            converter = DurationOption.class,
            description = "After how long without a sign of life another may compute (default: ${DEFAULT-VALUE}).")
    private Duration ttl = Duration.ofSeconds(60);

    @Option(names = "--no-lease", description = "Looks, computes if there is nothing, and waits for nobody.")
    private boolean noLease;

    @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "After --: the command and its arguments.")
    private List<String> command = List.of();

    private sealed interface Answer {
        record Ready() implements Answer {}

        record Leased(String secret) implements Answer {}

        /** Somebody deleted the entry, or it expired, while we waited: it is to be made again. */
        record Gone() implements Answer {}

        record Pending(String holder) implements Answer {}
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path folder = out.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            System.err.println(folder + " is not a folder; --out must lie in one.");
            return 1;
        }
        try (GatewayClient client = server.client()) {
            String id = client.cacheId(Files.readAllBytes(parameters));
            return noLease ? unleased(client, id) : leased(client, id);
        }
    }

    private int unleased(GatewayClient client, String id) throws IOException, InterruptedException {
        return downloaded(client, id) ? 0 : compute(client, id, Optional.empty());
    }

    private int leased(GatewayClient client, String made) throws IOException, InterruptedException {
        String id = made;
        long deadline = System.nanoTime() + wait.toNanos();
        Duration patience = Duration.ZERO; // the first answer is at once, so that people see whom they wait for
        while (true) {
            Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
            long asked = System.nanoTime();
            Answer answer = ask(client, id, patience.compareTo(left) < 0 ? patience : left);
            boolean hasty = !patience.isZero() && System.nanoTime() - asked < PAUSE_MILLIS * 1_000_000;
            patience = PER_CALL;
            switch (answer) {
                case Answer.Ready ready -> {
                    if (downloaded(client, id, left)) {
                        return 0;
                    }
                }
                case Answer.Gone gone -> id = client.cacheId(Files.readAllBytes(parameters));
                case Answer.Leased lease -> {
                    try (Lease held = new Lease(client, id, lease.secret(), ttl)) {
                        return compute(client, id, Optional.of(held));
                    }
                }
                case Answer.Pending pending -> {
                    if (left.isZero()) {
                        System.err.println("caching-service: the wait is over, and " + pending.holder()
                                + " still computes; nothing was run.");
                        return WAIT_OVER;
                    }
                    System.err.println(
                            "caching-service: waiting for " + pending.holder() + " (" + left.toSeconds() + " s left)");
                    if (hasty) {
                        Thread.sleep(PAUSE_MILLIS); // a gateway where too many wait answers at once
                    }
                }
            }
        }
    }

    private Answer ask(GatewayClient client, String id, Duration patience) throws IOException, InterruptedException {
        JsonObject request = new JsonObject()
                .put("ttl_seconds", Math.max(1, ttl.toSeconds()))
                .put("wait_seconds", patience.plusMillis(999).toSeconds())
                .put("holder", holder());
        try {
            JsonObject reply = client.json(client.request("/cache/" + id + "/lease")
                    .timeout(patience.plus(PER_CALL))
                    .POST(BodyPublishers.ofString(request.encode()))
                    .build());
            return switch (reply.getString("state")) {
                case "ready" -> new Answer.Ready();
                case "leased" -> new Answer.Leased(reply.getString("lease"));
                default -> new Answer.Pending(named(reply.getString("holder", "")));
            };
        } catch (GatewayClient.Refused e) {
            if (e.status() == NOT_FOUND) {
                return new Answer.Gone();
            }
            if (e.status() < SERVER_FAULT || e.status() == NOT_IMPLEMENTED) {
                throw e;
            }
            return unanswered(e);
        } catch (IOException e) {
            return unanswered(e);
        }
    }

    /** A gateway that restarts is no reason to give up a wait. */
    private static Answer unanswered(IOException e) throws InterruptedException {
        System.err.println("caching-service: " + e.getMessage());
        Thread.sleep(PAUSE_MILLIS);
        return new Answer.Pending("the service");
    }

    private static String named(String holder) {
        return holder.isEmpty() ? "somebody" : holder;
    }

    private static String holder() throws IOException {
        return System.getProperty("user.name") + "@"
                + InetAddress.getLocalHost().getHostName() + " process "
                + ProcessHandle.current().pid();
    }

    /** A download that broke is tried again while there is time to wait. */
    private boolean downloaded(GatewayClient client, String id, Duration left)
            throws IOException, InterruptedException {
        try {
            return downloaded(client, id);
        } catch (IOException e) {
            boolean refused = e instanceof GatewayClient.Refused r && r.status() < SERVER_FAULT;
            if (refused || left.isZero()) {
                throw e;
            }
            System.err.println("caching-service: " + e.getMessage());
            Thread.sleep(PAUSE_MILLIS);
            return false;
        }
    }

    private boolean downloaded(GatewayClient client, String id) throws IOException, InterruptedException {
        try {
            client.download(id, out, Progress.onTerminal());
            return true;
        } catch (GatewayClient.Refused e) {
            if (e.status() == NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    private int compute(GatewayClient client, String id, Optional<Lease> lease)
            throws IOException, InterruptedException {
        Optional<Object> before = version();
        int code;
        try {
            code = ChildProcess.run(command);
        } catch (IOException notStarted) {
            release(lease);
            throw notStarted;
        }
        if (code != 0) {
            release(lease);
            return code;
        }
        if (version().isEmpty() || version().equals(before)) {
            release(lease);
            System.err.println("caching-service: the command ended well but did not write " + out + ".");
            return 1;
        }
        upload(client, id, lease);
        return code;
    }

    private static void release(Optional<Lease> lease) throws InterruptedException {
        if (lease.isPresent()) {
            lease.get().release();
        }
    }

    /** Tells a file that the command wrote from one that lay there before. */
    private Optional<Object> version() throws IOException {
        if (!Files.isRegularFile(out)) {
            return Optional.empty();
        }
        BasicFileAttributes file = Files.readAttributes(out, BasicFileAttributes.class);
        @Nullable Object inode = file.fileKey();
        return Optional.of(List.of(file.lastModifiedTime(), file.size(), inode == null ? "" : inode));
    }

    /** The result is paid for: a fault on the way is tried again, and whatever happens it stays in its file. */
    private void upload(GatewayClient client, String id, Optional<Lease> lease)
            throws IOException, InterruptedException {
        Map<String, String> headers = lease.map(Lease::header).orElse(Map.of());
        for (int attempt = 1; ; attempt++) {
            try {
                client.upload(id, out, headers, Progress.onTerminal());
                return;
            } catch (IOException e) {
                boolean refused = e instanceof GatewayClient.Refused r && r.status() < SERVER_FAULT;
                if (refused || attempt == UPLOADS_MAX) {
                    explain(e);
                    release(lease.filter(held -> !lost(e)));
                    return;
                }
                Thread.sleep(PAUSE_MILLIS * attempt);
            }
        }
    }

    private static boolean lost(IOException e) {
        return e instanceof GatewayClient.Refused refused && refused.status() == CONFLICT;
    }

    private void explain(IOException e) {
        String why = lost(e)
                ? "the lease was lost, so this result was not published"
                : "the result could not be published (" + e.getMessage() + ")";
        System.err.println("caching-service: " + why + "; it is kept in " + out + ".");
    }
}
