package us.kbase.caching.stress.load;

import io.vertx.core.Future;

/** One result on its way: made known, sent, fetched and compared, removed. Each step fails when its answer is not right. */
public interface Transfer {

    /** Makes the entry that the upload fills. */
    Future<Void> reserve();

    /** Sends the file. */
    Future<Void> upload();

    /** Fetches the file and compares every byte. */
    Future<Void> download();

    /** Removes the file. */
    Future<Void> delete();
}
