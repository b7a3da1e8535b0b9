/**
 * Reads a bundle: a ZIP file that is one result and holds many. Its end record leads to the central directory
 * ({@link us.kbase.caching.bundle.EndRecord}), which describes every member ({@link us.kbase.caching.bundle.Directory}, {@link
 * us.kbase.caching.bundle.Member}); the member's own header is compared with that before one of its bytes is believed ({@link
 * us.kbase.caching.bundle.LocalHeader}). All of these are pure functions over bytes, used by the gateway and the commands alike. {@link
 * us.kbase.caching.bundle.BundleReader} gets the bytes by ranges, in one read or two, and pays for them first; {@link
 * us.kbase.caching.bundle.MemberSource} and {@link us.kbase.caching.bundle.InflatedSource} give a member's bytes. Nothing here knows a
 * file system. Source: APPNOTE.TXT, PKWARE's .ZIP File Format Specification, version 6.3.10.
 */
@NullMarked
@CheckReturnValue
package us.kbase.caching.bundle;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
