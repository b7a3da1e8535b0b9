package us.kbase.caching.stress.compare;

/** Measures some lines of the table. */
interface Row {

    void measure(Bench bench, Results results);
}
