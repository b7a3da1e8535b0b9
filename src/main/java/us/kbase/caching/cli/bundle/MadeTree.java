package us.kbase.caching.cli.bundle;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import us.kbase.caching.bundle.Member;

/**
 * The files, folders and links that are made of members. Links come last, so that nothing is ever written through one; modes of folders
 * too, so that a folder which may not be written to gets its files, and nobody else looks into one that is not whole. One thread.
 */
final class MadeTree {

    private record Link(Member member, String target) {}

    private final Staging staging;
    private final int rootDepth;
    private final UnpackedTree.Times times;
    /** By path, a slash at its end, the innermost first; nothing for one that has no record of its own. */
    private final SortedMap<String, Optional<Member>> folders = new TreeMap<>(Comparator.reverseOrder());

    private final List<Link> links = new ArrayList<>();

    MadeTree(Staging staging, int rootDepth, UnpackedTree.Times times) {
        this.staging = staging;
        this.rootDepth = rootDepth;
        this.times = times;
        if (rootDepth == 0) {
            folders.put("", Optional.empty()); // the root, which is there
        }
    }

    /** Begins with a member, whose path has been looked at before. */
    MadeFile begin(Member member) throws IOException {
        makeFolders(member.path());
        if (member.kind() == Member.Kind.FOLDER) {
            folders.put(member.path(), Optional.of(member));
            return new MadeFile(member, OutputStream.nullOutputStream(), () -> {});
        }
        Path path = staging.path(member.path());
        if (member.kind() == Member.Kind.LINK) {
            LinkText text = new LinkText();
            return new MadeFile(member, text, () -> links.add(link(member, text)));
        }
        OutputStream out = Channels.newOutputStream(Files.newByteChannel(
                path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes(path, member)));
        return new MadeFile(member, out, () -> finish(path, member));
    }

    private void makeFolders(String path) throws IOException {
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            String folder = path.substring(0, slash + 1);
            if (!folders.containsKey(folder)) {
                Permissions.makePrivateFolder(staging.path(folder));
                folders.put(folder, Optional.empty());
            }
        }
    }

    private Link link(Member member, LinkText text) throws IOException {
        String target = text.text();
        PathRules.checkLink(member.path(), target, PathRules.depth(member.path()) - rootDepth);
        return new Link(member, target);
    }

    /** Never wider than it was packed, not even for a moment. */
    private static FileAttribute<?>[] attributes(Path path, Member member) {
        return Permissions.areOn(path) && member.unixMode().isPresent()
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions(member))}
                : new FileAttribute<?>[0];
    }

    private static Set<PosixFilePermission> permissions(Member member) {
        return Permissions.of(member.unixMode().orElseThrow());
    }

    private void finish(Path path, Member member) throws IOException {
        if (times == UnpackedTree.Times.KEPT && member.modified().isPresent()) {
            Path unused = Files.setLastModifiedTime(
                    path, FileTime.from(member.modified().get()));
        }
        if (Permissions.areOn(path) && member.unixMode().isPresent()) {
            Path unused = Files.setPosixFilePermissions(path, permissions(member));
        }
    }

    /** Makes the links, and gives the folders their modes: the usual one where none was kept. */
    void finish() throws IOException {
        for (Link link : links) {
            Path path = staging.path(link.member().path());
            Path unused = Files.createSymbolicLink(path, path.getFileSystem().getPath(link.target()));
        }
        if (!folders.isEmpty()) {
            OptionalInt usual = Permissions.ofNewFolderIn(staging.path(folders.lastKey()));
            for (Map.Entry<String, Optional<Member>> folder : folders.entrySet()) {
                finishFolder(staging.path(folder.getKey()), folder.getValue(), usual);
            }
        }
    }

    private void finishFolder(Path path, Optional<Member> record, OptionalInt usual) throws IOException {
        if (record.isPresent()) {
            finish(path, record.get());
        }
        boolean kept = record.isPresent() && record.get().unixMode().isPresent();
        if (!kept && usual.isPresent()) {
            Permissions.set(path, usual.getAsInt());
        }
    }
}
