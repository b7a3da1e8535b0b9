package us.kbase.caching.simulation;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Timer;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;

/**
 * The few things that gateways ask of Vert.x, on a {@link Schedule}. Timers with a handler fire when the seed says, for their delays are
 * jittered by a randomness of their own; those that come again and again, and one that is waited for as a future, are exact.
 */
public final class SimulatedVertx {

    private static final long MILLI = 1000;
    private static final long FUZZY_MAX_MILLIS = 1000;

    private final Schedule schedule;
    private final Schedule.Process process;
    private final Flaw flaw;
    private final Set<Long> timers = new HashSet<>();
    private final ContextInternal context = proxy(ContextInternal.class, this::onContext);
    private long numbers;

    private SimulatedVertx(Schedule schedule, Schedule.Process process, Flaw flaw) {
        this.schedule = schedule;
        this.process = process;
        this.flaw = flaw;
    }

    /** One for a process, whose timers die with it. */
    public static Vertx of(Schedule schedule, Schedule.Process process) {
        return of(schedule, process, Flaw.NONE);
    }

    static Vertx of(Schedule schedule, Schedule.Process process, Flaw flaw) {
        return proxy(Vertx.class, new SimulatedVertx(schedule, process, flaw)::onVertx);
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @SuppressWarnings("unchecked")
    private Object onVertx(Object proxy, Method method, Object[] args) {
        return switch (method.getName()) {
            case "getOrCreateContext" -> context;
            case "setTimer" -> setTimer((Handler<Long>) args[1]);
            case "setPeriodic" -> setPeriodic((Long) args[0], (Handler<Long>) args[1]);
            case "cancelTimer" -> timers.remove((Long) args[0]);
            case "timer" -> timer((Long) args[0], args.length == 1 ? TimeUnit.MILLISECONDS : (TimeUnit) args[1]);
            default -> throw new UnsupportedOperationException(method.toString());
        };
    }

    @SuppressWarnings("unchecked")
    private Object onContext(Object proxy, Method method, Object[] args) {
        return switch (method.getName()) {
            case "runOnContext" -> {
                Handler<Void> work = (Handler<Void>) args[0];
                schedule.after(0, process, () -> work.handle(null));
                yield proxy;
            }
            case "promise" -> Promise.promise();
            case "duplicate" -> proxy; // of one thread, on whose behalf nobody asks
            default -> throw new UnsupportedOperationException(method.toString());
        };
    }

    private long setTimer(Handler<Long> handler) {
        long number = numbers++;
        if (flaw == Flaw.FORGOTTEN_TIMER && schedule.chance(0.1)) {
            return number;
        }
        timers.add(number);
        schedule.after(schedule.between(MILLI, FUZZY_MAX_MILLIS * MILLI), process, () -> {
            if (timers.remove(number)) {
                handler.handle(number);
            }
        });
        return number;
    }

    private long setPeriodic(long millis, Handler<Long> handler) {
        long number = numbers++;
        timers.add(number);
        again(number, millis, handler);
        return number;
    }

    private void again(long number, long millis, Handler<Long> handler) {
        schedule.after(millis * MILLI, process, () -> {
            if (timers.contains(number)) {
                handler.handle(number);
                again(number, millis, handler);
            }
        });
    }

    private Timer timer(long delay, TimeUnit unit) {
        Promise<Void> fired = Promise.promise();
        schedule.after(unit.toMicros(delay), process, fired::tryComplete);
        Future<Void> future = fired.future();
        return proxy(Timer.class, (self, method, args) -> {
            if (method.getName().equals("cancel")) {
                return fired.tryFail(new CancellationException());
            }
            try {
                return method.invoke(future, args);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }
}
