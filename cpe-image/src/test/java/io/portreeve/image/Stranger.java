package io.portreeve.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.testing.Await;
import java.net.DatagramSocket;
import java.net.Socket;
import java.util.regex.Pattern;

/** Somebody on the Internet, who knows the public address of a home and nothing of what is behind it. */
record Stranger(Lab lab) {
    /** Of the homes. */
    static final String PUBLIC = "203.0.114.1";

    /** Its own. */
    static final String ADDRESS = "198.51.100.10";

    private static final Pattern COUNTER = Pattern.compile("counter packets (\\d+)");

    private Host host() {
        return lab.host("inet");
    }

    DatagramSocket udp() throws Exception {
        return host().udp(0);
    }

    /** {@return a connection to a public port} */
    Socket connect(int port) throws Exception {
        return host().connect(PUBLIC, port);
    }

    /** Expects the CGN to drop the first packet of a connection and to say nothing. */
    void nobodyAnswers(int port) throws Exception {
        long before = dropped();
        try (var probe = host().connecting(PUBLIC, port)) {
            Await.until("the CGN drops what comes to port " + port, () -> {
                assertThat(probe.finishConnect())
                        .as("somebody answers at port " + port)
                        .isFalse();
                return dropped() > before;
            });
        }
    }

    /** {@return how many packets have come to addresses of the CGN that belonged to nothing} */
    private long dropped() throws Exception {
        var chain = lab.inside("cgn", "nft", "list", "chain", "ip", "portreeve_cgn", "unsolicited");
        var counter = COUNTER.matcher(chain.run().output());
        assertThat(counter.find()).isTrue();
        return Long.parseLong(counter.group(1));
    }
}
