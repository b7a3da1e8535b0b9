/**
 * Deterministic simulation: gateways, clients and a store in one thread, on a clock of their own. A seed decides in which order
 * everything happens and what goes wrong: requests and replies are late or lost, clocks are off and step, clients leave, gateways
 * die. What the clients were told is then held against a model of one entry that knows no order and no fault.
 */
@NullMarked
package us.kbase.caching.simulation;

import org.jspecify.annotations.NullMarked;
