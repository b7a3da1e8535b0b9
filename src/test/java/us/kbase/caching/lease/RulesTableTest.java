package us.kbase.caching.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import us.kbase.caching.cache.Entry;
import us.kbase.caching.cache.EntryRules;
import us.kbase.caching.cache.Requester;
import us.kbase.caching.expiry.Verdicts;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.lease.LeaseRules.Seen;
import us.kbase.caching.store.Stored;

/** The whole protocol, every entry × every operation, is what docs/architecture.md prints. */
class RulesTableTest {

    private static final Path DOCUMENT = Path.of("docs/architecture.md");
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final String OWNER = "url:owner";
    private static final String STRANGER = "url:stranger";

    private record Row(String name, Seen seen) {}

    private static List<Row> rows() {
        return List.of(
                row("absent", new Entry.Absent()),
                row("placeholder", placeholder()),
                new Row("placeholder, leased", new Seen(placeholder(), leased(NOW.plusSeconds(1)))),
                new Row("placeholder, lease overdue", new Seen(placeholder(), leased(NOW))),
                new Row(
                        "placeholder, lease given back",
                        new Seen(placeholder(), new LeaseRecord(7, Optional.empty(), Optional.of("mine")))),
                row("file", new Entry.File(OWNER, "reads.fa", Long.MAX_VALUE, stored("reads.fa", 9, Map.of()))),
                row(
                        "file, published under the lease",
                        new Entry.File(OWNER, "reads.fa", Long.MAX_VALUE, stored("reads.fa", 9, LeaseMark.of("mine")))),
                row("expired file", new Entry.Expired(OWNER, stored("reads.fa", 9, Map.of()))),
                row("expired placeholder", new Entry.Expired(OWNER, stored("placeholder", 9, Map.of()))),
                row(
                        "expired placeholder of the original",
                        new Entry.Expired(OWNER, stored("placeholder", 0, Map.of()))),
                row("buried", new Entry.Expired(OWNER, stored("placeholder", 9, Map.of("buried", "1")))),
                row("tombstone", tombstone(NOW.getEpochSecond())),
                row("tombstone, left", tombstone(NOW.minusSeconds(10_000).getEpochSecond())),
                row("foreign", new Entry.Foreign(stored("x", 9, Map.of()))));
    }

    private static Row row(String name, Entry entry) {
        return new Row(name, new Seen(entry, LeaseRecord.NONE));
    }

    private static Entry.Placeholder placeholder() {
        return new Entry.Placeholder(OWNER, Long.MAX_VALUE, stored("placeholder", 9, Map.of()));
    }

    private static Entry.Tombstone tombstone(long strikesUntil) {
        return new Entry.Tombstone(OWNER, strikesUntil, stored("placeholder", 9, Map.of()));
    }

    private static Stored stored(String filename, long length, Map<String, String> more) {
        Map<String, String> metadata = new java.util.HashMap<>(more);
        metadata.put("filename", filename);
        return new Stored("id", "\"etag\"", length, metadata);
    }

    private static LeaseRecord leased(Instant deadline) {
        return new LeaseRecord(
                7, Optional.of(new LeaseRecord.Held("mine", "worker", 20, deadline.toEpochMilli())), Optional.empty());
    }

    private static final List<String> COLUMNS = List.of(
            "entry",
            "`cache_id`",
            "upload",
            "download",
            "delete",
            "lease: compute",
            "lease: wait only",
            "renew it",
            "give it back",
            "upload with it",
            "these with a lost lease",
            "sweep (S3)",
            "sweep (disk)");

    private static List<String> table(String caller) {
        List<String> lines = new ArrayList<>();
        lines.add("| " + String.join(" | ", COLUMNS) + " |");
        lines.add("|" + "---|".repeat(COLUMNS.size()));
        rows().forEach(row -> lines.add("| " + String.join(" | ", cells(row, caller)) + " |"));
        return lines;
    }

    private static List<String> cells(Row row, String caller) {
        Entry entry = row.seen().entry();
        return List.of(
                row.name(),
                named(() -> words(EntryRules.reserve(entry, caller))),
                named(() -> words(EntryRules.publish(entry, caller))),
                named(() -> EntryRules.open(entry, caller) == entry ? "its bytes" : "?"),
                named(() -> {
                    EntryRules.remove(entry, Requester.user(caller));
                    return "removed";
                }),
                named(() -> words(ask(row.seen(), caller, LeaseRequest.Intent.COMPUTE))),
                named(() -> words(ask(row.seen(), caller, LeaseRequest.Intent.WATCH))),
                named(() -> LeaseRules.held(row.seen(), caller, "mine") == entry ? "done" : "?"),
                named(() -> words(LeaseRules.release(row.seen(), caller, "mine"))),
                named(() -> uploaded(row.seen(), caller)),
                lost(row.seen(), caller),
                sweep(entry, false),
                sweep(entry, true));
    }

    private static String words(LeaseRules.Release release) {
        return switch (release) {
            case LeaseRules.Release.Write write -> "done";
            case LeaseRules.Release.Done done -> "was done";
        };
    }

    private static String uploaded(Seen seen, String caller) {
        Stored onto = LeaseRules.publish(seen, caller, "mine");
        return switch (seen.entry()) {
            case Entry.Placeholder placeholder -> placeholder.stored() == onto ? "published" : "?";
            case Entry.File file -> file.stored() == onto ? "replaces it" : "?";
            default -> "?";
        };
    }

    /** One answer to all three. */
    private static String lost(Seen seen, String caller) {
        String renewed = named(() -> LeaseRules.held(seen, caller, "lost").toString());
        assertEquals(renewed, named(() -> words(LeaseRules.release(seen, caller, "lost"))));
        assertEquals(
                renewed, named(() -> LeaseRules.publish(seen, caller, "lost").toString()));
        return renewed;
    }

    private static LeaseRules.Answer ask(Seen seen, String caller, LeaseRequest.Intent intent) {
        return LeaseRules.ask(seen, caller, new LeaseRequest(30, 0, "", intent), "new", NOW);
    }

    private static String words(EntryRules.Reservation reservation) {
        return switch (reservation) {
            case EntryRules.Reservation.Known known -> "its metadata";
            case EntryRules.Reservation.Revive revive -> "made new";
        };
    }

    private static String words(EntryRules.Publication publication) {
        return switch (publication) {
            case EntryRules.Publication.OntoPlaceholder onto -> "published";
            case EntryRules.Publication.OntoFile onto -> "replaces it";
            case EntryRules.Publication.Revive revive -> "made new, then published";
        };
    }

    private static String words(LeaseRules.Answer answer) {
        return switch (answer) {
            case LeaseRules.Answer.Ready ready -> "ready";
            case LeaseRules.Answer.Pending pending -> "pending";
            case LeaseRules.Answer.Own own -> "leased already";
            case LeaseRules.Answer.Take take -> "leased";
        };
    }

    private static String named(Supplier<String> question) {
        try {
            return question.get();
        } catch (Failure.NotFound refused) {
            return "404";
        } catch (Failure.Forbidden refused) {
            return "403";
        } catch (Failure.LeaseLost refused) {
            return "409";
        }
    }

    private static String sweep(Entry entry, boolean etagNamesVersion) {
        return switch (Verdicts.of(entry, etagNamesVersion, NOW.getEpochSecond())) {
            case "FOREIGN", "KEEP" -> "stays";
            case "BURY" -> "buried";
            case "REMOVE_LATER" -> "removed 13 s later";
            case "REMOVE" -> "removed";
            case String other -> other;
        };
    }

    @Test
    void theDocumentPrintsTheOwnersTable() throws Exception {
        assertEquals(lines(table(OWNER)), printed("rules of the owner"));
    }

    @Test
    void theDocumentPrintsTheStrangersTable() throws Exception {
        assertEquals(lines(table(STRANGER)), printed("rules of a stranger"));
    }

    private static String lines(List<String> table) {
        return String.join("\n", table) + "\n";
    }

    private static String printed(String name) throws Exception {
        String text = Files.readString(DOCUMENT);
        String begin = "<!-- " + name + " -->\n";
        int from = text.indexOf(begin);
        return from < 0 ? "" : text.substring(from + begin.length(), text.indexOf("<!-- end -->", from));
    }

    @Test
    void theTableNamesEveryKindOfEntry() {
        Set<Class<?>> named =
                rows().stream().map(row -> row.seen().entry().getClass()).collect(Collectors.toSet());
        assertEquals(Set.copyOf(Stream.of(Entry.class.getPermittedSubclasses()).toList()), named);
    }
}
