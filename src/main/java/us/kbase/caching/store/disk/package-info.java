/**
 * The embedded store: one checked file per object in a folder that one process owns.
 *
 * <pre>
 * data/format           the version of all this; another one is refused
 * data/lock             held by the process that owns the folder
 * data/entries/0a1/0a1… the objects: content, checksums of each MiB, description, footer ({@code ObjectFile})
 * data/tmp/0 … f        objects being written; emptied at a start
 * data/damaged          what lay in an object's place and was none; only the operator removes it
 * data/fencing          a number that no lease's number exceeds
 * </pre>
 *
 * <p>A put writes a temporary file, makes it last, and moves it into place under a lock of its key ({@code ObjectFiles}); then it makes
 * the folder's names last. A reader holds the old file or the new one. An ETag is the random name of a version, so a condition alone
 * makes a removal safe. Folders are named by the beginning of their keys, which are hashes: in the order of folders the keys stand in
 * order ({@code ObjectFolders}), and a page costs a page.
 *
 * <p>A positive finding that a file is no whole object ({@code DamagedFile}) makes it absent; that the disk does not answer says
 * nothing about it. See docs/adr/0041 and 0042, and docs/embedded-store.md for operators.
 */
@NullMarked
@CheckReturnValue
package us.kbase.caching.store.disk;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
