package us.kbase.caching.once;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What must hold of every history in which no entry is deleted. */
final class HistoryCheck {

    private static final Set<Event.Kind> PROGRESS = Set.of(Event.Kind.LEASED, Event.Kind.PUBLISHED);

    private final long graceMillis;
    private final List<String> violations = new ArrayList<>();

    private HistoryCheck(long graceMillis) {
        this.graceMillis = graceMillis;
    }

    /**
     * Everything that is wrong with a history, in sentences.
     *
     * @param graceMillis how long somebody may wait while nothing happens to the job
     */
    static List<String> violations(List<Event> history, long graceMillis) {
        HistoryCheck check = new HistoryCheck(graceMillis);
        Map<String, List<Event>> byJob = history.stream()
                .sorted(Comparator.comparingLong(Event::millis))
                .collect(Collectors.groupingBy(Event::job));
        byJob.forEach(check::job);
        return check.violations;
    }

    private void job(String job, List<Event> events) {
        Set<Long> numbers = new HashSet<>();
        events.stream()
                .filter(event -> event.kind() == Event.Kind.LEASED && !numbers.add(event.fencing()))
                .forEach(event -> violations.add(job + ": fencing number " + event.fencing() + " was given twice"));
        Set<String> results = contents(events, Set.of(Event.Kind.PUBLISHED, Event.Kind.READ));
        if (results.size() > 1) {
            violations.add(job + ": more than one result was seen: " + results);
        }
        if (events.stream().filter(e -> e.kind() == Event.Kind.PUBLISHED).count() > 1) {
            violations.add(job + ": more than one upload was acknowledged");
        }
        results.removeAll(contents(events, Set.of(Event.Kind.UPLOADS)));
        results.forEach(content -> violations.add(job + ": a result that nobody uploaded: " + content));
        Set<String> refused = contents(events, Set.of(Event.Kind.REFUSED));
        refused.retainAll(contents(events, Set.of(Event.Kind.PUBLISHED)));
        refused.forEach(content -> violations.add(job + ": refused and published: " + content));
        waits(job, events);
    }

    private static Set<String> contents(List<Event> events, Set<Event.Kind> kinds) {
        return events.stream()
                .filter(event -> kinds.contains(event.kind()))
                .map(Event::content)
                .collect(Collectors.toCollection(TreeSet::new));
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
                longest = Math.max(longest, event.millis() - last);
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
}
