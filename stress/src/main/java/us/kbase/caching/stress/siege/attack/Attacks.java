package us.kbase.caching.stress.siege.attack;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.function.LongSupplier;

/** All attacks there are. */
public final class Attacks {

    /** Their names, in the order of the table. */
    public static final List<String> NAMES = List.of(
            "heads",
            "methods",
            "json",
            "pipeline",
            "unwanted",
            "slow-heads",
            "slow-bodies",
            "slow-readers",
            "junk-tokens",
            "quadratic",
            "senders-110",
            "senders-1000",
            "readers-110",
            "readers-1000",
            "uploads-64k",
            "uploads-300k",
            "uploads-4m",
            "short-forms",
            "leavers",
            "oddities",
            "slow-listings",
            "huge-errors",
            "slowdown");

    private static final Set<String> UPLOADING =
            Set.of("slow-bodies", "senders-1000", "uploads-64k", "uploads-300k", "uploads-4m", "short-forms");
    private static final int ENTRIES = 1_000;
    private static final int ENTRIES_FEW = 150;

    private Attacks() {}

    /** How many entries these attacks need to upload to, so that hardly two uploads meet at one. */
    public static int entriesFor(List<String> names) {
        return names.stream().anyMatch(UPLOADING::contains) ? ENTRIES : ENTRIES_FEW;
    }

    /**
     * What an attack can make the store do.
     *
     * @param curse makes it answer calls for these keys with huge errors
     * @param slowDowns makes it answer this share of all calls with 503 SlowDown
     * @param slowDownsDone how many it answered so
     */
    public record Store(Consumer<Set<String>> curse, DoubleConsumer slowDowns, LongSupplier slowDownsDone) {}

    /** The attack of this name, not yet begun. */
    public static Attack named(String name, Field field, Store store) {
        return switch (name) {
            case "heads" -> new UnfinishedHeads(field);
            case "methods" -> new UnknownMethods(field);
            case "json" -> new UnfinishedJson(field);
            case "pipeline" -> new NeverReadingPipeliners(field);
            case "unwanted" -> new UnwantedBodies(field);
            case "slow-heads" -> new SlowHeads(field);
            case "slow-bodies" -> new SlowBodies(field);
            case "slow-readers" -> new SlowReaders(field);
            case "junk-tokens" -> new JunkTokens(field);
            case "quadratic" -> new QuadraticText(field);
            case "senders-110" -> new SlowSenders(field, 110);
            case "senders-1000" -> new SlowSenders(field, 1_000);
            case "readers-110" -> new PacedReaders(name, field, 110, 900_000);
            case "readers-1000" -> new PacedReaders(name, field, 1_000, 100_000);
            case "uploads-64k" -> new UploadsAtOnce(name, field, 64_000);
            case "uploads-300k" -> new UploadsAtOnce(name, field, 300_000);
            case "uploads-4m" -> new UploadsAtOnce(name, field, 4_000_000);
            case "short-forms" -> new ShortForms(field);
            case "leavers" -> new Leavers(field);
            case "oddities" -> new Oddities(field);
            case "slow-listings" -> new SlowListings(field);
            case "huge-errors" -> new HugeErrors(field, store.curse());
            case "slowdown" -> new SlowDowns(store.slowDowns(), store.slowDownsDone());
            default -> throw new IllegalArgumentException("no attack is named " + name);
        };
    }
}
