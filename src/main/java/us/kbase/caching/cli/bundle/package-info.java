/**
 * Makes one result of many files, and files of it again. A tree is packed into a ZIP file while it is uploaded ({@link
 * us.kbase.caching.cli.bundle.PackedTree}), and unpacked while it is downloaded ({@link us.kbase.caching.cli.bundle.UnpackedTree}): the
 * directory at the archive's end is read first ({@link us.kbase.caching.cli.bundle.RemoteDirectory}), so what may not be unpacked is
 * refused before its first byte is asked for. What is packed here can be unpacked here: both sides have the same rules ({@link
 * us.kbase.caching.cli.bundle.PathRules}).
 */
@NullMarked
@CheckReturnValue
package us.kbase.caching.cli.bundle;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
