package io.portreeve.server.bench;

import java.nio.ByteBuffer;
import java.util.function.Predicate;

/**
 * A request, and which answer to it is right.
 *
 * @param what it is, for people
 * @param rightAnswer asked once for the one answer that comes; it may remember what it sees
 */
record Question(String what, byte[] octets, Predicate<ByteBuffer> rightAnswer) {}
