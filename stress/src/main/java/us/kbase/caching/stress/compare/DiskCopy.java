package us.kbase.caching.stress.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import us.kbase.caching.stress.load.Transfer;
import us.kbase.caching.stress.process.Folder;

/** The embedded store against a plain copy of a file that is in memory already, by reads and writes of 1 MiB. */
final class DiskCopy {

    private static final int COPY_BYTES = 1 << 20;
    private static final int WARM_UPS = 3;

    private DiskCopy() {}

    static void uploads(Bench bench, Results results) {
        Plan plan = bench.plan();
        for (boolean fsync : new boolean[] {false, true}) {
            Path folder = bench.newFolder("copy");
            try (GatewayServer gateway = bench.coldDiskGateway(fsync)) {
                Side side = bench.gatewayStreams(gateway);
                Path source = source(folder, plan.largeBytes());
                for (int i = 0; i < WARM_UPS; i++) {
                    upload(side, plan.largeBytes(), folder);
                }
                Rounds rounds = Rounds.interleaved(
                        plan.rounds(),
                        List.of(
                                new Rounds.Contestant("copy", () -> copy(source, folder.resolve("copy"), fsync)),
                                new Rounds.Contestant("gateway", () -> upload(side, plan.largeBytes(), folder))));
                results.ratio(
                        "one " + plan.large() + " form upload to the embedded store, fsync " + (fsync ? "on" : "off")
                                + ", file copy ÷ gateway",
                        "–",
                        rounds,
                        "copy",
                        "gateway");
            } finally {
                Folder.delete(folder);
            }
        }
    }

    private static Sample upload(Side side, long bytes, Path folder) {
        List<Transfer> one = side.transfers(1, bytes);
        side.time(one, Transfer::reserve);
        Sample sample = side.time(one, Transfer::upload);
        side.time(one, Transfer::delete);
        Folder.sync(folder);
        return sample;
    }

    private static Path source(Path folder, long bytes) {
        try {
            Path file = Files.createDirectories(folder).resolve("source");
            ByteBuffer block = ByteBuffer.allocateDirect(COPY_BYTES);
            try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                for (long written = 0; written < bytes; ) {
                    block.clear().limit((int) Math.min(COPY_BYTES, bytes - written));
                    written += out.write(block);
                }
                out.force(true);
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Sample copy(Path source, Path target, boolean fsync) {
        ByteBuffer block = ByteBuffer.allocateDirect(COPY_BYTES);
        long begin = System.nanoTime();
        try (FileChannel in = FileChannel.open(source);
                FileChannel out = FileChannel.open(
                        target,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            while (in.read(block.clear()) >= 0) {
                block.flip();
                while (block.hasRemaining()) {
                    out.write(block);
                }
            }
            if (fsync) {
                out.force(true);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Sample sample = new Sample((System.nanoTime() - begin) / 1e9, 0);
        try {
            Files.delete(target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Folder.sync(source.getParent());
        return sample;
    }
}
