package io.portreeve.image;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Debian's miniupnpd at home, which is the client's default router. */
class ClientAndMiniupnpdIT extends ClientAndServer {

    @Override
    PcpPeer start(Lab lab, Path work) throws Exception {
        return new Peer(new Miniupnpd(lab, work, "min_lifetime=10"));
    }

    private record Peer(Miniupnpd miniupnpd) implements PcpPeer {

        @Override
        public String namespace() {
            return "home2";
        }

        @Override
        public String link() {
            return "eth0";
        }

        @Override
        public String server() {
            return Miniupnpd.ADDRESS;
        }

        @Override
        public String serverNamespace() {
            return "cpe2";
        }

        @Override
        public String client() {
            return "192.168.1.10";
        }

        @Override
        public String otherClient() {
            return "192.168.1.20";
        }

        @Override
        public List<Integer> ports(String client) throws Exception {
            return Pattern.compile("dnat ip to " + Pattern.quote(client) + ":(\\d+)")
                    .matcher(miniupnpd.rules())
                    .results()
                    .map((MatchResult rule) -> Integer.valueOf(rule.group(1)))
                    .sorted()
                    .toList();
        }

        @Override
        public void loseStateAndRestart() throws Exception {
            miniupnpd.loseStateAndRestart();
        }

        @Override
        public void close() {
            miniupnpd.close();
        }
    }
}
