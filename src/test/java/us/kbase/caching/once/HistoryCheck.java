package us.kbase.caching.once;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What must hold of every history: between two deletions one result, each number once, and no wait for the dead. */
final class HistoryCheck {

    private static final Set<Event.Kind> PROGRESS = Set.of(Event.Kind.LEASED, Event.Kind.PUBLISHED, Event.Kind.DELETED);

    private final long graceMillis;
    private final List<OnceRun.Pause> pauses;
    private final List<String> violations = new ArrayList<>();

    private HistoryCheck(long graceMillis, List<OnceRun.Pause> pauses) {
        this.graceMillis = graceMillis;
        this.pauses = pauses;
    }

    /**
     * Everything that is wrong with a history, in sentences.
     *
     * @param graceMillis how long somebody may wait while nothing happens to the job and the gateways answer ordinary calls
     */
    static List<String> violations(OnceRun.History history, long graceMillis) {
        HistoryCheck check = new HistoryCheck(graceMillis, pauses(history));
        Map<String, List<Event>> byJob = history.events().stream()
                .filter(event -> event.kind() != Event.Kind.SLOW)
                .sorted(Comparator.comparingLong(Event::millis))
                .collect(Collectors.groupingBy(Event::job));
        byJob.forEach(check::job);
        return check.violations;
    }

    private static List<OnceRun.Pause> pauses(OnceRun.History history) {
        Stream<OnceRun.Pause> slow = history.events().stream()
                .filter(event -> event.kind() == Event.Kind.SLOW)
                .map(event -> new OnceRun.Pause("", event.millis() - event.fencing(), event.millis()));
        return Stream.concat(history.pauses().stream(), slow)
                .sorted(Comparator.comparingLong(OnceRun.Pause::fromMillis))
                .toList();
    }

    /** Something that took effect at one moment between these two. */
    private record Span(long from, long until) {
        /** Whether it may have been between two others, in either order. */
        boolean mayLieBetween(Span one, Span other) {
            return from < Math.max(one.until, other.until) && until > Math.min(one.from, other.from);
        }
    }

    private void job(String job, List<Event> events) {
        Set<Long> numbers = new HashSet<>();
        events.stream()
                .filter(event -> event.kind() == Event.Kind.LEASED && !numbers.add(event.fencing()))
                .forEach(event -> violations.add(job + ": fencing number " + event.fencing() + " was given twice"));
        Set<String> seen = contents(events, Set.of(Event.Kind.PUBLISHED, Event.Kind.READ));
        oneResultBetweenDeletions(job, events, seen);
        seen.removeAll(contents(events, Set.of(Event.Kind.UPLOADS)));
        seen.forEach(content -> violations.add(job + ": a result that nobody uploaded: " + content));
        Set<String> refused = contents(events, Set.of(Event.Kind.REFUSED));
        refused.retainAll(contents(events, Set.of(Event.Kind.PUBLISHED, Event.Kind.READ)));
        refused.forEach(content -> violations.add(job + ": refused and published: " + content));
        waits(job, events);
    }

    private static Set<String> contents(List<Event> events, Set<Event.Kind> kinds) {
        return events.stream()
                .filter(event -> kinds.contains(event.kind()))
                .map(Event::content)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void oneResultBetweenDeletions(String job, List<Event> events, Set<String> seen) {
        Map<String, Span> results = new TreeMap<>();
        for (String content : seen) {
            results.put(content, published(content, events));
        }
        List<Span> deletions = deletions(events);
        if (results.size() > 1 + deletions.size()) {
            violations.add(job + ": more than one result between deletions: " + results + " " + deletions);
        }
        List<String> names = List.copyOf(results.keySet());
        for (int i = 0; i < names.size(); i++) {
            for (int k = i + 1; k < names.size(); k++) {
                Span one = results.get(names.get(i));
                Span other = results.get(names.get(k));
                if (deletions.stream().noneMatch(deletion -> deletion.mayLieBetween(one, other))) {
                    violations.add(job + ": more than one result, and no deletion between " + names.get(i) + " and "
                            + names.get(k));
                }
            }
        }
        staleReads(job, events, results);
    }

    /** From the beginning of its upload until it was acknowledged, or first read. */
    private static Span published(String content, List<Event> events) {
        long from = events.stream()
                .filter(e -> e.kind() == Event.Kind.UPLOADS && e.content().equals(content))
                .mapToLong(Event::millis)
                .min()
                .orElse(0);
        long until = events.stream()
                .filter(e -> e.content().equals(content))
                .filter(e -> e.kind() == Event.Kind.PUBLISHED || e.kind() == Event.Kind.READ)
                .mapToLong(Event::millis)
                .min()
                .orElse(Long.MAX_VALUE);
        return new Span(from, until);
    }

    /** From their beginning until they were acknowledged; without an end where nobody knows whether they took effect. */
    private static List<Span> deletions(List<Event> events) {
        List<Span> deletions = new ArrayList<>();
        for (Event begun : events) {
            if (begun.kind() == Event.Kind.DELETES) {
                long until = events.stream()
                        .filter(e -> e.worker().equals(begun.worker()) && e.millis() >= begun.millis())
                        .filter(e -> e.kind() == Event.Kind.DELETED)
                        .mapToLong(Event::millis)
                        .min()
                        .orElse(Long.MAX_VALUE);
                deletions.add(new Span(begun.millis(), until));
            }
        }
        return deletions;
    }

    /** Nobody who asked after a deletion was acknowledged may read what had been published before it began. */
    private void staleReads(String job, List<Event> events, Map<String, Span> results) {
        List<Span> deletions = deletions(events);
        for (Event read : events) {
            if (read.kind() == Event.Kind.READ) {
                long asked = events.stream()
                        .filter(e -> e.kind() == Event.Kind.WAITS && e.worker().equals(read.worker()))
                        .mapToLong(Event::millis)
                        .filter(at -> at <= read.millis())
                        .max()
                        .orElse(0);
                Span result = results.get(read.content());
                if (deletions.stream().anyMatch(gone -> result.until() < gone.from() && gone.until() < asked)) {
                    violations.add(job + ": " + read.worker() + " read a deleted result at " + read.millis());
                }
            }
        }
    }

    /** While somebody waits, something must happen to the job again and again; a worker that was killed waits no more. */
    private void waits(String job, List<Event> events) {
        for (int from = 0; from < events.size(); from++) {
            Event wait = events.get(from);
            if (wait.kind() == Event.Kind.WAITS) {
                gaps(job, wait, events.subList(from + 1, events.size()));
            }
        }
    }

    private void gaps(String job, Event wait, List<Event> later) {
        long longest = 0;
        long last = wait.millis();
        for (Event event : later) {
            boolean own = event.worker().equals(wait.worker());
            if (own || PROGRESS.contains(event.kind())) {
                longest = Math.max(longest, event.millis() - last - paused(wait.worker(), last, event.millis()));
                last = event.millis();
            }
            if (own) {
                if (longest > graceMillis) {
                    violations.add(job + ": " + wait.worker() + " waited until " + last + ", and for " + longest
                            + " ms nothing happened");
                }
                return;
            }
        }
    }

    /** The part of a time in which the worker was stopped, or ordinary calls were late too. */
    private long paused(String worker, long from, long until) {
        long paused = 0;
        long counted = from;
        for (OnceRun.Pause pause : pauses) {
            if (pause.process().isEmpty() || worker.startsWith(pause.process() + "-")) {
                long begin = Math.max(counted, pause.fromMillis());
                long end = Math.min(until, pause.untilMillis());
                paused += Math.max(0, end - begin);
                counted = Math.max(counted, end);
            }
        }
        return paused;
    }
}
