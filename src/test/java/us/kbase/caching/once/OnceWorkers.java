package us.kbase.caching.once;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.JobClient.Reply;

/** A process of many workers, to be killed and stopped; each writes down what it does before and after it does it. */
final class OnceWorkers {

    /** Lifetimes are short here, so that many holders die in a short run. */
    static final int TTL_SECONDS = 2;

    private static final long GENERATION_MILLIS = 8_000;
    private static final int WAIT_SECONDS = 10;
    private static final long PULSE_MILLIS = 250;
    private static final int READS_PER_DELETION = 40;

    private final Path history;
    private final List<JobClient> gateways;
    private final int jobs;
    private final boolean fenced;

    private OnceWorkers(Path history, List<JobClient> gateways, int jobs, boolean fenced) {
        this.history = history;
        this.gateways = gateways;
        this.jobs = jobs;
        this.fenced = fenced;
    }

    /** Arguments: name, history file, workers, jobs, fenced or unfenced, ports of the gateways. */
    public static void main(String[] arguments) throws InterruptedException {
        List<JobClient> gateways = Stream.of(arguments)
                .skip(5)
                .map(port -> new JobClient(Integer.parseInt(port), OnceRun.TOKEN))
                .toList();
        OnceWorkers process = new OnceWorkers(
                Path.of(arguments[1]), gateways, Integer.parseInt(arguments[3]), arguments[4].equals("fenced"));
        String name = arguments[0] + "-" + UUID.randomUUID().toString().substring(0, 8);
        List<Thread> threads = IntStream.range(0, Integer.parseInt(arguments[2]))
                .mapToObj(i -> Thread.ofVirtual().start(() -> process.work(name + "-" + i)))
                .toList();
        gateways.forEach(gateway -> Thread.ofVirtual().start(() -> process.feelPulse(name, gateway)));
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** How fast the machine is: what a wait takes is judged by that. */
    private void feelPulse(String name, JobClient gateway) {
        while (true) {
            long began = System.currentTimeMillis();
            try {
                gateway.cacheId(new JsonObject().put("pulse", name));
            } catch (UncheckedIOException gatewayIsDead) {
                pause(PULSE_MILLIS);
            }
            long took = System.currentTimeMillis() - began;
            if (took > 2 * PULSE_MILLIS) {
                write(name, Event.Kind.SLOW, "-", took, "");
            }
            pause(PULSE_MILLIS);
        }
    }

    private void work(String worker) {
        Random random = new Random();
        while (true) {
            JobClient gateway = gateways.get(random.nextInt(gateways.size()));
            String job = System.currentTimeMillis() / GENERATION_MILLIS + "/" + random.nextInt(jobs);
            try {
                once(worker, gateway, job, random);
            } catch (UncheckedIOException gatewayIsDead) {
                write(worker, Event.Kind.LEFT, job, 0, "");
                pause(50 + random.nextInt(200));
            }
        }
    }

    private void once(String worker, JobClient gateway, String job, Random random) {
        write(worker, Event.Kind.WAITS, job, 0, "");
        Reply reply = gateway.askByParameters(new JsonObject()
                .put("params", new JsonObject().put("job", job))
                .put("ttl_seconds", TTL_SECONDS)
                .put("wait_seconds", WAIT_SECONDS)
                .put("holder", worker));
        if (reply.status() >= 300) {
            write(worker, Event.Kind.LEFT, job, 0, "");
            pause(100);
            return;
        }
        String id = reply.json().getString("cache_id");
        switch (reply.state()) {
            case "leased" -> compute(worker, gateway, job, id, reply.json(), random);
            case "ready" -> read(worker, gateway, job, id, random);
            default -> write(worker, Event.Kind.LEFT, job, 0, "");
        }
    }

    private void compute(String worker, JobClient gateway, String job, String id, JsonObject granted, Random random) {
        long fencing = granted.getLong("fencing");
        String lease = granted.getString("lease");
        write(worker, Event.Kind.LEASED, job, fencing, "");
        int fate = random.nextInt(10);
        if (fate == 0) {
            return; // died: neither released nor heard of again
        }
        if (fate == 1) {
            pause(TTL_SECONDS * 1000 + random.nextInt(1500)); // slept past its lease and does not know
        } else {
            for (int i = random.nextInt(3); i > 0; i--) {
                pause(300);
                gateway.renew(id, lease);
            }
        }
        String content = worker + ":" + fencing + ":" + UUID.randomUUID();
        write(worker, Event.Kind.UPLOADS, job, fencing, content);
        Reply reply = fenced ? gateway.upload(id, content, lease) : gateway.upload(id, content);
        if (reply.status() == 200) {
            write(worker, Event.Kind.PUBLISHED, job, fencing, content);
        } else if (reply.status() == 409) {
            write(worker, Event.Kind.REFUSED, job, fencing, content);
        }
    }

    private void read(String worker, JobClient gateway, String job, String id, Random random) {
        Reply reply = gateway.download(id);
        if (reply.status() == 200) {
            write(worker, Event.Kind.READ, job, 0, new String(reply.body(), StandardCharsets.UTF_8));
        }
        if (random.nextInt(READS_PER_DELETION) == 0) {
            write(worker, Event.Kind.DELETES, job, 0, "");
            if (gateway.delete(id).status() == 200) {
                write(worker, Event.Kind.DELETED, job, 0, "");
            }
        }
        pause(200);
    }

    private synchronized void write(String worker, Event.Kind kind, String job, long fencing, String content) {
        Event event = new Event(System.currentTimeMillis(), worker, kind, job, fencing, content);
        try {
            Files.writeString(history, event.line() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
