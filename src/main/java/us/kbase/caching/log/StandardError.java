package us.kbase.caching.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.FileDescriptor;
import java.io.FileOutputStream;

/** Writes the log to the process's standard error, whatever has become of {@link System#err}. Named in {@code conf/logback.xml}; any thread. */
public final class StandardError extends OutputStreamAppender<ILoggingEvent> {

    @Override
    public void start() {
        setOutputStream(new FileOutputStream(FileDescriptor.err));
        super.start();
    }
}
