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
import java.util.List;
import java.util.Set;
import us.kbase.caching.bundle.Member;

/**
 * The files, folders and links that are made of members. Links come last, so that nothing is ever written through one; modes of folders
 * too, so that a folder which may not be written to gets its files. One thread.
 */
final class MadeTree {

    private record Link(Member member, String target) {}

    private final Staging staging;
    private final int rootDepth;
    private final UnpackedTree.Times times;
    private final List<Member> folders = new ArrayList<>();
    private final List<Link> links = new ArrayList<>();

    MadeTree(Staging staging, int rootDepth, UnpackedTree.Times times) {
        this.staging = staging;
        this.rootDepth = rootDepth;
        this.times = times;
    }

    /** Begins with a member, whose path has been looked at before. */
    MadeFile begin(Member member) throws IOException {
        Path path = staging.path(member.path());
        if (member.kind() == Member.Kind.FOLDER) {
            Path unused = Files.createDirectories(path);
            folders.add(member);
            return new MadeFile(member, OutputStream.nullOutputStream(), () -> {});
        }
        Path parent = path.getParent();
        if (parent != null) {
            Path unused = Files.createDirectories(parent);
        }
        if (member.kind() == Member.Kind.LINK) {
            LinkText text = new LinkText();
            return new MadeFile(member, text, () -> links.add(link(member, text)));
        }
        OutputStream out = Channels.newOutputStream(Files.newByteChannel(
                path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes(path, member)));
        return new MadeFile(member, out, () -> finish(path, member));
    }

    private Link link(Member member, LinkText text) throws IOException {
        String target = text.text();
        PathRules.checkLink(member.path(), target, PathRules.depth(member.path()) - rootDepth);
        return new Link(member, target);
    }

    /** Never wider than it was packed, not even for a moment. */
    private static FileAttribute<?>[] attributes(Path path, Member member) {
        return hasModes(path) && member.unixMode().isPresent()
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions(member))}
                : new FileAttribute<?>[0];
    }

    private static Set<PosixFilePermission> permissions(Member member) {
        return Permissions.of(member.unixMode().orElseThrow());
    }

    private static boolean hasModes(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private void finish(Path path, Member member) throws IOException {
        if (times == UnpackedTree.Times.KEPT && member.modified().isPresent()) {
            Path unused = Files.setLastModifiedTime(
                    path, FileTime.from(member.modified().get()));
        }
        if (hasModes(path) && member.unixMode().isPresent()) {
            Path unused = Files.setPosixFilePermissions(path, permissions(member));
        }
    }

    /** Makes the links, and gives the folders their modes, the innermost first. */
    void finish() throws IOException {
        for (Link link : links) {
            Path path = staging.path(link.member().path());
            Path unused = Files.createSymbolicLink(path, path.getFileSystem().getPath(link.target()));
        }
        folders.sort((one, other) -> other.path().compareTo(one.path()));
        for (Member folder : folders) {
            finish(staging.path(folder.path()), folder);
        }
    }
}
