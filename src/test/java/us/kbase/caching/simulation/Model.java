package us.kbase.caching.simulation;

import java.util.List;
import java.util.stream.Stream;

/**
 * One entry, acted on by one at a time without any fault: what it may be after an act that was answered so. An act of which nobody
 * knows may have happened, not at all, or half-way where it has steps.
 */
record Model(Kind kind, String content, Lease lease, String released, String publishedUnder) {

    enum Kind {
        ABSENT,
        /** A sweep took away what was expired; whoever began before that still counts it as expired. */
        SWEPT,
        EXPIRED,
        PLACEHOLDER,
        FILE
    }

    /**
     * Who may compute.
     *
     * @param leastMicros until when nobody may take it over
     */
    record Lease(String secret, long leastMicros) {
        static final Lease NONE = new Lease("", 0);
    }

    /** The lease of a client that never heard of it, which the gateway may give back at any time. */
    static final String NOBODY = "nobody's since ";

    static final long TTL = 60 * Network.SECOND;

    /** How far clocks may be off, and how long a reply that sets them may take. */
    private static final long CLOCKS = 12 * Network.SECOND + StoreClock.STEP_MAX;

    static Model of(Kind kind, String content) {
        return new Model(kind, content, Lease.NONE, "", "");
    }

    private static final Model FREE = of(Kind.PLACEHOLDER, "");

    boolean isGone() {
        return kind == Kind.ABSENT || kind == Kind.SWEPT || kind == Kind.EXPIRED;
    }

    private boolean isExpired() {
        return kind == Kind.EXPIRED || kind == Kind.SWEPT;
    }

    private boolean isHeldBy(String secret) {
        return kind == Kind.PLACEHOLDER && lease.secret().equals(secret);
    }

    private boolean isPublishedUnder(String secret) {
        return kind == Kind.FILE && publishedUnder.equals(secret);
    }

    /** What the entry may be after that act; nothing when the act cannot have been answered so. */
    List<Model> after(Act act) {
        // Making an expired entry new is a step of its own, and anything may come between it and what follows.
        Stream<Model> before = isExpired() ? Stream.of(this, FREE) : Stream.of(this);
        return before.flatMap(model ->
                        act.isUnknown() ? Stream.concat(Stream.of(model), model.possible(act)) : model.answered(act))
                .distinct()
                .toList();
    }

    private Stream<Model> possible(Act act) {
        return switch (act.kind()) {
            case RESERVE -> isGone() ? Stream.of(FREE) : Stream.empty();
            case PUBLISH -> kind == Kind.ABSENT ? Stream.empty() : published(act);
            case PUBLISH_LEASED -> publishedLeased(act);
            case REMOVE -> Stream.of(of(Kind.ABSENT, ""));
            case TAKE -> taken(act);
            case RENEW -> isHeldBy(act.lease()) ? Stream.of(leased(act)) : Stream.empty();
            case RELEASE -> isHeldBy(act.lease()) ? Stream.of(givenBack()) : Stream.empty();
            case OPEN -> Stream.empty();
            case SWEEP -> swept();
        };
    }

    /** An upload under a lease that is under way does not notice that its result was replaced by the same bytes: same ETag. */
    private Stream<Model> published(Act act) {
        Model published = of(Kind.FILE, act.content());
        return kind == Kind.FILE && content.equals(act.content()) ? Stream.of(published, this) : Stream.of(published);
    }

    private Stream<Model> answered(Act act) {
        String reply = act.reply();
        return switch (act.kind()) {
            case RESERVE ->
                switch (kind) {
                    case PLACEHOLDER -> sameIf(reply.equals("placeholder"));
                    case FILE -> sameIf(reply.equals("file"));
                    default -> Stream.of(FREE); // "file" where another published onto it before it was shown
                };
            case PUBLISH -> ok(act) ? possible(act) : sameIf(reply.equals(Act.NOT_FOUND) && isGone());
            case PUBLISH_LEASED ->
                ok(act)
                        ? publishedLeased(act)
                        : sameIf(publishedLeased(act).findAny().isEmpty());
            // Who asked for what has just expired may still get it, whole.
            case OPEN ->
                sameIf(reply.equals(kind == Kind.FILE ? content : Act.NOT_FOUND)
                        || kind == Kind.EXPIRED && reply.equals(content));
            // A deletion that another one overtook has deleted as well as that one.
            case REMOVE -> ok(act) ? Stream.of(of(Kind.ABSENT, "")) : sameIf(isGone());
            case TAKE ->
                switch (reply) {
                    case "Leased" -> taken(act);
                    case "Ready" -> sameIf(kind == Kind.FILE);
                    case "Pending" -> Stream.of(this); // "ask again": what an earlier look showed, perhaps
                    default -> sameIf(isGone());
                };
            case RENEW -> isHeldBy(act.lease()) == ok(act) ? Stream.of(ok(act) ? leased(act) : this) : Stream.empty();
            case RELEASE -> {
                if (isHeldBy(act.lease())) {
                    yield ok(act) ? Stream.of(givenBack()) : Stream.empty();
                }
                boolean wasMine = isPublishedUnder(act.lease()) || released.equals(act.lease());
                yield sameIf(ok(act) == wasMine);
            }
            case SWEEP -> Stream.concat(Stream.of(this), swept());
        };
    }

    private static boolean ok(Act act) {
        return act.reply().equals(Act.OK);
    }

    private Stream<Model> sameIf(boolean possible) {
        return possible ? Stream.of(this) : Stream.empty();
    }

    private Stream<Model> publishedLeased(Act act) {
        return isHeldBy(act.lease()) || isPublishedUnder(act.lease())
                ? Stream.of(new Model(Kind.FILE, act.content(), Lease.NONE, "", act.lease()))
                : Stream.empty();
    }

    private Stream<Model> taken(Act act) {
        boolean free = lease.equals(Lease.NONE)
                || lease.secret().startsWith(NOBODY)
                || act.endedMicros() >= lease.leastMicros() - CLOCKS;
        return kind == Kind.PLACEHOLDER && free ? Stream.of(leased(act)) : Stream.empty();
    }

    private Model leased(Act act) {
        return new Model(kind, "", new Lease(act.lease(), act.beganMicros() + TTL), released, "");
    }

    private Model givenBack() {
        return new Model(kind, "", Lease.NONE, lease.secret(), "");
    }

    private Stream<Model> swept() {
        return kind == Kind.EXPIRED ? Stream.of(of(Kind.SWEPT, "")) : Stream.empty();
    }
}
