package us.kbase.caching.stress.compare;

import java.util.Optional;

/**
 * The servers that the gateway is compared with.
 *
 * @param minio the store, which clients also use without anything between
 * @param nginx where it is installed
 * @param tusd where it is installed
 */
record Peers(Minio minio, Optional<Nginx> nginx, Optional<Tusd> tusd) {}
