package us.kbase.caching;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.cache.id.CacheIdHasher;
import us.kbase.caching.cache.id.CanonicalJson;
import us.kbase.caching.cache.id.JsonParseException;

/** From a request's body to its cache id: the canonical text and its BLAKE2b hash. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class CacheIdBenchmark {

    /** Members of the parameters' object. */
    @Param({"3", "1000"})
    private int members;

    private byte[] body;

    @Setup
    public void write() {
        StringBuilder json = new StringBuilder("{");
        for (int i = 0; i < members; i++) {
            json.append(i == 0 ? "" : ",")
                    .append("\"parameter-")
                    .append(members - i)
                    .append("\": {\"length\": ")
                    .append(i)
                    .append(", \"rate\": ")
                    .append(i / 7.0)
                    .append(", \"name\": \"Größe ")
                    .append(i)
                    .append("\"}");
        }
        body = json.append("}").toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The id of one body. */
    @Benchmark
    public CacheId id() throws JsonParseException {
        return CacheIdHasher.hash("http://auth:5000:username", CanonicalJson.ofObject(body));
    }
}
