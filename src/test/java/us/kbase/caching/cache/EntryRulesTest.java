package us.kbase.caching.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Stored;

/** Every operation on every entry, by its owner and by a stranger: the whole protocol of v1. */
class EntryRulesTest {

    private static final String OWNER = "url:owner";
    private static final Stored STORED = new Stored("id", "\"e1\"", 3, Map.of());
    private static final Entry.File FILE = new Entry.File(OWNER, "reads.fa", 9, STORED);

    private static final Map<String, Entry> ENTRIES = Map.of(
            "absent", new Entry.Absent(),
            "placeholder", new Entry.Placeholder(OWNER, 9, STORED),
            "file", FILE,
            "expired", new Entry.Expired(OWNER, STORED),
            "tombstone", new Entry.Tombstone(OWNER, 9, STORED),
            "foreign", new Entry.Foreign(STORED));

    @ParameterizedTest(name = "{0} of {1}: the owner {2}, a stranger {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                // operation | entry       | its owner             | a stranger
                "reserve     | absent      | revives it            | revives it",
                "reserve     | placeholder | reads it              | forbidden",
                "reserve     | file        | reads it              | forbidden",
                "reserve     | expired     | revives it            | revives it           ",
                "reserve     | foreign     | forbidden             | forbidden",
                "publish     | absent      | not found             | not found",
                "publish     | placeholder | replaces it           | forbidden",
                "publish     | file        | replaces it           | forbidden",
                "publish     | expired     | revives it            | forbidden",
                "publish     | foreign     | forbidden             | forbidden",
                "open        | absent      | not found             | not found",
                "open        | placeholder | not found             | forbidden",
                "open        | file        | reads it              | forbidden",
                "reserve     | tombstone   | revives it            | revives it",
                "publish     | tombstone   | revives it            | forbidden",
                "open        | tombstone   | not found             | not found",
                "remove      | tombstone   | not found             | not found",
                "open        | expired     | not found             | not found",
                "open        | foreign     | forbidden             | forbidden",
                "remove      | absent      | not found             | not found",
                "remove      | placeholder | removes it            | forbidden",
                "remove      | file        | removes it            | forbidden",
                "remove      | expired     | not found             | not found",
                "remove      | foreign     | forbidden             | forbidden",
            })
    void decides(String operation, String entry, String byOwner, String byStranger) {
        assertEquals(byOwner, outcome(operation, ENTRIES.get(entry), OWNER));
        assertEquals(byStranger, outcome(operation, ENTRIES.get(entry), "url:stranger"));
    }

    @ParameterizedTest(name = "{0}: an administrator {1}")
    @CsvSource({
        "absent, not found",
        "placeholder, sees and removes it",
        "file, sees and removes it",
        "expired, not found",
        "tombstone, not found",
        "foreign, not found"
    })
    void anAdministratorSeesAndRemovesWhateverLives(String entry, String outcome) {
        Requester administrator = Requester.administrator("url:administrator");
        Entry there = ENTRIES.get(entry);
        try {
            assertEquals(there, EntryRules.describe(there, administrator));
            assertEquals(there, EntryRules.remove(there, administrator));
            assertEquals(outcome, "sees and removes it");
        } catch (Failure.NotFound refused) {
            assertEquals(outcome, "not found");
        }
    }

    @Test
    void anAdministratorReadsNobodysFile() {
        assertEquals("forbidden", outcome("open", FILE, "url:administrator"));
    }

    @Test
    void onlyAnAdministratorListsAndExpiresOthersEntries() {
        Requester user = Requester.user(OWNER);
        assertEquals(true, EntryRules.list(user, EntryRules.Whose.OWN).test(OWNER));
        assertEquals(false, EntryRules.list(user, EntryRules.Whose.OWN).test("url:stranger"));
        assertThrows(Failure.Forbidden.class, () -> EntryRules.list(user, EntryRules.Whose.ALL));
        assertThrows(Failure.Forbidden.class, () -> EntryRules.expire(user));
        Requester administrator = Requester.administrator("url:administrator");
        assertEquals(true, EntryRules.list(administrator, EntryRules.Whose.ALL).test(OWNER));
        assertEquals(false, EntryRules.list(administrator, EntryRules.Whose.OWN).test(OWNER));
        EntryRules.expire(administrator);
    }

    private static String outcome(String operation, Entry entry, String caller) {
        try {
            return switch (operation) {
                case "reserve" -> reserved(EntryRules.reserve(entry, caller), entry);
                case "publish" -> published(EntryRules.publish(entry, caller), entry);
                case "open" -> EntryRules.open(entry, caller) == entry ? "reads it" : "reads another";
                case "remove" -> {
                    EntryRules.remove(entry, Requester.user(caller));
                    yield "removes it";
                }
                default -> throw new IllegalArgumentException(operation);
            };
        } catch (Failure.NotFound refused) {
            assertEquals("Cache ID not found", refused.getMessage());
            return "not found";
        } catch (Failure.Forbidden refused) {
            assertEquals("You do not have access to that cache", refused.getMessage());
            return "forbidden";
        }
    }

    private static String reserved(EntryRules.Reservation reservation, Entry entry) {
        return switch (reservation) {
            case EntryRules.Reservation.Known known -> known.entry() == entry ? "reads it" : "reads another";
            case EntryRules.Reservation.Revive revive -> "revives it";
        };
    }

    private static String published(EntryRules.Publication publication, Entry entry) {
        return switch (publication) {
            case EntryRules.Publication.OntoPlaceholder onto ->
                onto.placeholder() == entry ? "replaces it" : "replaces another";
            case EntryRules.Publication.OntoFile onto -> onto.file() == entry ? "replaces it" : "replaces another";
            case EntryRules.Publication.Revive revive -> "revives it";
        };
    }

    @Test
    void theTableNamesEveryKindOfEntry() {
        var inTable = ENTRIES.values().stream().map(Object::getClass).collect(java.util.stream.Collectors.toSet());
        assertEquals(
                java.util.Set.copyOf(
                        Stream.of(Entry.class.getPermittedSubclasses()).toList()),
                inTable);
    }

    @Test
    void anOwnerIsTheWholeTokenIdAndNotABeginningOfIt() {
        assertEquals("forbidden", outcome("open", FILE, OWNER + "2"));
        assertEquals("forbidden", outcome("open", FILE, "url:own"));
        assertEquals("forbidden", outcome("open", FILE, "URL:OWNER"));
        assertEquals("forbidden", outcome("open", FILE, ""));
    }
}
