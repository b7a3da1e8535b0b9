/**
 * One accounting of the heap. Whatever is held for somebody else (a connection, a request's head, parameters, a waiter, a reply, a
 * transfer, what a server answered) is paid for here before it exists, and given back when it is gone.
 *
 * <p>Each {@link us.kbase.caching.memory.Budget kind} has a part of its own, which nobody else can take, and borrows from a common
 * part while that has room and its {@link us.kbase.caching.memory.Claim claim} goes. So a flood of one kind leaves room for the others, a
 * newcomer finds what is {@link us.kbase.caching.memory.Allotment set aside}, and the sum of all kinds stops at
 * {@link us.kbase.caching.memory.MemoryPlan#bytes}. Who finds no room is refused, or waits in order: fair among users, not among
 * requests, so that a user with a thousand requests does not stand before one with a single request.
 *
 * <p>Bytes of files are not here: they lie outside the heap and have budgets of their own (docs/adr/0029).
 *
 * <p>Depends on {@code failure} and {@code pace} only.
 */
@NullMarked
package us.kbase.caching.memory;

import org.jspecify.annotations.NullMarked;
