package io.portreeve.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code lab check} finds, and what it says when it can find out nothing. */
class CheckIT {
    /** Root without the rights of root: who may enter no namespace. */
    private static final List<String> WITHOUT_RIGHTS = List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all");

    @TempDir
    private Path work;

    @Test
    void whatAgreesAndWhatDiffers() throws Exception {
        try (var chain = Chain.translating(work)) {
            for (int port = 8001; port <= 8009; port++) {
                chain.home().open("TCP", port);
            }
            chain.home().upnpcSucceeds("-a", "192.168.1.10", "8006", "9090", "TCP");
            chain.secondHome().upnpcSucceeds("-a", "192.168.1.10", "80", "8081", "TCP");
            allAgree(chain);
            theStoreOfTheSecondHomeDiffers(chain);
            chain.endSecondHome();
            eachPlaceKnowsTooMuchOrTooLittle(chain);
        }
    }

    private void allAgree(Chain chain) throws Exception {
        var all = allEqual("cpe", 10, 9, "100.64.0.2") + allEqual("cpe2", 1, 1, "100.64.0.3");
        assertThat(chain.lab().lab("check", work.toString())).isEqualTo(new Command.Result(0, all, ""));
    }

    private static String allEqual(String gateway, int entries, int services, String wan) {
        return """
                as %1$s sees it:
                equal      %2$d port mappings: the gateway, its store
                equal      %2$d NAT entries: the gateway's store, its kernel
                equal      %3$d services: the gateway's kernel inwards, outwards
                equal      %3$d ways out: the gateway's kernel outwards, those that lead back in
                equal      %2$d ports: the gateway's store, its PCP client's store
                equal      %2$d mappings of %4$s: the PCP client's store, the PCP server's store
                equal      11 mappings of all: the PCP server, the PCP server's store
                equal      11 mappings of all: the PCP server's store, the CGN's kernel inwards
                equal      11 mappings of all: the PCP server's store, the CGN's kernel outwards
                equal      2 subscribers: the PCP server's store, the CGN's kernel
                """.formatted(gateway, entries, services, wan);
    }

    private void theStoreOfTheSecondHomeDiffers(Chain chain) throws Exception {
        delete("gateway2-state/port-mappings.db", "port_mapping", 8081);
        var found = chain.lab().lab("check", work.toString());
        assertThat(found.exitCode()).as("%s", found).isEqualTo(1);
        assertThat(found.output().lines().filter(line -> line.contains("only in")))
                .map(String::strip)
                .containsExactly(
                        "only in the gateway: TCP 8081 -> 192.168.1.10:80",
                        "only in its kernel: TCP 8081 -> 192.168.1.10:80",
                        "only in its PCP client's store: TCP 8081 -> 100.64.0.3:8081");
    }

    /** Programs that run put their kernel in order at once, so here they are dead; what they left can be compared all the same. */
    private void eachPlaceKnowsTooMuchOrTooLittle(Chain chain) throws Exception {
        chain.home().gateway().kill();
        delete("server-state/server.db", "mapping", 8009);
        assertThat(chain.lab().lab("check", work.toString()).output())
                .contains("only in the PCP server: TCP 203.0.114.1:8009 -> 100.64.0.2:8009");
        chain.server().kill();

        nft(chain, "cpe", "delete", "portreeve_nat inbound { tcp . 8001 : 192.168.1.10 . 8001 }");
        nft(chain, "cpe", "add", "portreeve_nat inbound { udp . 7001 : 192.168.1.10 . 8001 }");
        nft(chain, "cpe", "delete", "portreeve_nat outbound { tcp . 192.168.1.10 . 8002 : 8002 }");
        nft(chain, "cpe", "delete", "portreeve_nat outbound { tcp . 192.168.1.10 . 8003 : 8003 }");
        nft(chain, "cpe", "add", "portreeve_nat outbound { tcp . 192.168.1.10 . 8003 : 7003 }");
        nft(chain, "cgn", "delete", "portreeve_cgn inbound { tcp . 203.0.114.1 . 8004 : 100.64.0.2 . 8004 }");
        nft(chain, "cgn", "add", "portreeve_cgn inbound { udp . 203.0.114.1 . 7004 : 100.64.0.9 . 7004 }");
        nft(chain, "cgn", "delete", "portreeve_cgn outbound { tcp . 100.64.0.2 . 8005 : 203.0.114.1 . 8005 }");
        nft(chain, "cgn", "add", "portreeve_cgn outbound { icmp . 100.64.0.2 . 7005 : 203.0.114.1 . 7005 }");
        nft(chain, "cgn", "add", "portreeve_cgn subscribers { 100.64.0.9 : 203.0.114.1 }");
        delete("gateway-state/port-mappings.db", "port_mapping", 8007);
        delete("gateway-state/pcp-mappings.db", "mapping", 8008);

        var found = chain.lab().lab("check", work.toString());
        assertThat(found.output().replaceAll("(?m)^equal .*\n", "").replaceAll(" {2,}", " "))
                .isEqualTo("""
                            as cpe sees it:
                            DIFFERENT NAT entries: the gateway's store, its kernel
                             only in the gateway's store: TCP 8001 -> 192.168.1.10:8001
                             only in its kernel: TCP 8007 -> 192.168.1.10:8007
                             only in its kernel: UDP 7001 -> 192.168.1.10:8001
                            DIFFERENT services: the gateway's kernel inwards, outwards
                             only in the gateway's kernel inwards: TCP 192.168.1.10:8002
                             only in the gateway's kernel inwards: UDP 192.168.1.10:8001
                             only in outwards: TCP 192.168.1.10:8001
                            DIFFERENT ways out: the gateway's kernel outwards, those that lead back in
                             only in the gateway's kernel outwards: TCP 7003 -> 192.168.1.10:8003
                             only in the gateway's kernel outwards: TCP 8001 -> 192.168.1.10:8001
                            DIFFERENT ports: the gateway's store, its PCP client's store
                             only in the gateway's store: TCP 8008 -> 100.64.0.2:8008
                             only in its PCP client's store: TCP 8007 -> 100.64.0.2:8007
                            DIFFERENT mappings of 100.64.0.2: the PCP client's store, the PCP server's store
                             only in the PCP client's store: TCP 203.0.114.1:8009 -> 100.64.0.2:8009
                             only in the PCP server's store: TCP 203.0.114.1:8008 -> 100.64.0.2:8008
                            DIFFERENT mappings of all: the PCP server's store, the CGN's kernel inwards
                             only in the PCP server's store: TCP 203.0.114.1:8004 -> 100.64.0.2:8004
                             only in the CGN's kernel inwards: TCP 203.0.114.1:8009 -> 100.64.0.2:8009
                             only in the CGN's kernel inwards: UDP 203.0.114.1:7004 -> 100.64.0.9:7004
                            DIFFERENT mappings of all: the PCP server's store, the CGN's kernel outwards
                             only in the PCP server's store: TCP 203.0.114.1:8005 -> 100.64.0.2:8005
                             only in the CGN's kernel outwards: TCP 203.0.114.1:8009 -> 100.64.0.2:8009
                             only in the CGN's kernel outwards: icmp . 100.64.0.2 . 7005 counter : 203.0.114.1 . 7005
                            DIFFERENT subscribers: the PCP server's store, the CGN's kernel
                             only in the CGN's kernel: 100.64.0.9 -> 203.0.114.1
                            """);
        assertThat(found.errors().lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("lab: http://192.168.1.1:49200/")
                                .endsWith(": no gateway answers there (Connection refused)"),
                        line -> assertThat(line)
                                .isEqualTo(
                                        "lab: " + work + "/server.sock: nobody answers there"
                                                + " (Connection refused); does the program run, and is this its 'control-socket'?"));
        assertThat(found.exitCode()).isEqualTo(2);
    }

    @Test
    void whatCannotBeReadIsNamed() throws Exception {
        try (var lab = new Lab()) {
            refuses(lab, work + "/gateway.conf: there is no such file");
            Files.writeString(work.resolve("gateway.conf"), "state-dir = " + work + "/gateway-state");
            refuses(
                    lab,
                    work + "/gateway-state/identity: there is no such file",
                    work + "/gateway-state/port-mappings.db: there is no such file");
            Files.writeString(work.resolve("server.conf"), "listen = 100.64.0.1");
            refuses(lab, work + "/server.conf: 'state-dir' is missing");

            var stranger =
                    lab.command("check", work.toString()).as(WITHOUT_RIGHTS).run();
            assertThat(stranger.exitCode()).isEqualTo(2);
            assertThat(stranger.errors()).matches("lab: cannot enter .*-lan: run as root\n");
            lab.lab("down");
            var down = lab.lab("check", work.toString());
            assertThat(down.exitCode()).isEqualTo(2);
            assertThat(down.errors()).matches("lab: the lab is not up: .*/lab up\n");
        }
    }

    private void refuses(Lab lab, String... lines) throws Exception {
        var result = lab.lab("check", work.toString());
        assertThat(result.errors().lines())
                .containsExactly(List.of(lines).stream().map("lab: "::concat).toArray(String[]::new));
        assertThat(result.exitCode()).isEqualTo(2);
    }

    private static void nft(Chain chain, String router, String what, String element) throws Exception {
        var words = ("nft " + what + " element ip " + element).split(" ");
        chain.lab().inside(router, words).succeed();
    }

    private void delete(String store, String table, int externalPort) throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + work.resolve(store));
                var statement = connection.createStatement()) {
            var row = " FROM " + table + " WHERE external_port = " + externalPort;
            assertThat(statement.executeUpdate("DELETE" + row)).isEqualTo(1);
        }
    }
}
