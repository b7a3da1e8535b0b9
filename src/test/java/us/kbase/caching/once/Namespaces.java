package us.kbase.caching.once;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Hosts of their own for a few processes: Linux network namespaces, each with a wire to each other one and one to this machine, so
 * that no rule for forwarded packets applies. They can be parted and joined.
 */
final class Namespaces implements AutoCloseable {

    private static final String NET = "10.213." + (ProcessHandle.current().pid() % 250 + 1) + ".";
    private static final String NAME = "cs" + ProcessHandle.current().pid() % 100_000;
    private static final int FIRST = 11;

    private final int hosts;

    private Namespaces(int hosts) {
        this.hosts = hosts;
    }

    /** Whether this machine and user may make them. */
    static boolean possible() {
        try (Namespaces one = create(1)) {
            return one.hosts == 1;
        } catch (IOException | InterruptedException no) {
            return false;
        }
    }

    static Namespaces create(int hosts) throws IOException, InterruptedException {
        Namespaces made = new Namespaces(hosts);
        try {
            for (int i = 0; i < hosts; i++) {
                made.addHost(i);
            }
            for (int i = 0; i < hosts; i++) {
                for (int other = 0; other < i; other++) {
                    made.wire(i, other);
                }
            }
            return made;
        } catch (IOException e) {
            made.close();
            throw e;
        }
    }

    private void addHost(int host) throws IOException, InterruptedException {
        ip("netns", "add", name(host));
        ip("-n", name(host), "addr", "add", address(host) + "/32", "dev", "lo");
        ip("-n", name(host), "link", "set", "lo", "up");
        ip("link", "add", name(host), "type", "veth", "peer", "name", "out", "netns", name(host));
        ip("addr", "add", here() + "/32", "dev", name(host));
        ip("link", "set", name(host), "up");
        ip("-n", name(host), "link", "set", "out", "up");
        ip("route", "add", address(host) + "/32", "dev", name(host), "src", here());
        ip("-n", name(host), "route", "add", here() + "/32", "dev", "out", "src", address(host));
    }

    private void wire(int one, int other) throws IOException, InterruptedException {
        ip(
                "-n",
                name(one),
                "link",
                "add",
                "to" + other,
                "type",
                "veth",
                "peer",
                "name",
                "to" + one,
                "netns",
                name(other));
        ip("-n", name(one), "link", "set", "to" + other, "up");
        ip("-n", name(other), "link", "set", "to" + one, "up");
        route(one, other);
        route(other, one);
    }

    private void route(int from, int to) throws IOException, InterruptedException {
        ip("-n", name(from), "route", "replace", address(to) + "/32", "dev", "to" + to, "src", address(from));
    }

    private void lose(int from, int to) throws IOException, InterruptedException {
        ip("-n", name(from), "route", "replace", "blackhole", address(to) + "/32");
    }

    private static String name(int host) {
        return NAME + "n" + host;
    }

    /** Where this machine itself is found by all of them. */
    String here() {
        return NET + 1;
    }

    String address(int host) {
        return NET + (FIRST + host);
    }

    /** What comes before a command that is to run there. */
    List<String> command(int host) {
        return List.of("ip", "netns", "exec", name(host));
    }

    /** Cuts one off from all others, both ways and without a word; everybody still reaches this machine. */
    void part(int alone) throws IOException, InterruptedException {
        for (int other = 0; other < hosts; other++) {
            if (other != alone) {
                lose(alone, other);
                lose(other, alone);
            }
        }
    }

    void join(int alone) throws IOException, InterruptedException {
        for (int other = 0; other < hosts; other++) {
            if (other != alone) {
                route(alone, other);
                route(other, alone);
            }
        }
    }

    /** Whether one can connect to a port of another. */
    boolean reaches(int from, int to, int port) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(command(from));
        command.addAll(List.of("timeout", "2", "bash", "-c", "exec 3<>/dev/tcp/" + address(to) + "/" + port));
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    private static void ip(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes()).strip();
        if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said);
        }
    }

    @Override
    public void close() {
        for (int host = 0; host < hosts; host++) {
            quietly("link", "del", name(host));
            quietly("netns", "del", name(host));
        }
    }

    private static void quietly(String... arguments) {
        try {
            ip(arguments);
        } catch (IOException gone) {
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
