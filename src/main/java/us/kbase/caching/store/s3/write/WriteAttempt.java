package us.kbase.caching.store.s3.write;

import java.util.Map;
import us.kbase.caching.store.Precondition;

/**
 * One try of a write.
 *
 * @param metadata with its {@link WriteMark}, the same in every try
 * @param condition what the store must find when the try lands
 * @param life until when the store takes the try; whoever sends it begins it there
 */
public record WriteAttempt(Map<String, String> metadata, Precondition condition, WriteLife life) {}
