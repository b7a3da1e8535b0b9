package us.kbase.caching.cli.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import us.kbase.caching.bundle.Directory;
import us.kbase.caching.bundle.EndRecord;
import us.kbase.caching.bundle.HandmadeZip;
import us.kbase.caching.bundle.Member;
import us.kbase.caching.cli.client.LocalFault;
import us.kbase.caching.cli.client.Sink;
import us.kbase.caching.failure.Failure;

/** Trees become archives and archives trees, whole or not at all. */
class TreesTest {

    private static final Instant EARLIER = Instant.parse("2020-02-29T12:34:57Z");

    @TempDir
    private Path folder;

    private Path tree;

    @BeforeEach
    void tree() throws IOException {
        tree = Files.createDirectory(folder.resolve("tree"));
        Files.createDirectories(tree.resolve("sub/empty"));
        Files.createDirectory(tree.resolve("closed"));
        byte[] random = new byte[200_000];
        new Random(3).nextBytes(random);
        Files.write(tree.resolve("sub/random"), random);
        Files.writeString(tree.resolve("grün 日本.txt"), "text");
        Files.writeString(tree.resolve("closed/run"), "#!/bin/sh\n");
        Files.createFile(tree.resolve("none"));
        Files.createSymbolicLink(tree.resolve("sub/up"), Path.of("../none"));
        Files.createSymbolicLink(tree.resolve("nowhere"), Path.of("not/there"));
        mode("closed/run", "rwxr-x---");
        mode("none", "r--------");
        mode("closed", "r-xr-xr-x");
        Files.setLastModifiedTime(tree.resolve("sub/random"), FileTime.from(EARLIER));
    }

    private void mode(String path, String permissions) throws IOException {
        Path unused = Files.setPosixFilePermissions(tree.resolve(path), PosixFilePermissions.fromString(permissions));
    }

    private static byte[] packed(PackedTree tree) throws IOException {
        try (InputStream in = tree.open()) {
            return in.readAllBytes();
        }
    }

    private static RemoteDirectory directory(byte[] archive) {
        byte[] tail = Arrays.copyOfRange(archive, Math.max(0, archive.length - EndRecord.TAIL_BYTES), archive.length);
        EndRecord end = EndRecord.of(tail, archive.length);
        int from = (int) end.directoryStart();
        byte[] directory = Arrays.copyOfRange(archive, from, from + end.directoryBytes());
        return new RemoteDirectory(Directory.of(directory, 0, end), "\"x\"", archive.length);
    }

    private static void unpack(UnpackedTree tree, byte[] archive, int pieceBytes) throws LocalFault {
        try (Sink sink = tree.sink(directory(archive)).open()) {
            for (int at = 0; at < archive.length; at += pieceBytes) {
                byte[] piece = Arrays.copyOfRange(archive, at, Math.min(archive.length, at + pieceBytes));
                sink.write(piece, piece.length);
            }
            sink.commit();
        }
    }

    private UnpackedTree into(String name) throws LocalFault {
        return UnpackedTree.in(folder.resolve(name), UnpackedTree.Times.KEPT);
    }

    /** Path to kind, mode and content. */
    private static Map<String, String> shown(Path root) {
        Map<String, String> shown = new TreeMap<>();
        try (Stream<Path> found = Files.walk(root)) {
            found.filter(path -> !path.equals(root))
                    .forEach(path -> shown.put(root.relativize(path).toString(), shownOne(path)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return shown;
    }

    private static String shownOne(Path path) {
        try {
            if (Files.isSymbolicLink(path)) {
                return "-> " + Files.readSymbolicLink(path);
            }
            String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
            return mode + (Files.isDirectory(path) ? "/" : " " + Arrays.hashCode(Files.readAllBytes(path)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> names() throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            return found.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aTreeComesBackAsItWas() throws IOException {
        byte[] archive = packed(PackedTree.in(tree));
        for (int pieceBytes : List.of(1, 7, 1 << 16, archive.length)) {
            unpack(into("copy" + pieceBytes), archive, pieceBytes);
            assertEquals(shown(tree), shown(folder.resolve("copy" + pieceBytes)));
        }
        assertEquals(
                EARLIER,
                Files.getLastModifiedTime(folder.resolve("copy1/sub/random")).toInstant());
        unpack(UnpackedTree.in(folder.resolve("now"), UnpackedTree.Times.NOW), archive, 1 << 16);
        assertTrue(Files.getLastModifiedTime(folder.resolve("now/sub/random"))
                .toInstant()
                .isAfter(EARLIER));
        assertFalse(names().stream().anyMatch(name -> name.endsWith(".part")));
    }

    @Test
    void membersAreStoredAndTheirBytesAreFoundWithoutTheirHeaders() throws IOException {
        byte[] archive = packed(PackedTree.in(tree));
        Directory directory = directory(archive).directory();
        assertTrue(PackedTree.isOurs(directory));
        for (Member member : directory) {
            long start = Directory.dataStart(member, directory.endOf(member)).orElseThrow();
            if (member.kind() == Member.Kind.FILE) {
                assertArrayEquals(
                        Files.readAllBytes(tree.resolve(member.path())),
                        Arrays.copyOfRange(archive, (int) start, (int) (start + member.bytes())));
            }
        }
    }

    @Test
    void anEqualTreeMakesAnEqualArchiveInAnyZone() throws IOException {
        byte[] archive = packed(PackedTree.in(tree));
        TimeZone before = TimeZone.getDefault();
        try {
            for (String zone : List.of("America/New_York", "Asia/Kolkata", "Pacific/Apia")) {
                TimeZone.setDefault(TimeZone.getTimeZone(zone));
                assertArrayEquals(archive, packed(PackedTree.in(tree)));
            }
        } finally {
            TimeZone.setDefault(before);
        }
        unpack(into("copy"), archive, 1 << 16);
        assertArrayEquals(archive, packed(PackedTree.in(folder.resolve("copy"))));
    }

    @Test
    void severalFilesAndFoldersComeBackWhereEachWasAskedFor() throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), "a");
        byte[] archive = packed(PackedTree.of(List.of(file, tree)));
        Path there = Files.createDirectories(folder.resolve("other/place"));
        Map<String, Path> targets = Map.of("a.txt", there.resolve("b.txt"), "tree", folder.resolve("other/tree"));
        Files.writeString(there.resolve("b.txt"), "old");
        unpack(UnpackedTree.named(targets, UnpackedTree.Times.NOW), archive, 1000);
        assertEquals("a", Files.readString(there.resolve("b.txt")));
        assertEquals(shown(tree), shown(folder.resolve("other/tree")));
        unpack(into("all"), archive, 1000);
        assertEquals(shown(tree), shown(folder.resolve("all/tree")));
        LocalFault other = assertThrows(
                LocalFault.class,
                () -> unpack(
                        UnpackedTree.named(Map.of("x", folder.resolve("x")), UnpackedTree.Times.NOW), archive, 1000));
        assertEquals("The result holds a.txt, tree, and not x; nothing was written.", other.getMessage());
    }

    @Test
    void anArchiveOfOthersIsUnpackedToo() throws IOException {
        byte[] zeros = new byte[300_000];
        HandmadeZip zip = new HandmadeZip().deflated("deep/in/zeros", zeros).with("a", "a");
        unpack(into("copy"), zip.bytes(), 100);
        assertArrayEquals(zeros, Files.readAllBytes(folder.resolve("copy/deep/in/zeros")));
        assertFalse(PackedTree.isOurs(directory(zip.bytes()).directory()));
    }

    @Test
    void aFolderThatIsThereHasToBeEmpty() throws IOException {
        byte[] archive = packed(PackedTree.in(tree));
        unpack(UnpackedTree.in(Files.createDirectory(folder.resolve("empty")), UnpackedTree.Times.NOW), archive, 999);
        assertEquals(shown(tree), shown(folder.resolve("empty")));
        assertThrows(LocalFault.class, () -> into("tree"));
        assertThrows(LocalFault.class, () -> into("tree/none"));
        assertThrows(LocalFault.class, () -> into("no/folder/above"));
    }

    private static String modeOf(Path path) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Path> stagedFolders() throws IOException {
        Path part = folder.resolve(names().stream()
                .filter(name -> name.endsWith(".part"))
                .findFirst()
                .orElseThrow());
        try (Stream<Path> found = Files.walk(part)) {
            return found.filter(Files::isDirectory).toList();
        }
    }

    private static HandmadeZip deep() {
        return new HandmadeZip()
                .with(HandmadeZip.entry("top/kept/", new byte[0]).mode(0040751))
                .with(HandmadeZip.entry("top/old/", new byte[0]).mode(0))
                .with("top/kept/none/file", "x");
    }

    private void foldersArePrivateUntilAllIsThere(UnpackedTree unpacked, int folders, Path top) throws IOException {
        byte[] archive = deep().bytes();
        try (Sink sink = unpacked.sink(directory(archive)).open()) {
            sink.write(archive, archive.length);
            assertEquals(folders, stagedFolders().size());
            for (Path staged : stagedFolders()) {
                assertEquals("rwx------", modeOf(staged), staged.toString());
            }
            sink.commit();
        }
        String usual = modeOf(Files.createDirectory(top.resolveSibling("usual")));
        assertEquals(usual, modeOf(top));
        assertEquals(usual, modeOf(top.resolve("old")));
        assertEquals(usual, modeOf(top.resolve("kept/none")));
        assertEquals("rwxr-x--x", modeOf(top.resolve("kept")));
        assertEquals(
                List.of("kept", "old"),
                List.of(top.toFile().list()).stream().sorted().toList());
    }

    @Test
    void foldersArePrivateWhileTheyAreUnpacked() throws IOException {
        foldersArePrivateUntilAllIsThere(into("copy"), 5, folder.resolve("copy/top"));
        assertEquals(modeOf(folder.resolve("copy/usual")), modeOf(folder.resolve("copy")));
        Path named = folder.resolve("named");
        foldersArePrivateUntilAllIsThere(UnpackedTree.named(Map.of("top", named), UnpackedTree.Times.NOW), 4, named);
    }

    private void isRefused(String why, Map<String, Path> targets, HandmadeZip zip) throws IOException {
        List<String> before = names();
        String said = assertThrows(LocalFault.class, () -> {
                    UnpackedTree named = UnpackedTree.named(targets, UnpackedTree.Times.NOW);
                    Sink.Target unused = named.sink(directory(zip.bytes()));
                })
                .getMessage();
        assertTrue(said.contains(why), said);
        assertEquals(before, names());
    }

    /** Of several targets the first would have been replaced already when the second one cannot be. */
    @Test
    void whatLiesAtANamedTargetIsOfTheSameKind() throws IOException {
        Path a = Files.writeString(folder.resolve("a"), "old");
        Path b = Files.createDirectory(folder.resolve("b"));
        Path linked = Files.createSymbolicLink(folder.resolve("linked"), b);
        Map<String, Path> targets = Map.of("a", a, "b", b);
        HandmadeZip files = HandmadeZip.of("a", "new").with("b", "new");
        isRefused("b is a file in the result, and " + b + " is a folder; nothing", targets, files);
        HandmadeZip folders = HandmadeZip.of("a/x", "new").with("b/x", "new");
        isRefused("a is a folder in the result, and " + a + " is none; nothing", targets, folders);
        isRefused("a is a folder", Map.of("a", linked), HandmadeZip.of("a/x", "new"));
        assertEquals("old", Files.readString(a));
    }

    /** It would lead to what lies beside the target. */
    @Test
    void aLinkTakesNoNamedTarget() throws IOException {
        isRefused("l is a link where a file or a folder was named", Map.of("l", folder.resolve("l")), link("l", "x"));
    }

    /** A disk that is another machine's may have no room for what was written long before. */
    @Test
    void aFileThatCannotBeClosedIsNotWhole() {
        Member member = directory(HandmadeZip.of("a", "x").bytes())
                .directory()
                .find("a")
                .orElseThrow();
        OutputStream full = new FilterOutputStream(OutputStream.nullOutputStream()) {
            @Override
            public void close() throws IOException {
                throw new IOException("Disk quota exceeded");
            }
        };
        MadeFile file = new MadeFile(member, full, () -> fail("it is not whole"));
        assertThrows(IOException.class, () -> {
            file.write(new byte[] {'x'}, 0, 1);
            file.end();
        });
    }

    private static HandmadeZip link(String path, String target) {
        return new HandmadeZip()
                .with(HandmadeZip.entry(path, target.getBytes(StandardCharsets.UTF_8))
                        .mode(0120777));
    }

    static Stream<Arguments> hostileArchives() {
        HandmadeZip throughALink = link("l", "folder").with("l/x", "x");
        HandmadeZip twoNames = HandmadeZip.of("a", "1").with("A", "2");
        HandmadeZip bomb = new HandmadeZip().deflated("zeros", new byte[120 << 20]);
        return Stream.of(
                arguments("leads out of its folder", HandmadeZip.of("../x", "x")),
                arguments("is an absolute path", HandmadeZip.of("/tmp/x", "x")),
                arguments("has a character", HandmadeZip.of("..\\x", "x")),
                arguments("leads out of its tree", link("l", "../x")),
                arguments("leads out of its tree", link("l", "/etc")),
                arguments("below a file", throughALink),
                arguments("stands there twice", HandmadeZip.of("a", "1").with("a", "2")),
                arguments("are one name", twoNames),
                arguments(
                        "is a device",
                        new HandmadeZip()
                                .with(HandmadeZip.entry("d", new byte[0]).mode(0020666))),
                arguments("times as large", bomb));
    }

    @ParameterizedTest
    @MethodSource("hostileArchives")
    void anArchiveThatLeadsElsewhereIsRefusedByNameAndLeavesNothing(String why, HandmadeZip zip) throws IOException {
        List<String> before = names();
        String said = assertThrows(LocalFault.class, () -> unpack(into("copy"), zip.bytes(), 100))
                .getMessage();
        assertTrue(said.contains(why), said);
        assertEquals(before, names());
        assertFalse(Files.exists(folder.resolveSibling("x"), LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void anArchiveWithAFlippedByteOrACutLeavesNothing() throws IOException {
        byte[] archive = packed(PackedTree.in(tree));
        List<String> before = names();
        int start = (int) directory(archive).directory().start();
        Random random = new Random(5);
        for (int i = 0; i < 200; i++) {
            byte[] flipped = archive.clone();
            int at = i < 60 ? i : random.nextInt(start);
            flipped[at] ^= (byte) (1 << random.nextInt(8));
            boolean ofAHeadOnly = isIgnored(archive, at);
            if (!ofAHeadOnly) {
                assertThrows(LocalFault.class, () -> unpack(into("copy"), flipped, 4096), "at " + at);
                assertEquals(before, names());
            }
            int cut = random.nextInt(start);
            try (Sink sink = into("copy").sink(directory(archive)).open()) {
                sink.write(archive, cut);
                assertThrows(LocalFault.class, sink::commit);
            }
            assertEquals(before, names());
        }
    }

    /** The version, the times and the extra fields of a header say nothing that counts here. */
    private static boolean isIgnored(byte[] archive, int at) {
        Directory directory = directory(archive).directory();
        for (Member member : directory) {
            long start = Directory.dataStart(member, directory.endOf(member)).orElseThrow();
            long inHead = at - member.offset();
            if (inHead >= 0 && at < start) {
                return inHead == 4
                        || inHead == 5
                        || inHead >= 10 && inHead < 14
                        || inHead >= 30 + member.rawName().length();
            }
        }
        return false;
    }

    @Test
    void whatOverlapsIsRefused() {
        byte[] archive = HandmadeZip.of("a", "0123456789").with("b", "x").bytes();
        archive[archive.length - 22 - 5] = 5; // where the second one begins
        assertThrows(Failure.NotABundle.class, () -> unpack(into("copy"), archive, 100));
    }

    @Test
    void whatMayNotBeUnpackedIsNotPacked() throws IOException {
        Files.createSymbolicLink(tree.resolve("out"), Path.of("../../x"));
        String said = assertThrows(LocalFault.class, () -> PackedTree.in(tree)).getMessage();
        assertTrue(said.startsWith("out is a link that leads out of its tree"), said);
        Files.delete(tree.resolve("out"));
        Files.writeString(tree.resolve("NONE"), "");
        assertThrows(LocalFault.class, () -> PackedTree.in(tree));
        assertThrows(LocalFault.class, () -> PackedTree.of(List.of(tree.resolve("none"), folder.resolve("no"))));
    }

    @Test
    void aFileThatChangesWhileItIsPackedEndsIt() throws IOException {
        PackedTree packed = PackedTree.in(tree);
        try (InputStream in = packed.open()) {
            byte[] piece = new byte[1000];
            LocalFault fault = assertThrows(LocalFault.class, () -> {
                long read = 0;
                for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                    read += count;
                    if (read > 5000) {
                        Files.writeString(tree.resolve("sub/random"), "shorter");
                    }
                }
            });
            assertTrue(fault.getMessage().contains("changed while it was packed"), fault.getMessage());
        }
    }
}
