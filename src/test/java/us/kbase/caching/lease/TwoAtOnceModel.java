package us.kbase.caching.lease;

import java.util.HashSet;
import java.util.Set;

/** What each operation does to an entry when nothing else happens: the printed table once more, in other words. */
final class TwoAtOnceModel {

    enum Kind {
        ABSENT,
        FREE,
        LEASED,
        OVERDUE,
        LEASED_TO_ANOTHER,
        FILE,
        EXPIRED_FILE,
        EXPIRED
    }

    enum Operation {
        RESERVE,
        PUBLISH,
        PUBLISH_LEASED,
        OPEN,
        REMOVE,
        TAKE,
        WATCH,
        RENEW,
        RELEASE,
        SWEEP
    }

    /**
     * An entry.
     *
     * @param detail the file's content, who else holds the lease, or that I gave mine back
     */
    record State(Kind kind, String detail) {
        static State of(Kind kind) {
            return new State(kind, kind == Kind.FILE ? "old" : "");
        }

        boolean isHeldByMe() {
            return kind == Kind.LEASED || kind == Kind.OVERDUE;
        }

        boolean wasMine() {
            return kind == Kind.FILE ? detail.startsWith("leased ") : detail.equals(RELEASED);
        }

        boolean isGone() {
            return kind == Kind.ABSENT || kind == Kind.EXPIRED || kind == Kind.EXPIRED_FILE;
        }
    }

    static final String RELEASED = "given back";

    private record Step(String reply, State after) {}

    /** Both replies, and what is left. */
    record Outcome(String one, String other, State after) {}

    private TwoAtOnceModel() {}

    /** What two operations may come to: one after the other, in either order. */
    static Set<Outcome> outcomes(State before, Operation one, String byOne, Operation other, String byOther) {
        Set<Outcome> outcomes = new HashSet<>();
        Step first = step(before, one, byOne);
        Step second = step(first.after(), other, byOther);
        outcomes.add(new Outcome(first.reply(), second.reply(), second.after()));
        first = step(before, other, byOther);
        second = step(first.after(), one, byOne);
        outcomes.add(new Outcome(second.reply(), first.reply(), second.after()));
        if (one == Operation.REMOVE && other == Operation.REMOVE && !before.isGone()) {
            // A deletion that another one overtook has deleted as well as that one.
            outcomes.add(new Outcome("ok", "ok", State.of(Kind.ABSENT)));
        }
        if (isExpired(before) && revives(one)) {
            // Making an expired id new is a step of its own, and the other one may come right after it.
            Step revived = step(before, Operation.RESERVE, byOne);
            Step between = step(revived.after(), other, byOther);
            Step last = step(between.after(), one, byOne);
            outcomes.add(new Outcome(last.reply(), between.reply(), last.after()));
        }
        return outcomes;
    }

    private static boolean revives(Operation operation) {
        return operation == Operation.RESERVE || operation == Operation.PUBLISH;
    }

    private static boolean isExpired(State state) {
        return state.kind() == Kind.EXPIRED || state.kind() == Kind.EXPIRED_FILE;
    }

    private static Step step(State state, Operation operation, String by) {
        boolean file = state.kind() == Kind.FILE;
        return switch (operation) {
            case RESERVE ->
                state.isGone()
                        ? new Step("placeholder", State.of(Kind.FREE))
                        : new Step(file ? "file" : "placeholder", state);
            case PUBLISH ->
                state.kind() == Kind.ABSENT
                        ? new Step("NotFound", state)
                        : new Step("ok", new State(Kind.FILE, "v1 " + by));
            case PUBLISH_LEASED ->
                state.isHeldByMe() || file && state.wasMine()
                        ? new Step("ok", new State(Kind.FILE, "leased " + by))
                        : new Step("LeaseLost", state);
            case OPEN -> new Step(file ? state.detail() : "NotFound", state);
            case REMOVE -> state.isGone() ? new Step("NotFound", state) : new Step("ok", State.of(Kind.ABSENT));
            case TAKE ->
                state.kind() == Kind.FREE || state.kind() == Kind.OVERDUE
                        ? new Step("Leased", new State(Kind.LEASED_TO_ANOTHER, by))
                        : new Step(watched(state), state);
            case WATCH -> new Step(watched(state), state);
            case RENEW -> state.isHeldByMe() ? new Step("ok", State.of(Kind.LEASED)) : new Step("LeaseLost", state);
            case RELEASE ->
                state.isHeldByMe()
                        ? new Step("ok", new State(Kind.FREE, RELEASED))
                        : new Step(state.wasMine() ? "ok" : "LeaseLost", state);
            case SWEEP -> new Step("swept", isExpired(state) ? State.of(Kind.ABSENT) : state);
        };
    }

    private static String watched(State state) {
        return state.isGone() ? "NotFound" : state.kind() == Kind.FILE ? "Ready" : "Pending";
    }
}
