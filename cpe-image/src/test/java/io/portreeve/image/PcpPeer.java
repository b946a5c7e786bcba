package io.portreeve.image;

import java.util.List;

/** A PCP server in the lab, next to which there is a place for a client. It grants short lifetimes, too. */
interface PcpPeer extends AutoCloseable {

    /** {@return where a client can be} */
    String namespace();

    /** {@return the client's interface to the server} */
    String link();

    String server();

    /** {@return where the server is} */
    String serverNamespace();

    /** {@return the client's address} */
    String client();

    /** {@return another address that a client can have} */
    String otherClient();

    /** {@return the internal ports of the mappings that lead to {@code client} now, in order} */
    List<Integer> ports(String client) throws Exception;

    /** What it knows is gone, as after a power cut. */
    void loseStateAndRestart() throws Exception;

    @Override
    void close();
}
