package us.kbase.caching.stress.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** CPU and memory of running processes, from {@code /proc}. Several, for a server that forks workers. */
public record ServerProcess(List<Long> pids) {

    private static final double TICKS_PER_SECOND =
            100; // USER_HZ, the same on every Linux architecture that JDKs run on
    private static final int UTIME = 11;
    private static final int STIME = 12;

    /** One process and those that it has started. */
    public static ServerProcess withChildren(long pid) {
        Stream<Long> children = ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::descendants)
                .map(ProcessHandle::pid);
        return new ServerProcess(Stream.concat(Stream.of(pid), children).toList());
    }

    /** CPU seconds, user and system, since the processes began. */
    public double cpuSeconds() {
        double ticks = 0;
        for (long pid : pids) {
            String stat = read(pid, "stat");
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            ticks += Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME]);
        }
        return ticks / TICKS_PER_SECOND;
    }

    /** The most memory that the processes ever had resident, in MiB. */
    public double peakRssMebibytes() {
        return status("VmHWM:");
    }

    /** The memory that is resident now, in MiB. */
    public double rssMebibytes() {
        return status("VmRSS:");
    }

    private double status(String field) {
        double kibibytes = 0;
        for (long pid : pids) {
            kibibytes += read(pid, "status")
                    .lines()
                    .filter(line -> line.startsWith(field))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        }
        return kibibytes / 1024;
    }

    private static String read(long pid, String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), file));
        } catch (IOException e) {
            throw new UncheckedIOException("process " + pid + " does not run here", e);
        }
    }
}
