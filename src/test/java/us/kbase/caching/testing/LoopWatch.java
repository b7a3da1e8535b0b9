package us.kbase.caching.testing;

import io.vertx.core.impl.VertxThread;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Looks at every event loop of every test, and fails the class in which one was held up for 100 ms: it waited for a lock or another
 * thread, was in the disk, or computed in one task. One that looks a name up fails its class too, however long that takes. Loops that
 * merely get no processor do not count, so a slow machine is no failure; nor does what a cold process does once, such as loading classes.
 */
public final class LoopWatch implements AfterAllCallback {

    private static final long HELD_UP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** Stood still in so many looks in a row: more than one pause of the whole process makes of it. */
    private static final long LOOKS_MIN = HELD_UP_NANOS / LOOK_NANOS;

    private static final int FRAMES_SHOWN = 30;
    private static final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private static final ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();
    private static final ConcurrentLinkedQueue<String> heldUp = new ConcurrentLinkedQueue<>();

    static {
        Thread.ofPlatform().daemon().name("loop-watch").start(LoopWatch::watch);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        List<String> seen = new ArrayList<>();
        for (String one = heldUp.poll(); one != null; one = heldUp.poll()) {
            seen.add(one);
        }
        if (!seen.isEmpty()) {
            throw new AssertionError("an event loop was held up " + seen.size() + " times\n" + String.join("\n", seen));
        }
    }

    /** The event loop that calls this did what may hold it up. */
    static void tell(String what) {
        tell(Thread.currentThread(), what);
    }

    private static void tell(Thread loop, String what) {
        StringBuilder text = new StringBuilder(loop.getName()).append(' ').append(what);
        StackTraceElement[] stack = loop.getStackTrace();
        for (int i = 0; i < Math.min(FRAMES_SHOWN, stack.length); i++) {
            text.append("\n    at ").append(stack[i]);
        }
        heldUp.add(text.toString());
    }

    private static void watch() {
        Map<Thread, Looks> loops = new HashMap<>();
        while (true) {
            LockSupport.parkNanos(LOOK_NANOS);
            Thread[] all = new Thread[Thread.activeCount() * 2 + 64];
            int count = Thread.currentThread().getThreadGroup().enumerate(all);
            loops.keySet().removeIf(loop -> !loop.isAlive());
            for (int i = 0; i < count; i++) {
                if (all[i] instanceof VertxThread loop && !loop.isWorker()) {
                    loops.computeIfAbsent(loop, first -> new Looks(loop)).look();
                }
            }
        }
    }

    /** What one loop did at each look. */
    private static final class Looks {
        private final VertxThread loop;
        private long task;
        private long cpuAtTaskNanos;
        private long classesAtTask;
        private long sinceNanos;
        private String place = "";
        private int looks;
        private boolean told;

        Looks(VertxThread loop) {
            this.loop = loop;
        }

        void look() {
            computes();
            standsStill();
        }

        /** Vert.x says when the task of a loop began; a loop that only waits for sockets has none. */
        private void computes() {
            long begun = loop.startTime();
            long cpuNanos = threads.getThreadCpuTime(loop.threadId());
            long loaded = classes.getTotalLoadedClassCount();
            if (begun == 0 || begun != task || loaded != classesAtTask) {
                task = begun;
                cpuAtTaskNanos = cpuNanos;
                classesAtTask = loaded;
                told = false;
            } else if (!told && cpuNanos - cpuAtTaskNanos >= HELD_UP_NANOS) {
                told = true;
                tell("computed in one task for " + TimeUnit.NANOSECONDS.toMillis(cpuNanos - cpuAtTaskNanos) + " ms");
            }
        }

        private void standsStill() {
            ThreadInfo info = threads.getThreadInfo(loop.threadId(), 1);
            if (info == null || !stops(info)) {
                looks = 0;
                place = "";
                return;
            }
            String now = info.getThreadState() + " " + info.getBlockedCount() + " " + info.getWaitedCount() + " "
                    + info.getStackTrace()[0];
            if (!now.equals(place)) {
                place = now;
                looks = 0;
                sinceNanos = System.nanoTime();
                return;
            }
            looks++;
            if (looks == LOOKS_MIN) {
                tell("stood still for " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNanos) + " ms: "
                        + now);
            }
        }

        private static boolean stops(ThreadInfo info) {
            if (info.getStackTrace().length == 0) {
                return false;
            }
            return switch (info.getThreadState()) {
                case BLOCKED, WAITING, TIMED_WAITING -> true;
                case RUNNABLE -> inTheDisk(info.getStackTrace()[0]);
                case NEW, TERMINATED -> false;
            };
        }

        private static boolean inTheDisk(StackTraceElement top) {
            String type = top.getClassName();
            return top.isNativeMethod()
                    && (type.contains("FileDispatcher")
                            || type.contains("UnixNativeDispatcher")
                            || type.equals("java.io.UnixFileSystem")
                            || type.startsWith("java.io.File")
                            || type.startsWith("java.net.Inet"));
        }

        private void tell(String what) {
            LoopWatch.tell(loop, what);
        }
    }
}
