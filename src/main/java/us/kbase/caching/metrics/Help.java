package us.kbase.caching.metrics;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What Prometheus says of each metric of ours, one line each; docs/operation.md has more. */
final class Help {

    private static final Map<String, String> TEXTS = Map.ofEntries(
            Map.entry("caching.requests", "Requests, from their route to the end of their reply"),
            Map.entry("caching.memory.used", "What is paid of a kind of memory"),
            Map.entry("caching.memory.limit", "What may be paid of a kind of memory at most"),
            Map.entry("caching.memory.waiting", "Who waits for room of a kind of memory"),
            Map.entry("caching.memory.refused", "Who found no room of a kind of memory"),
            Map.entry("caching.transfers.open", "Uploads and downloads that are open"),
            Map.entry("caching.calls", "Calls of S3 and of the auth server, to the head of their answer"),
            Map.entry("caching.results", "Results that were found, missed and uploaded"),
            Map.entry("caching.saved", "How long the jobs of the results that were found had taken"),
            Map.entry("caching.leases", "What came of leases"),
            Map.entry("caching.swept", "What sweeps removed, spared, failed at and aborted"),
            Map.entry("caching.sweep.ended", "When the last whole sweep ended, since 1970"),
            Map.entry("caching.build.info", "The version of this gateway, as a label"),
            Map.entry("caching.limits.refused", "Refusals for a limit of one user"),
            Map.entry("caching.loop.lag", "How late an event loop is"),
            Map.entry("caching.s3.connections", "Connections to S3"),
            Map.entry("caching.s3.busy", "Connections to S3 that are busy"),
            Map.entry("caching.s3.waiting", "Who waits for a connection to S3"),
            Map.entry("caching.auth.waiting", "Questions to the auth server that wait"),
            Map.entry("caching.auth.asked", "Questions to the auth server that are open"),
            Map.entry("caching.downloads.damaged", "Downloads broken off for a wrong checksum"),
            Map.entry("caching.disk.free", "Free bytes of the embedded store's file system"),
            Map.entry("caching.disk.size", "Bytes of the embedded store's file system"),
            Map.entry("caching.disk.damaged", "Files of the embedded store found damaged"),
            Map.entry("caching.disk.uses.not.noted", "Downloads whose day could not be written down"),
            Map.entry("caching.tls.certificate.expires", "When the certificate ends, since 1970"),
            Map.entry("caching.tls.reloads", "Certificates replaced, or changed and not usable"),
            Map.entry("caching.tls.handshakes.failed", "Clients that did not end a handshake"),
            Map.entry("caching.traces.spans", "Spans that ended, were sent, or were not taken"),
            Map.entry("process.resident.memory", "Resident memory of the process"));

    private Help() {}

    /** Of a meter by its name; nothing where it speaks for itself. */
    static @Nullable String of(String name) {
        return TEXTS.get(name);
    }
}
