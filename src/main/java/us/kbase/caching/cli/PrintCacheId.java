package us.kbase.caching.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import us.kbase.caching.cache.id.CacheIdHasher;
import us.kbase.caching.cache.id.CanonicalJson;
import us.kbase.caching.cache.id.JsonParseException;
import us.kbase.caching.cli.client.Input;

/** Prints the id that a caller would get, without a server. */
@Command(
        name = "cache-id",
        mixinStandardHelpOptions = true,
        description =
                "Prints the cache id of a JSON file. Sample: caching-service cache-id http://auth:5000:username p.json",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:The id is printed.",
            "1:The file cannot be read, or holds no JSON object with a member.",
            "2:The command line is wrong."
        })
final class PrintCacheId implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "TOKEN_ID", description = "The auth server's URL, a colon and the user.")
    private String tokenId = "";

    @Parameters(index = "1", paramLabel = "FILE", description = "The parameters as JSON; - for standard input.")
    private String file = "";

    @Override
    public Integer call() throws IOException {
        byte[] body = Input.named(file).text();
        try {
            String canonical = CanonicalJson.ofObject(body);
            if (canonical.isEmpty()) {
                System.err.println("The parameters must be a JSON object with at least one member.");
                return 1;
            }
            System.out.println(CacheIdHasher.hash(tokenId, canonical));
            return 0;
        } catch (JsonParseException e) {
            System.err.println(file + ": " + e.getMessage());
            return 1;
        }
    }
}
