package us.kbase.caching.cli;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.cli.client.GatewayClient;
import us.kbase.caching.cli.client.Input;
import us.kbase.caching.cli.option.FileNameOption;

/** How a result is named: by its cache id, or by the parameters that the id is made of. */
final class ResultName {

    @Option(
            names = "--id",
            paramLabel = "ID",
            converter = IdOption.class,
            description = "The cache id, as the service gave it.")
    private @Nullable String cacheId;

    @Option(
            names = "--params",
            paramLabel = "FILE",
            converter = FileNameOption.class,
            description = "The job's parameters, a JSON object; - for standard input.")
    private @Nullable String parameters;

    /** Any other text would ask for another page of the service: without one for the listing. */
    static final class IdOption implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            return CacheId.parse(text)
                    .map(CacheId::value)
                    .orElseThrow(() -> new TypeConversionException("a cache id is " + CacheId.FORM));
        }
    }

    boolean readsStandardInput() {
        return "-".equals(parameters);
    }

    String resolve(GatewayClient client) throws IOException, InterruptedException {
        return cacheId != null
                ? cacheId
                : client.cacheId(Input.named(String.valueOf(parameters)).text());
    }
}
