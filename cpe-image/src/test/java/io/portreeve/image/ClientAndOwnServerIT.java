package io.portreeve.image;

import io.portreeve.server.PcpServer;
import io.portreeve.server.ServerSettings;
import io.portreeve.settings.Settings;
import java.nio.file.Path;
import java.util.List;

/** Our server on the provider's side, which is the client's default router. */
class ClientAndOwnServerIT extends ClientAndServer {

    @Override
    PcpPeer start(Lab lab, Path work) throws Exception {
        return new Peer(lab.host("cgn"), work);
    }

    private static final class Peer implements PcpPeer {
        private final Host host;
        private final Path work;
        private PcpServer server;
        private int starts;

        Peer(Host host, Path work) throws Exception {
            this.host = host;
            this.work = work;
            start();
        }

        private void start() throws Exception {
            var lines = List.of(
                    "listen = " + server(),
                    "pool = 203.0.114.1",
                    "min-lifetime = 10 s",
                    "state-dir = " + work.resolve("state-" + starts++));
            server = host.inside(() -> PcpServer.start(ServerSettings.of(new Settings("test", lines))));
        }

        @Override
        public String namespace() {
            return "cpe";
        }

        @Override
        public String link() {
            return "wan0";
        }

        @Override
        public String server() {
            return "100.64.0.1";
        }

        @Override
        public String serverNamespace() {
            return "cgn";
        }

        @Override
        public String client() {
            return "100.64.0.2";
        }

        @Override
        public String otherClient() {
            return "100.64.0.50";
        }

        @Override
        public List<Integer> ports(String client) {
            return server.cgn().table().stream()
                    .filter(entry -> entry.subscriber().toString().equals(client))
                    .map(entry -> entry.mapping().internal().port())
                    .sorted()
                    .toList();
        }

        @Override
        public void loseStateAndRestart() throws Exception {
            server.close();
            start();
        }

        @Override
        public void close() {
            server.close();
        }
    }
}
