package us.kbase.caching.digest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import us.kbase.caching.failure.Failure;

/** How digests stand in fields of HTTP. */
class DigestFieldTest {

    private static final String SHA = "RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=";

    private static List<Digest> parse(String text) {
        return DigestField.parse("Content-Digest", text);
    }

    @Test
    void aMemberIsADigest() {
        assertEquals(List.of(new Digest(DigestAlgorithm.SHA_256, SHA)), parse("sha-256=:" + SHA + ":"));
    }

    @Test
    void membersAreSeparatedByCommasAndBlanks() {
        List<Digest> digests = parse("  crc32c=:4waSgw==:\t, sha-256=:" + SHA + ":  ");
        assertEquals("[crc32c=:4waSgw==:, sha-256=:" + SHA + ":]", digests.toString());
        assertEquals(Optional.of("crc32c=:4waSgw==:, sha-256=:" + SHA + ":"), DigestField.format(digests));
    }

    @Test
    void membersOfUnknownAlgorithmsArePassedOver() {
        assertEquals(List.of(), parse("unixsum=:MDE=:, id-sha-256=:AAAA:"));
    }

    @Test
    void parametersArePassedOver() {
        assertEquals(
                2,
                parse("crc32c=:4waSgw==:;a=\"x,\\\"y\";b, sha-256=:" + SHA + ":;c=1")
                        .size());
    }

    @Test
    void theLastOfANameCounts() {
        assertEquals(
                "[crc32c=:AAAAAA==:]",
                parse("crc32c=:4waSgw==:, crc32c=:AAAAAA==:").toString());
    }

    @Test
    void nothingIsNoMember() {
        assertEquals(List.of(), parse(" "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sha-256",
                "sha-256=",
                "sha-256=" + SHA,
                "sha-256=:" + SHA,
                "sha-256=\"" + SHA + "\"",
                "sha-256=:AAAA:",
                "sha-256=::",
                "sha-256=:" + SHA + "A:",
                "SHA-256=:" + SHA + ":",
                "=:AAAA:",
                ",",
                "crc32c=:4waSgw==:,",
                "crc32c=:4waSgw==: sha-256=:" + SHA + ":",
                "crc32c=:4waSgw==:;a=\"",
                "crc32c=:4waSgw==:;a=\"\\",
                "crc32c=:4wa Sgw==:",
                "crc32c=:4=aSgw=:",
                "unknown",
                "unknown=1",
                "unknown=:*:"
            })
    void whatCannotBeReadIsRefusedInOneSentence(String text) {
        Failure.BadInput refused = assertThrows(Failure.BadInput.class, () -> parse(text));
        assertTrue(refused.getMessage().startsWith("Content-Digest must be"), refused.getMessage());
    }

    @Test
    void fieldsBesideAFileAreReadTogether() {
        Map<String, String> fields = Map.of(
                "Content-MD5", "UFIauregE76D7gDe0/n0JA==",
                "Repr-Digest", "sha-256=:" + SHA + ":",
                "Content-Digest", "sha-256=:" + SHA + ":",
                "Cache-File-Digest", "crc32c=:4waSgw==:",
                "x-amz-checksum-crc64nvme", "rosUhgp5mIg=");
        ClaimedDigests claimed = ClaimedDigests.ofFile(name -> Optional.ofNullable(fields.get(name)));
        assertEquals(4, claimed.digests().size());
        assertEquals(
                0xae8b14860a799888L,
                claimed.by(DigestAlgorithm.CRC64NVME).orElseThrow().checksum());
    }

    @Test
    void theHeadOfAFormTellsOfItsFileInOneFieldOnly() {
        Map<String, String> fields = Map.of("Content-MD5", "UFIauregE76D7gDe0/n0JA==", "Content-Digest", "bad");
        assertEquals(ClaimedDigests.NONE, ClaimedDigests.ofForm(name -> Optional.ofNullable(fields.get(name))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "AAAA", "UFIauregE76D7gDe0/n0JA==, UFIauregE76D7gDe0/n0JA==", "ü"})
    void aChecksumThatIsNoneIsRefused(String text) {
        assertThrows(
                Failure.BadInput.class,
                () -> ClaimedDigests.ofFile(name -> Optional.of(text).filter(t -> name.equals("Content-MD5"))));
    }
}
