package us.kbase.caching.stress.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A server that this program started. Stopped by {@link #stop} or with the program. */
public final class Child {

    private static final long STOP_SECONDS = 10;
    private static final long START_NANOS = 60_000_000_000L;
    private static final long POLL_MILLIS = 2;

    private final String name;
    private final Process process;
    private final Path log;
    private final long beganNanos = System.nanoTime();

    private Child(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /** Starts a program in a folder; its output goes to a log file there. */
    public static Child start(
            Cleanup cleanup, String name, List<String> command, Map<String, String> environment, Path folder) {
        try {
            Files.createDirectories(folder);
            Path log = folder.resolve(name + ".log");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().putAll(environment);
            Child child = new Child(name, builder.start(), log);
            cleanup.later(child::stop);
            return child;
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be started", e);
        }
    }

    /** A TCP port of the loopback interface that nobody listens on. */
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for a 200 to GET of this path, and gives the milliseconds from the start of the process until then. */
    public double awaitAnswer(int port, String path) {
        while (System.nanoTime() - beganNanos < START_NANOS && process.isAlive()) {
            if (answers(port, path)) {
                return (System.nanoTime() - beganNanos) / 1e6;
            }
            pause(POLL_MILLIS);
        }
        throw new IllegalStateException(name + " did not answer; its log ends with: " + logEnd());
    }

    private static boolean answers(int port, String path) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            socket.setSoTimeout(5_000);
            String request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            String status = new String(in.readNBytes(12), StandardCharsets.US_ASCII);
            in.readAllBytes();
            return status.endsWith(" 200");
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Its CPU and memory, with those of its own children. */
    public ServerProcess use() {
        return ServerProcess.withChildren(process.pid());
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    /** Whether it runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Sends it a signal, like {@code STOP}. */
    public void signal(String signal) {
        run(List.of("kill", "-" + signal, Long.toString(process.pid())));
    }

    /** Ends it: politely, then not. */
    public void stop() {
        if (!process.isAlive()) {
            return;
        }
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(STOP_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** The last lines that it wrote. */
    public String logEnd() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 10), lines.size()));
        } catch (IOException e) {
            return "(no log)";
        }
    }

    /** Runs a short command and gives what it printed. */
    public static String run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return output.strip();
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    /** Waits. */
    public static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
