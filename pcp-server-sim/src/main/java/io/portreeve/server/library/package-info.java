/**
 * PCP for somebody else's CGN: libpcpd's methods in Java. Whoever has a CGN implements
 * {@link io.portreeve.server.library.PcpMethods}, and the library does what RFC 6887 asks of a server.
 *
 * {@snippet :
 * var settings = new LibrarySettings(
 *         CgnType.NAT444, EnumSet.of(Opcode.ANNOUNCE, Opcode.MAP, Opcode.PEER), EnumSet.of(LibraryFlag.UPDATE));
 * try (var library = new PcpLibrary(settings, new MyCgn(), new BootClock())) {
 *     var context = new PcpContext();
 *     while (running) {
 *         context.clear();
 *         library.runOnce(context); // MyCgn.receiveRequest waits for the request
 *     }
 * }
 * }
 *
 * <p>A CGN that intercepts the packets itself calls {@code runOnce} for each, with the request in the context. One that leaves
 * the loop to the library implements {@link io.portreeve.server.library.CgnModule} too and calls
 * {@link io.portreeve.server.library.PcpServerLoop#start}.
 *
 * <p>Unlike {@link io.portreeve.server.engine}, which is a server of its own with pools, quotas and storage, this keeps no
 * mapping: only its nonce, in memory, for as long as the mapping lives. After a restart the CGN resets its epochs, as it would
 * after a loss of mappings.
 */
package io.portreeve.server.library;
