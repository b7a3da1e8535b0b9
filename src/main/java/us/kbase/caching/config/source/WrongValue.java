package us.kbase.caching.config.source;

/** Says of a value what is wrong with it and what to do: a clause behind the key's name, without a full stop. */
public final class WrongValue extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;
    private final String clause;

    public WrongValue(String clause) {
        super(clause);
        this.clause = clause;
    }

    public String clause() {
        return clause;
    }
}
