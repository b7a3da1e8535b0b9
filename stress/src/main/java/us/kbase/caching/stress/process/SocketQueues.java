package us.kbase.caching.stress.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What lies in the kernel's queues of this machine's TCP sockets, from {@code /proc/net}. */
public final class SocketQueues {

    private static final int HEX = 16;
    private static final String ESTABLISHED = "01"; // TCP_ESTABLISHED

    /** One end of a connection: unsent (or not yet acknowledged) and unread bytes. */
    public record End(int localPort, int remotePort, long unsentBytes, long unreadBytes, boolean isEstablished) {}

    private SocketQueues() {}

    /** The ends of this machine's connections that are wanted. */
    public static List<End> matching(Predicate<End> wanted) {
        return Stream.of("tcp", "tcp6")
                .map(name -> Path.of("/proc/net", name))
                .filter(Files::exists)
                .flatMap(SocketQueues::lines)
                .map(SocketQueues::parse)
                .filter(wanted)
                .toList();
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream().skip(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static End parse(String line) {
        String[] fields = line.strip().split("\\s+");
        String[] queues = fields[4].split(":");
        return new End(
                port(fields[1]),
                port(fields[2]),
                Long.parseLong(queues[0], HEX),
                Long.parseLong(queues[1], HEX),
                fields[3].equals(ESTABLISHED));
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1), HEX);
    }
}
