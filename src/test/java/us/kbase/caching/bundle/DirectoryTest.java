package us.kbase.caching.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import us.kbase.caching.failure.Failure;

/** What a ZIP file's directory says, and which archives are refused. */
class DirectoryTest {

    private static final byte[] TEN = "0123456789".getBytes(StandardCharsets.UTF_8);

    private static List<Member> members(byte[] archive) {
        return StreamSupport.stream(Archives.directory(archive).spliterator(), false)
                .toList();
    }

    private static List<String> paths(HandmadeZip zip) {
        return members(zip.bytes()).stream().map(Member::path).toList();
    }

    private static String refusal(byte[] archive) {
        return assertThrows(Failure.NotABundle.class, () -> Archives.directory(archive))
                .getMessage();
    }

    // What is read

    @Test
    void aMemberIsDescribedAsTheDirectoryHasIt() {
        HandmadeZip zip = HandmadeZip.of("a/ü.txt", "0123456789");
        Member member = members(zip.bytes()).get(0);
        assertEquals("a/ü.txt", member.path());
        assertEquals(10, member.bytes());
        assertEquals(0100644, member.unixMode().orElseThrow());
        assertEquals(Member.Kind.FILE, member.kind());
        assertEquals(Instant.parse("1980-01-01T00:00:00Z"), member.modified().orElseThrow());
        CRC32 crc = new CRC32();
        crc.update(TEN);
        assertEquals((int) crc.getValue(), member.crc32());
    }

    @Test
    void aModeTellsWhatSomethingIs() {
        HandmadeZip zip = new HandmadeZip()
                .with(HandmadeZip.entry("link", TEN).mode(0120777))
                .with(HandmadeZip.entry("folder/", new byte[0]).mode(040755))
                .with(HandmadeZip.entry("pipe", new byte[0]).mode(0010644))
                .with(HandmadeZip.entry("no-folder/", new byte[0]).mode(0100644))
                .with(HandmadeZip.entry("plain", TEN).mode(0))
                .with(HandmadeZip.entry("plain/", new byte[0]).mode(0));
        assertEquals(
                List.of(
                        Member.Kind.LINK,
                        Member.Kind.FOLDER,
                        Member.Kind.OTHER,
                        Member.Kind.OTHER,
                        Member.Kind.FILE,
                        Member.Kind.FOLDER),
                members(zip.bytes()).stream().map(Member::kind).toList());
    }

    @Test
    void archivesOfJavaAreRead() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8)) {
            zip.putNextEntry(new ZipEntry("ä/ö"));
            zip.write(TEN);
            zip.closeEntry();
            zip.setComment("a comment");
        }
        Directory directory = Archives.directory(out.toByteArray());
        assertEquals("ä/ö", directory.iterator().next().path());
        assertEquals("a comment", directory.comment());
        assertEquals(Optional.empty(), Directory.dataStart(directory.iterator().next(), directory.start()));
    }

    @Test
    void anArchiveWithoutMembersHasNone() {
        assertEquals(List.of(), members(new HandmadeZip().bytes()));
    }

    @Test
    void aNameIsUtf8OrCodePage437OrWhatInfoZipSays() {
        HandmadeZip zip =
                HandmadeZip.of("grün", "utf-8").with("gr\u201dn", "437").with("x", "info-zip");
        HandmadeZip.Entry old = zip.entries.get(1);
        old.name = new byte[] {'g', 'r', (byte) 0x81, 'n'};
        old.flags = 0;
        HandmadeZip.Entry field = zip.entries.get(2);
        field.name = new byte[] {(byte) 0xff};
        field.flags = 0;
        CRC32 crc = new CRC32();
        crc.update(field.name);
        byte[] path = "日本".getBytes(StandardCharsets.UTF_8);
        field.extra = HandmadeZip.little(9 + path.length)
                .putShort((short) 0x7075)
                .putShort((short) (5 + path.length))
                .put((byte) 1)
                .putInt((int) crc.getValue())
                .put(path)
                .array();
        assertEquals(List.of("grün", "grün", "日本"), paths(zip));
    }

    /** Of ten thousand names beyond ASCII each would else be decoded once more for every file that is asked for. */
    @Test
    void aNameInUtf8IsComparedWithoutBeingDecoded() {
        byte[] asked = "grün".getBytes(StandardCharsets.UTF_8);
        byte[] record = new byte[Member.RECORD_BYTES + 4];
        record[28] = 4;
        record[Member.RECORD_BYTES + 2] = (byte) 0x81; // ü in code page 437
        assertTrue(MemberName.mayBe(record, 0, asked));
        record[9] = 8; // UTF-8
        assertFalse(MemberName.mayBe(record, 0, asked));
    }

    @Test
    void codePage437IsThatOfJava() {
        byte[] upper = new byte[128];
        for (int i = 0; i < upper.length; i++) {
            upper[i] = (byte) (128 + i);
        }
        assertEquals(new String(upper, Charset.forName("IBM437")), MemberName.CODE_PAGE_437);
    }

    @Test
    void lengthsBeyondFourBytesAreInTheFieldOfZip64() {
        HandmadeZip zip = HandmadeZip.of("a", "0123456789");
        HandmadeZip.Entry entry = zip.entries.get(0);
        entry.extra = HandmadeZip.zip64(10, 10, 0);
        entry.size = 0xffff_ffffL;
        entry.keptSize = 0xffff_ffffL;
        entry.offset = 0xffff_ffffL;
        Member member = members(zip.bytes()).get(0);
        assertEquals(10, member.bytes());
        assertEquals(10, member.keptBytes());
        assertEquals(0, member.offset());
        assertEquals(0, member.extraBytes());
    }

    @Test
    void theTimeOfUnixCounts() {
        HandmadeZip zip = HandmadeZip.of("a", "");
        zip.entries.get(0).extra = HandmadeZip.little(9)
                .putShort((short) 0x5455)
                .putShort((short) 5)
                .put((byte) 1)
                .putInt(1_700_000_001)
                .array();
        assertEquals(
                Instant.ofEpochSecond(1_700_000_001),
                members(zip.bytes()).get(0).modified().orElseThrow());
    }

    @Test
    void aPathIsFoundOnceOrNotAtAll() {
        Directory directory =
                Archives.directory(HandmadeZip.of("a", "1").with("b", "2").with("a", "3"));
        assertEquals(1, directory.find("b").orElseThrow().bytes());
        assertEquals(Optional.empty(), directory.find("c"));
        assertThrows(Failure.NotABundle.class, () -> directory.find("a"));
    }

    @Test
    void whereBytesBeginIsToldWithoutTheHeaderWhereTwoAccountsAgree() {
        HandmadeZip zip = HandmadeZip.of("a", "0123456789").with("b", "01234");
        Directory directory = Archives.directory(zip);
        Member a = directory.find("a").orElseThrow();
        assertEquals(41, directory.endOf(a));
        assertEquals(Optional.of(31L), Directory.dataStart(a, 41));
        zip.entries.get(0).localExtra = new byte[7];
        Directory other = Archives.directory(zip);
        assertEquals(Optional.empty(), Directory.dataStart(a, other.endOf(a)));
    }

    // What is refused

    private static Arguments hostile(String what, Consumer<HandmadeZip> change) {
        HandmadeZip zip = HandmadeZip.of("a", "0123456789").with("b", "0123456789");
        change.accept(zip);
        return arguments(what, zip.bytes());
    }

    private static HandmadeZip.Entry first(HandmadeZip zip) {
        return zip.entries.get(0);
    }

    /** Bytes that count to the directory and are none of its records. */
    private static byte[] longer(HandmadeZip zip) {
        zip.directoryBytes = 94 + 50;
        return new byte[50];
    }

    static Stream<Arguments> hostileArchives() {
        byte[] whole = HandmadeZip.of("a", "0123456789").bytes();
        byte[] end = new HandmadeZip().bytes();
        return Stream.of(
                arguments("is no ZIP file", new byte[] {}),
                arguments(
                        "is no ZIP file",
                        "some text that is longer than the record at the end".getBytes(StandardCharsets.UTF_8)),
                arguments("is no ZIP file", Arrays.copyOf(whole, whole.length - 1)),
                arguments("is not where its end says", Arrays.copyOfRange(whole, 1, whole.length)),
                hostile("comment looks like the end", zip -> zip.comment = end),
                hostile("at most 50000", zip -> zip.directoryBytes = Integer.MAX_VALUE),
                hostile("is not where its end says", zip -> zip.directoryBytes = 1 << 20),
                hostile("is not where its end says", zip -> zip.directoryStart = 0xffff_fff0L),
                hostile("more members than its end says", zip -> zip.count = 1),
                hostile("too short for its members", zip -> zip.count = 1000),
                hostile("no member where one should be", zip -> zip.beforeEnd = longer(zip)),
                hostile("lies outside of it", zip -> first(zip).offset = 1 << 20),
                hostile("lies outside of it", zip -> first(zip).keptSize = 1 << 20),
                hostile("ZIP64 field of a member is missing", zip -> first(zip).size = 0xffff_ffffL),
                hostile("ZIP64 field of a member is missing", zip -> {
                    first(zip).size = 0xffff_ffffL;
                    first(zip).keptSize = 0xffff_ffffL;
                    first(zip).extra = HandmadeZip.zip64(10);
                }),
                hostile("stands there twice", zip -> {
                    first(zip).size = 0xffff_ffffL;
                    byte[] one = HandmadeZip.zip64(10);
                    first(zip).extra = Arrays.copyOf(one, 24);
                    System.arraycopy(one, 0, first(zip).extra, 12, 12);
                }),
                hostile("larger than any file", zip -> {
                    first(zip).size = 0xffff_ffffL;
                    first(zip).extra = HandmadeZip.zip64(-1);
                }),
                hostile(
                        "reaches beyond its record",
                        zip -> first(zip).extra = HandmadeZip.little(6)
                                .putShort((short) 1)
                                .putShort((short) 99)
                                .array()),
                hostile("one part of several", zip -> first(zip).disk = 1),
                hostile("no name that can be used", zip -> first(zip).name = new byte[0]),
                hostile("no name that can be used", zip -> first(zip).name = new byte[] {'a', 0}),
                hostile("is not", zip -> first(zip).name = new byte[] {(byte) 0xc3, 'x'}),
                hostile("end record is not where", zip -> zip.beforeEnd = HandmadeZip.zip64End(2, 94, 82, 0)),
                hostile("two end records disagree", zip -> zip.beforeEnd = HandmadeZip.zip64End(3, 94, 82, 176)),
                hostile("one of its lengths is larger", zip -> zip.beforeEnd = HandmadeZip.zip64End(2, 94, 82, -1)));
    }

    @ParameterizedTest
    @MethodSource("hostileArchives")
    void anArchiveThatCanBeUnderstoodInTwoWaysOrNotAtAllIsRefusedByAReason(String why, byte[] archive) {
        String said = refusal(archive);
        assertTrue(said.contains(why), said);
    }

    @Test
    void theRecordsOfZip64AreHeard() {
        HandmadeZip zip = HandmadeZip.of("a", "0123456789").with("b", "0123456789");
        zip.beforeEnd = HandmadeZip.zip64End(2, 94, 82, 176);
        zip.count = 0xffff;
        zip.directoryBytes = 0xffff_ffffL;
        zip.directoryStart = 0xffff_ffffL;
        assertEquals(List.of("a", "b"), paths(zip));
    }

    private static void overlaps(Consumer<HandmadeZip> change) {
        HandmadeZip zip = HandmadeZip.of("a", "0123456789").with("b", "0123456789");
        change.accept(zip);
        Directory directory = Archives.directory(zip);
        for (Member member : directory) {
            assertThrows(Failure.NotABundle.class, () -> directory.endOf(member));
        }
    }

    @Test
    void membersThatShareBytesAreRefused() {
        overlaps(zip -> zip.entries.get(1).offset = 0);
        overlaps(zip -> zip.entries.get(1).offset = 5);
        overlaps(zip -> first(zip).keptSize = 11);
    }

    private static void unreadable(String why, Consumer<HandmadeZip.Entry> change) {
        HandmadeZip.Entry entry = HandmadeZip.entry("a", TEN);
        change.accept(entry);
        Member member = members(new HandmadeZip().with(entry).bytes()).get(0);
        String said = assertThrows(Failure.NotABundle.class, member::readable).getMessage();
        assertTrue(said.contains(why), said);
    }

    @Test
    void aMemberThatCannotBeGivenAsItWasIsListedAndNotRead() {
        unreadable("is encrypted", entry -> entry.flags |= 1);
        unreadable("in another way than Deflate", entry -> entry.method = 12);
        unreadable("more than 8 KiB", entry -> entry.name = "a".repeat(8193).getBytes(StandardCharsets.UTF_8));
        unreadable("more than 8 KiB", entry -> entry.extra = HandmadeZip.padding(8192));
        unreadable("has two lengths", entry -> entry.size = 11);
        unreadable("longer than it can be", entry -> {
            entry.method = 8;
            entry.size = 1L << 31;
        });
    }

    // Anything

    private static void isListedOrRefused(byte[] archive) {
        Directory directory;
        try {
            directory = Archives.directory(archive);
        } catch (Failure.NotABundle refused) {
            return;
        }
        for (Member member : directory) {
            try {
                assertTrue(directory.endOf(member.readable()) <= archive.length);
            } catch (Failure.NotABundle refused) {
                assertTrue(!refused.getMessage().isEmpty());
            }
        }
    }

    @Property(tries = 3000)
    void anyBytesAreListedOrRefused(@ForAll @Size(max = 200) byte[] bytes) {
        isListedOrRefused(bytes);
        byte[] end = new HandmadeZip().bytes();
        byte[] before = Arrays.copyOf(bytes, bytes.length + end.length);
        System.arraycopy(end, 0, before, bytes.length, end.length);
        isListedOrRefused(before);
    }

    @Property(tries = 6000)
    void anArchiveWithWrongBytesIsListedOrRefused(
            @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 400) Integer> places, @ForAll @Size(4) byte[] values) {
        HandmadeZip zip = HandmadeZip.of("ü", "0123456789").deflated("b", new byte[100]);
        zip.entries.get(0).extra = HandmadeZip.zip64(10, 10);
        zip.beforeEnd = HandmadeZip.zip64End(2, 46 + 2 + 20 + 47, 42 + 31 + zip.entries.get(1).kept.length, 0);
        byte[] whole = zip.bytes();
        int record = whole.length - 22 - 76;
        byte[] archive = whole.clone();
        System.arraycopy(HandmadeZip.little(8).putLong(record).array(), 0, archive, record + 56 + 8, 8);
        assertEquals(2, Archives.directory(archive).members());
        for (int i = 0; i < places.size(); i++) {
            archive[places.get(i) % archive.length] = values[i];
        }
        isListedOrRefused(archive);
    }
}
