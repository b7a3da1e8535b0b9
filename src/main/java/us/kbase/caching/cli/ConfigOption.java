package us.kbase.caching.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import us.kbase.caching.config.ConfigException;
import us.kbase.caching.config.ConfigLoader;
import us.kbase.caching.config.GatewayConfig;

/** The option that names the configuration file; without it {@code conf/caching-service.yaml} is read where it exists. */
final class ConfigOption {

    private static final Path USUAL = Path.of("conf/caching-service.yaml");

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "Configuration file (default: conf/caching-service.yaml). The environment wins over it.")
    private @Nullable Path file;

    GatewayConfig load() throws ConfigException {
        Optional<Path> chosen =
                file != null ? Optional.of(file) : Optional.of(USUAL).filter(Files::isReadable);
        return ConfigLoader.load(chosen, Path.of(".env"), System.getenv());
    }
}
