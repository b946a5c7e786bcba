package io.portreeve.server;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import java.util.List;

/**
 * A request to vary, and what all such requests have in common.
 *
 * @param <W> what it is a request for
 */
interface Wanted<W> {

    /** What MAP and PEER have in common: for an hour, any external IPv4 address and port. */
    record Terms(
            MappingNonce nonce,
            IpProtocol protocol,
            int internalPort,
            long lifetime,
            int suggestedPort,
            PcpAddress suggestedAddress,
            List<PcpOption> options) {

        static Terms of(IpProtocol protocol, int internalPort) {
            return new Terms(
                    new MappingNonce(1, 2, 3), protocol, internalPort, 3600, 0, PcpAddress.ANY_IPV4, List.of());
        }
    }

    Terms terms();

    /** {@return the same request on other terms} */
    W on(Terms other);

    default W nonce(int word) {
        var it = terms();
        var other = new MappingNonce(word, 0, 0);
        return on(new Terms(
                other, it.protocol, it.internalPort, it.lifetime, it.suggestedPort, it.suggestedAddress, it.options));
    }

    default W protocol(int number) {
        var it = terms();
        var other = new IpProtocol(number);
        return on(new Terms(
                it.nonce, other, it.internalPort, it.lifetime, it.suggestedPort, it.suggestedAddress, it.options));
    }

    default W port(int internal) {
        var it = terms();
        return on(new Terms(
                it.nonce, it.protocol, internal, it.lifetime, it.suggestedPort, it.suggestedAddress, it.options));
    }

    default W lifetime(long seconds) {
        var it = terms();
        return on(new Terms(
                it.nonce, it.protocol, it.internalPort, seconds, it.suggestedPort, it.suggestedAddress, it.options));
    }

    default W suggest(int port) {
        var it = terms();
        return on(
                new Terms(it.nonce, it.protocol, it.internalPort, it.lifetime, port, it.suggestedAddress, it.options));
    }

    default W suggest(String address) {
        var it = terms();
        var other = PcpAddress.parse(address);
        return on(new Terms(it.nonce, it.protocol, it.internalPort, it.lifetime, it.suggestedPort, other, it.options));
    }

    default W with(PcpOption... those) {
        var it = terms();
        return on(new Terms(
                it.nonce,
                it.protocol,
                it.internalPort,
                it.lifetime,
                it.suggestedPort,
                it.suggestedAddress,
                List.of(those)));
    }

    default MappingNonce nonce() {
        return terms().nonce;
    }

    default IpProtocol protocol() {
        return terms().protocol;
    }

    default int internalPort() {
        return terms().internalPort;
    }

    default List<PcpOption> options() {
        return terms().options;
    }
}
