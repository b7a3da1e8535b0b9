package us.kbase.caching.trace;

/** What a request's trace knows of it; there is one only where traces are made. Any thread. */
public interface TraceSpan {

    /** The trace that the request belongs to: 32 hexadecimal digits (W3C Trace Context, section 3.2.2.3). */
    String traceId();

    /**
     * Names what the request asked for.
     *
     * @param operation out of a closed set, such as a method and a path template
     */
    void operation(String operation);

    /** Whether its reply has left: what goes on behind it is nobody's, so that no trace grows without end. */
    boolean isOver();
}
