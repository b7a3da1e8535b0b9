package us.kbase.caching.cli.bundle;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import us.kbase.caching.bundle.Member;
import us.kbase.caching.cli.client.LocalFault;

/** Which paths and links may stand in one tree. */
class PathRulesTest {

    private static void tree(List<String> paths) throws LocalFault {
        PathRules rules = new PathRules();
        for (String path : paths) {
            rules.add(path, path.endsWith("/") ? Member.Kind.FOLDER : Member.Kind.FILE);
        }
    }

    @Test
    void aTreeIsTakenInAnyOrder() {
        assertDoesNotThrow(() -> tree(List.of("a/b/c", "a/", "a/b/", "ab", "a/b/d", "grün", "...", "a:b", "a b\n")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "/etc/passwd; is an absolute path",
                "../x; leads out of its folder",
                "a/../../x; leads out of its folder",
                "a/./x; leads out of its folder",
                "a//x; has a folder without a name",
                "a\\..\\x; has a character",
                "C:\\x; has a character"
            })
    void aPathThatLeadsElsewhereIsRefusedByName(String path, String why) {
        String said = assertThrows(LocalFault.class, () -> tree(List.of(path))).getMessage();
        assertTrue(said.startsWith(path + " " + why), said);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "a; a; a stands there twice",
                "a/; a/; a/ stands there twice",
                "a; a/b; a/b would lie below a file",
                "a/b; a; a stands there twice",
                "Read.me; read.ME; read.ME and Read.me are one name",
                "A/x; a/y; a and A are one name",
                "straße; STRASSE; STRASSE and straße are one name",
                "gr\u00fcn; gru\u0308n; are one name"
            })
    void twoPathsThatAreOneAreRefusedByName(String one, String other, String why) {
        String said =
                assertThrows(LocalFault.class, () -> tree(List.of(one, other))).getMessage();
        assertTrue(said.contains(why), said);
    }

    @Test
    void aNameCannotWriteOnATerminal() {
        assertEquals("a?[2Jb", PathRules.shown("a\u001b[2Jb"));
    }

    @ParameterizedTest
    @CsvSource({"x, 0", "a/b, 0", "../x, 1", "../../x, 2", ".././x, 1", "..., 0", "a/, 0"})
    void aLinkWithinItsTreeIsTaken(String target, int depth) {
        assertDoesNotThrow(() -> PathRules.checkLink("l", target, depth));
    }

    /** Behind another link a step upward leads elsewhere than it says. */
    @ParameterizedTest
    @CsvSource({"/x, 3", "../x, 0", "../../x, 1", "a/../x, 3", "a/../../x, 9", "'', 0"})
    void aLinkThatMayLeadOutOfItIsRefused(String target, int depth) {
        assertThrows(LocalFault.class, () -> PathRules.checkLink("l", target, depth));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 0644, 0755, 0777, 0400, 0111})
    void permissionsAreBits(int bits) {
        assertEquals(bits, Permissions.bits(Permissions.of(bits)));
        assertEquals(bits, Permissions.bits(Permissions.of(bits | 07000)));
    }
}
