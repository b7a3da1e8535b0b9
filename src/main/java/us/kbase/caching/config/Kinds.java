package us.kbase.caching.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import us.kbase.caching.config.GatewayConfig.Metrics;
import us.kbase.caching.config.source.TextFile;
import us.kbase.caching.config.source.WrongValue;
import us.kbase.caching.digest.DigestAlgorithm;
import us.kbase.caching.secret.Secret;

/** The kinds of values that belong to no network address; see {@link Addresses} for those. */
final class Kinds {

    private static final String LEADING_ZERO = "begins with a zero, which some read as octal: write it without";

    private Kinds() {}

    static Kind<String> text() {
        return Kind.scalar("a text", text -> text);
    }

    /** A checksum that costs little enough to be computed of every byte. */
    static Kind<DigestAlgorithm> checksum() {
        return Kind.scalar(
                        "crc32c or crc64nvme",
                        text -> DigestAlgorithm.named(text)
                                .filter(DigestAlgorithm::isChecksum)
                                .orElseThrow(IllegalArgumentException::new))
                .shownAs(DigestAlgorithm::token);
    }

    static Kind<String> matching(String expected, String pattern) {
        return Kind.scalar(expected, text -> {
            if (!text.matches(pattern)) {
                throw new IllegalArgumentException();
            }
            return text;
        });
    }

    static Kind<Boolean> flag() {
        return Kind.scalar("true or false", text -> switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on", "y", "1" -> true;
            case "false", "no", "off", "n", "0" -> false;
            default -> throw new IllegalArgumentException();
        });
    }

    static Kind<Long> number(String unit, long min, long max) {
        String range = min + " to " + max;
        return Kind.scalar("a whole number from " + range + (unit.isEmpty() ? "" : " (" + unit + ")"), text -> {
                    long number = digits(text);
                    if (number < min || number > max) {
                        throw new IllegalArgumentException();
                    }
                    return number;
                })
                .in(unit, range);
    }

    static Kind<Integer> count(int min, int max) {
        Kind<Long> number = number("", min, max);
        return new Kind<>(
                number.expected(),
                "",
                number.range(),
                false,
                raw -> number.reader().apply(raw).intValue(),
                String::valueOf);
    }

    static Kind<Duration> time(ChronoUnit unit, long min, long max) {
        Kind<Long> number = number(unit.toString().toLowerCase(Locale.ROOT), min, max);
        return new Kind<>(
                number.expected(),
                number.unit(),
                number.range(),
                false,
                raw -> Duration.of(number.reader().apply(raw), unit),
                value -> Long.toString(value.dividedBy(unit.getDuration())));
    }

    /** YAML reads {@code 0123}, {@code 0x10}, {@code 1e3} and {@code 12:30} as numbers that nobody sees; nobody has to guess here. */
    private static long digits(String text) {
        if (!text.matches("[+-]?[0-9]+(_[0-9]+)*")) {
            throw new IllegalArgumentException();
        }
        if (text.matches("[+-]?0[0-9_]+")) {
            throw new WrongValue(LEADING_ZERO);
        }
        return Long.parseLong(text.replace("_", ""));
    }

    /** A port to show metrics on, or nothing. */
    static Kind<Optional<Metrics.Port>> portOrOff() {
        Kind<Integer> port = count(0, 65_535);
        return Kind.<Optional<Metrics.Port>>scalar(port.expected() + ", or off", text -> {
                    boolean off = List.of("off", "false", "no", "n").contains(text.toLowerCase(Locale.ROOT));
                    return off
                            ? Optional.empty()
                            : Optional.of(new Metrics.Port.Named(port.reader().apply(new Raw.Scalar(text, false, ""))));
                })
                .in("", port.range() + ", off")
                .shownAs(chosen -> chosen.map(p -> Integer.toString(p.number())).orElse("off"));
    }

    static Kind<Path> path() {
        return Kind.scalar("a path", text -> {
            if (text.equals("~") || text.startsWith("~/")) {
                throw new WrongValue("begins with ~, which only shells resolve: write the home folder out");
            }
            try {
                return Path.of(text);
            } catch (InvalidPathException e) {
                throw new IllegalArgumentException(e);
            }
        });
    }

    /** What only this program reads, so any character will do but those that no editor shows. */
    static Kind<Secret> secret(int charsMin) {
        String how =
                charsMin <= 1 ? "a secret" : "at least " + charsMin + " characters; 'openssl rand -hex 32' makes such";
        return secret(how, text -> text.length() >= charsMin && text.chars().noneMatch(Character::isISOControl));
    }

    /** What stands in a header of HTTP. */
    static Kind<Secret> bearerToken(int charsMin) {
        String how = "at least " + charsMin + " characters, none of them a blank; 'openssl rand -hex 32' makes such";
        return secret(how, text -> text.length() >= charsMin && text.chars().allMatch(c -> c > ' ' && c < 0x7f));
    }

    private static Kind<Secret> secret(String how, Predicate<String> usable) {
        return Kind.scalar(how, text -> {
                    if (!usable.test(text)) {
                        throw new IllegalArgumentException();
                    }
                    return new Secret(text);
                })
                .asSecret();
    }

    /** A set of names; in one text they are separated by commas. */
    static Kind<Set<String>> names() {
        return new Kind<>(
                "names, separated by commas",
                "",
                "",
                false,
                raw -> items(raw).collect(Collectors.toCollection(LinkedHashSet::new)),
                names -> String.join(",", names));
    }

    /** The items of a list, or of a text in which commas or line ends separate them. */
    static Stream<String> items(Raw raw) {
        List<String> items = switch (raw) {
            case Raw.Scalar scalar -> Arrays.asList(scalar.text().split("[,\n\r]"));
            case Raw.Items list -> list.items();
            case Raw.Entries entries -> throw new WrongValue("must be a list, not a mapping");
            case Raw.Nothing nothing -> List.of();
        };
        return items.stream().map(String::strip).filter(item -> !item.isEmpty()).map(TextFile::checked);
    }

    /** Users by token: a mapping, or {@code token:user} in a list or in one text, separated as there. */
    static Kind<Map<Secret, String>> users() {
        return new Kind<>(
                "tokens with their users, as token:user,token:user",
                "",
                "",
                true,
                Kinds::users,
                users -> users.size() + (users.size() == 1 ? " static token" : " static tokens"));
    }

    private static Map<Secret, String> users(Raw raw) {
        Map<Secret, String> users = new LinkedHashMap<>();
        if (raw instanceof Raw.Entries mapping) {
            mapping.entries().forEach((token, user) -> add(users, token, user));
            return users;
        }
        items(raw).forEach(item -> {
            int colon = item.lastIndexOf(':'); // no user's name holds one
            if (colon < 0) {
                throw new WrongValue("must be token:user,token:user: an item has no colon");
            }
            add(
                    users,
                    item.substring(0, colon).strip(),
                    item.substring(colon + 1).strip());
        });
        return users;
    }

    private static void add(Map<Secret, String> users, String token, String user) {
        if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
            throw new WrongValue("holds a token that no header can carry: take visible ASCII characters");
        }
        if (user.isEmpty() || user.indexOf(':') >= 0 || user.chars().anyMatch(c -> c <= ' ')) {
            throw new WrongValue("holds a token without a user, or a user with a colon or a blank");
        }
        if (users.putIfAbsent(new Secret(token), TextFile.checked(user)) != null) {
            throw new WrongValue("holds a token twice: take one away");
        }
    }
}
