/**
 * Memory of a file's bytes between two sockets: read into it, passed on, and written from it without a copy (docs/adr/0019).
 * Depends on nothing of ours.
 */
@NullMarked
package us.kbase.caching.transit;

import org.jspecify.annotations.NullMarked;
