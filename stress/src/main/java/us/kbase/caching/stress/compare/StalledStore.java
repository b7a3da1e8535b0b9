package us.kbase.caching.stress.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import us.kbase.caching.stress.load.Payload;
import us.kbase.caching.stress.load.V1Transfer;
import us.kbase.caching.stress.process.Child;
import us.kbase.caching.stress.process.SocketQueues;

/**
 * How much a gateway takes from a client when its S3 stands still: the client sends the beginning of a large upload, MinIO is
 * stopped, and the client sends on for as long as anybody takes a byte. What lies in the kernel's socket queues is told apart
 * from what the gateway holds itself.
 */
final class StalledStore {

    private static final int BEGINNING_BYTES = 4 * 1024;
    private static final long UPLOAD_BYTES = 1L << 30;
    private static final long CREATED_MILLIS = 1_000;
    private static final long STILL_NANOS = 3_000_000_000L;

    private StalledStore() {}

    static void bytesTaken(Bench bench, Results results) {
        GatewayServer gateway = bench.warmGateway();
        Side side = bench.gatewayMany(gateway);
        V1Transfer transfer = (V1Transfer) side.transfers(1, UPLOAD_BYTES).get(0);
        side.loop().run(transfer::reserve);
        try (SocketChannel client = SocketChannel.open(new InetSocketAddress("127.0.0.1", gateway.port()))) {
            client.configureBlocking(false);
            write(client, ByteBuffer.wrap(head(transfer, gateway)));
            long sent = write(client, ByteBuffer.wrap(Payload.formBegin()));
            sent += write(client, ByteBuffer.allocate(BEGINNING_BYTES));
            Child.pause(CREATED_MILLIS); // the upload is created and its first part is asked for meanwhile
            bench.minio().freeze();
            try {
                sent += writeWhileTaken(client);
                report(results, sent, ((InetSocketAddress) client.getLocalAddress()).getPort(), gateway, bench.minio());
            } finally {
                bench.minio().thaw();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Child.pause(CREATED_MILLIS);
        side.loop().run(transfer::delete);
        bench.settle();
    }

    private static void report(Results results, long sent, int clientPort, GatewayServer gateway, Minio minio) {
        long towardsGateway = SocketQueues.matching(
                        end -> end.localPort() == clientPort && end.remotePort() == gateway.port()
                                || end.localPort() == gateway.port() && end.remotePort() == clientPort)
                .stream()
                .mapToLong(end -> end.localPort() == clientPort ? end.unsentBytes() : end.unreadBytes())
                .sum();
        long towardsS3 =
                SocketQueues.matching(end -> end.remotePort() == minio.port() || end.localPort() == minio.port())
                        .stream()
                        .mapToLong(end -> end.remotePort() == minio.port() ? end.unsentBytes() : end.unreadBytes())
                        .sum();
        long taken = sent - towardsGateway;
        results.add(
                "bytes taken from a client whose S3 stands still",
                "≤ 512 KiB + sockets",
                kibibytes(taken - towardsS3),
                "–",
                String.format(
                        "held by the gateway itself; besides %s in its sockets to S3, %s in the client's and its own",
                        kibibytes(towardsS3), kibibytes(towardsGateway)));
    }

    private static String kibibytes(long bytes) {
        return Math.round(bytes / 1024.0) + " KiB";
    }

    private static byte[] head(V1Transfer transfer, GatewayServer gateway) {
        return ("POST /v1/cache/" + transfer.cacheId() + " HTTP/1.1\r\nHost: 127.0.0.1:" + gateway.port()
                        + "\r\nAuthorization: " + GatewayServer.TOKEN + "\r\nContent-Type: " + Payload.FORM_TYPE
                        + "\r\nContent-Length: " + UPLOAD_BYTES + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static long write(SocketChannel client, ByteBuffer bytes) throws IOException {
        long length = bytes.remaining();
        while (bytes.hasRemaining()) {
            client.write(bytes);
        }
        return length;
    }

    private static long writeWhileTaken(SocketChannel client) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect(64 * 1024);
        long sent = 0;
        long last = System.nanoTime();
        while (System.nanoTime() - last < STILL_NANOS) {
            zeros.clear();
            int written = client.write(zeros);
            if (written > 0) {
                sent += written;
                last = System.nanoTime();
            } else {
                Child.pause(5);
            }
        }
        return sent;
    }
}
