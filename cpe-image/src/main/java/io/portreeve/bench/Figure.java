package io.portreeve.bench;

/**
 * How fast calls of one kind are.
 *
 * @param perSecond how many there were in a second of the time that went into this kind
 * @param p50 milliseconds: half of the calls took no longer
 * @param p99 milliseconds: 99 of 100 calls took no longer
 */
public record Figure(double perSecond, double p50, double p99) {}
