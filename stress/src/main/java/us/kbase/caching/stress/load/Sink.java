package us.kbase.caching.stress.load;

import io.vertx.core.buffer.Buffer;

/** Takes the body of a good reply. Throws {@link CallFailed} when it is not the right one. */
interface Sink {

    void take(Buffer chunk);

    void end();
}
