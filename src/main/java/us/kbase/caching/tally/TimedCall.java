package us.kbase.caching.tally;

/** One call of another server, and how long it takes; told of once, at the first of its ends. Event loop only. */
public final class TimedCall {

    private final String operation;
    private final CallTimes times;
    private final long begunNanos = System.nanoTime();
    private boolean told;

    private TimedCall(String operation, CallTimes times) {
        this.operation = operation;
        this.times = times;
    }

    /** Begins now. */
    public static TimedCall begin(String operation, CallTimes times) {
        return new TimedCall(operation, times);
    }

    /** Its answer's head is there. */
    public void answered(int status) {
        end(status / 100 + "xx");
    }

    /** It was given up; nothing if it was answered before. */
    public void unanswered() {
        end("cut");
    }

    /** It was given up since the client did, whose bytes it carried. */
    public void left() {
        end("left");
    }

    private void end(String outcome) {
        if (!told) {
            told = true;
            times.ended(operation, outcome, System.nanoTime() - begunNanos);
        }
    }
}
