/**
 * What proves that bytes are the ones that were meant: digests by name, computed while the bytes pass, and compared before anybody is
 * told that all went well. A checksum (CRC32C, CRC-64/NVME) finds what a disk or a network did, costs next to nothing, and those of parts
 * combine to that of the whole. A hash (SHA-256, SHA-512, MD5) is computed only where a client named one. Nothing here copies a byte or
 * reads ahead. See docs/adr/0052.
 */
@NullMarked
@CheckReturnValue
package us.kbase.caching.digest;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
