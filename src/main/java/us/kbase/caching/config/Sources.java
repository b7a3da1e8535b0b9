package us.kbase.caching.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import us.kbase.caching.config.source.DotEnv;
import us.kbase.caching.config.source.TextFile;
import us.kbase.caching.config.source.WrongValue;

/**
 * What was written where: the environment wins over {@code .env}, that over the file. Of each key the value, and what is wrong with it.
 * An empty variable counts as one that is not set: compose files pass on what nobody set.
 */
final class Sources {

    private static final String FILE = "_FILE";

    /** A variable's value and where it was set. */
    private record Variable(String value, String origin) {}

    private final List<Map<String, Variable>> layers;
    private final Map<String, Raw> file;
    private final Set<String> problems = new LinkedHashSet<>();
    private final Set<String> unusable = new HashSet<>();
    private final Map<String, LoadedConfig.Effective> effective = new HashMap<>();

    private Sources(List<Map<String, Variable>> layers, Map<String, Raw> file, List<String> problems) {
        this.layers = layers;
        this.file = file;
        this.problems.addAll(problems);
    }

    /**
     * Joins what was read.
     *
     * @param dotEnvName the {@code .env} file's name, for messages
     * @param problems what is wrong with it so far
     */
    static Sources of(
            Map<String, String> environment,
            Map<String, DotEnv.Entry> dotEnv,
            Path dotEnvName,
            Map<String, Raw> file,
            List<String> problems) {
        Map<String, Variable> process = new LinkedHashMap<>();
        environment.forEach((name, value) -> process.put(name, new Variable(value, name)));
        Map<String, Variable> below = new LinkedHashMap<>();
        dotEnv.forEach((name, entry) ->
                below.put(name, new Variable(entry.value(), dotEnvName + ":" + entry.line() + ": " + name)));
        Sources sources = new Sources(List.of(process, below), file, problems);
        sources.checkNames();
        return sources;
    }

    private void checkNames() {
        problems.addAll(KeyNames.unknown(file));
        for (Map<String, Variable> layer : layers) {
            layer.forEach((name, variable) -> KeyNames.unknownVariable(name, variable.value())
                    .ifPresent(problem -> problems.add(
                            variable.origin().substring(0, variable.origin().length() - name.length()) + problem)));
        }
    }

    /** The value of a key that has a default. */
    <T> T get(Key<T> key) {
        return find(key).or(() -> key.byDefault().value().get()).orElseThrow();
    }

    /** The value of a key, if it was written anywhere. */
    <T> Optional<T> find(Key<T> key) {
        int told = problems.size();
        Optional<T> value = read(key);
        if (problems.size() > told) {
            unusable.add(key.name());
        }
        return value;
    }

    private <T> Optional<T> read(Key<T> key) {
        Optional<Raw> raw = raw(key);
        if (raw.isEmpty()) {
            return Optional.empty();
        }
        String origin = raw.get().origin();
        try {
            T value = key.kind().reader().apply(raw.get());
            effective.put(
                    key.name(),
                    new LoadedConfig.Effective(key.name(), key.kind().shown().apply(value), origin));
            return Optional.of(value);
        } catch (IllegalArgumentException e) {
            problems.add(origin + ": " + key.name() + " " + wrong(key, raw.get(), e) + ".");
            return Optional.empty();
        }
    }

    private static String wrong(Key<?> key, Raw raw, IllegalArgumentException why) {
        if (why instanceof WrongValue clause) {
            return clause.clause();
        }
        String must = "must be " + key.kind().expected();
        return raw instanceof Raw.Scalar scalar && !key.kind().secret()
                ? must + ", not '" + Addresses.withoutUser(scalar.text()) + "'"
                : must;
    }

    private Optional<Raw> raw(Key<?> key) {
        return variable(key.environmentName())
                .or(() -> OriginalNames.variable(key.name()).flatMap(this::original))
                .or(() -> Optional.ofNullable(file.get(key.name())).filter(raw -> !(raw instanceof Raw.Nothing)));
    }

    private Optional<Raw> original(String name) {
        return variable(name).map(raw -> {
            try {
                String text = ((Raw.Scalar) raw).text();
                Optional<String> secure = text(OriginalNames.secure());
                return new Raw.Scalar(OriginalNames.meaning(name, text, secure), false, raw.origin());
            } catch (WrongValue e) {
                problems.add(e.clause() + ".");
                return raw;
            }
        });
    }

    private Optional<String> text(String name) {
        return variable(name).map(raw -> ((Raw.Scalar) raw).text());
    }

    /** A variable's value, or that of the file which the variable {@code …_FILE} names; the uppermost that is set. */
    private Optional<Raw> variable(String name) {
        for (Map<String, Variable> layer : layers) {
            Optional<Variable> direct =
                    Optional.ofNullable(layer.get(name)).filter(v -> !v.value().isBlank());
            Optional<Variable> named = Optional.ofNullable(layer.get(name + FILE))
                    .filter(v -> !v.value().isBlank());
            if (direct.isPresent() && named.isPresent()) {
                problems.add(named.get().origin() + ": " + name + " is set too: take one of both away.");
            }
            if (direct.isPresent()) {
                return Optional.of(new Raw.Scalar(
                        direct.get().value().strip(), false, direct.get().origin()));
            }
            if (named.isPresent()) {
                return fromFile(named.get());
            }
        }
        return Optional.empty();
    }

    private Optional<Raw> fromFile(Variable named) {
        try {
            String text = TextFile.read(Path.of(named.value().strip())).strip();
            if (text.isEmpty()) {
                problems.add(named.origin() + ": the file " + named.value() + " is empty: write the value into it.");
                return Optional.empty();
            }
            return Optional.of(new Raw.Scalar(text, false, named.origin()));
        } catch (IOException e) {
            problems.add(named.origin() + ": the file " + e.getMessage());
            return Optional.empty();
        }
    }

    /** Whether one of the original's variables chooses S3. */
    Optional<String> choosesS3() {
        return OriginalNames.choosingS3().stream()
                .filter(name -> text(name).isPresent())
                .findFirst();
    }

    /** Notes a problem with a key, at the place where it was written. */
    void problem(Key<?> key, String clause) {
        String origin = raw(key).map(Raw::origin).orElse(key.environmentName());
        problems.add(origin + ": " + key.name() + " " + clause + ".");
    }

    /** The value of a key that has to be set where something was chosen; where it is not, a problem of its own says so. */
    <T> Optional<T> findWhere(boolean chosen, Key<T> key, String missing) {
        Optional<T> value = find(key);
        if (chosen && value.isEmpty() && !hasProblem(key)) {
            problem(key, missing);
        }
        return value;
    }

    /** Whether the value that was written for a key cannot be used, which was told. */
    boolean hasProblem(Key<?> key) {
        return unusable.contains(key.name());
    }

    /** Notes what is in effect for a key that nobody wrote. */
    <T> void derive(Key<T> key, T value, String origin) {
        effective.putIfAbsent(
                key.name(),
                new LoadedConfig.Effective(key.name(), key.kind().shown().apply(value), origin));
    }

    /** Every key with what is in effect. */
    List<LoadedConfig.Effective> effective() {
        List<LoadedConfig.Effective> all = new ArrayList<>();
        for (Key<?> key : Keys.ALL) {
            all.add(effective.getOrDefault(key.name(), byDefault(key)));
        }
        return all;
    }

    private static <T> LoadedConfig.Effective byDefault(Key<T> key) {
        String shown = key.byDefault().value().get().map(key.kind().shown()).orElse("(none)");
        return new LoadedConfig.Effective(key.name(), shown, "");
    }

    /** Throws when anything was wrong. */
    void check() throws ConfigException {
        if (!problems.isEmpty()) {
            throw new ConfigException(List.copyOf(problems));
        }
    }
}
