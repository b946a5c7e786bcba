/**
 * What is wrong on purpose, for those who test a client: between the network and the server's engine messages get lost, late or
 * doubled, and answers refuse or lie.
 *
 * <p>{@link io.portreeve.server.faults.Faults} says what is wrong, {@link io.portreeve.server.faults.FaultEngine} does it,
 * {@link io.portreeve.server.faults.FaultLine} is the thread it lives on.
 */
package io.portreeve.server.faults;
