package us.kbase.caching.cli.option;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import us.kbase.caching.config.ConfigException;
import us.kbase.caching.config.ConfigLoader;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.config.LoadedConfig;

/** The option that names the configuration file; without it {@code conf/caching-service.yaml} is read where it exists. */
public final class ConfigOption {

    private static final Path USUAL = Path.of("conf/caching-service.yaml");

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description =
                    "Configuration file (default: conf/caching-service.yaml in the current folder, where it exists)."
                            + " The environment wins over it.")
    private @Nullable Path file;

    public GatewayConfig load() throws ConfigException {
        return loaded().config();
    }

    /** The configuration; nothing when it is wrong, and then each problem stands on standard error. */
    public Optional<GatewayConfig> loadOrTell() {
        try {
            return Optional.of(load());
        } catch (ConfigException e) {
            e.problems().forEach(System.err::println);
            return Optional.empty();
        }
    }

    public LoadedConfig loaded() throws ConfigException {
        Optional<Path> chosen =
                file != null ? Optional.of(file) : Optional.of(USUAL).filter(Files::exists);
        return ConfigLoader.load(chosen, Path.of(".env"), System.getenv());
    }

    /** Says which files a configuration came from, as a clause. */
    public static String sources(LoadedConfig loaded) {
        return loaded.sources().isEmpty()
                ? "no file (there is neither " + USUAL + " nor .env in "
                        + Path.of("").toAbsolutePath() + ")"
                : String.join(" and ", loaded.sources());
    }
}
