package io.portreeve.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The script that DHCP servers run, called as each of them does. */
class LeaseEventScriptTest {
    private static final String SCRIPT =
            Path.of("src/main/dist/bin/portreeve-lease-event").toAbsolutePath().toString();
    private static final String MAC = "02:00:5e:10:00:01";

    @TempDir
    private Path work;

    private Path spool;

    @BeforeEach
    void makeSpool() throws IOException {
        spool = Files.createDirectory(work.resolve("spool"));
    }

    /** Runs the script with some variables, {@code NAME=VALUE}, and arguments. {@return what the gateway can read then} */
    private List<String> run(List<String> environment, String... arguments) throws Exception {
        return events(environment, List.of("sh", SCRIPT), arguments);
    }

    /** Runs it as {@code ubus subscribe dhcp | portreeve-lease-event odhcpd}. */
    private List<String> odhcpdSays(String... lines) throws Exception {
        return events(
                List.of(), List.of("sh", "-c", "printf '%s\\n' \"$@\" | sh " + SCRIPT + " odhcpd", "ubus"), lines);
    }

    private List<String> events(List<String> environment, List<String> program, String... arguments) throws Exception {
        var words = new ArrayList<>(List.of("env", "-i", "PATH=" + System.getenv("PATH")));
        words.add("PORTREEVE_LEASE_EVENTS=" + spool);
        words.addAll(environment);
        words.addAll(program);
        words.addAll(List.of(arguments));
        assertThat(Command.of(words.toArray(String[]::new)).run()).isEqualTo(new Command.Result(0, "", ""));
        var events = new ArrayList<String>();
        for (var file : files(spool)) {
            assertThat(file.getFileName().toString()).matches("[0-9]{10,}-[0-9]{10}-[0-9]{5}");
            events.add(Files.readString(file));
            Files.delete(file);
        }
        return events;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"add", "old", "del"})
    void dnsmasq(String word) throws Exception {
        assertThat(run(List.of("DNSMASQ_INTERFACE=lan0"), word, MAC, "192.168.1.10", "console"))
                .containsExactly(word + " 192.168.1.10 " + MAC + "\n");
    }

    @Test
    void dnsmasqPutsTheTypeOfAnotherNetworkInFront() throws Exception {
        assertThat(run(List.of(), "del", "06-" + MAC, "192.168.1.10"))
                .containsExactly("del 192.168.1.10 " + MAC + "\n");
    }

    @Test
    void aHardwareAddressOfAnotherFormIsLeftOut() throws Exception {
        assertThat(run(List.of(), "del", "02-00-5e-10-00-01", "192.168.1.10")).containsExactly("del 192.168.1.10\n");
        assertThat(run(List.of(), "del", MAC.repeat(4), "192.168.1.10")).containsExactly("del 192.168.1.10\n");
    }

    @ParameterizedTest
    @CsvSource({"add, add", "update, old", "remove, del"})
    void openWrt(String action, String word) throws Exception {
        var environment = List.of("ACTION=" + action, "MACADDR=" + MAC, "IPADDR=192.168.1.10", "HOSTNAME=console");
        assertThat(run(environment)).containsExactly(word + " 192.168.1.10 " + MAC + "\n");
        assertThat(run(environment, "dhcp")).as("by hotplug-call").hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"dhcp.lease4, add", "dhcp.release4, release", "dhcp.expire4, del"})
    void odhcpd(String event, String word) throws Exception {
        var members = "\"interface\":\"br-lan\",\"ipv4\":\"%s\",\"mac\":\"" + MAC + "\"";
        assertThat(odhcpdSays(
                        event(event, members + ",\"hostname\":\"console\",\"duid\":\"00010203\"", "192.168.1.10"),
                        event("dhcp.other4", members, "192.168.1.11"),
                        event(event, members, "192.168.1.12")))
                .containsExactly(word + " 192.168.1.10 " + MAC + "\n", word + " 192.168.1.12 " + MAC + "\n");
    }

    /** dnsmasq tells it like this, too. */
    @ParameterizedTest
    @CsvSource({"dhcp.ack, add", "dhcp.release, release", "dhcp.expire, del"})
    void olderOdhcpd(String event, String word) throws Exception {
        var members = "\"mac\":\"" + MAC + "\",\"ip\":\"%s\"";
        assertThat(odhcpdSays(
                        event(event, members + ",\"name\":\"console\",\"interface\":\"br-lan\"", "192.168.1.10"),
                        event("dhcp.other", members, "192.168.1.11"),
                        event(event, members, "192.168.1.12")))
                .containsExactly(word + " 192.168.1.10 " + MAC + "\n", word + " 192.168.1.12 " + MAC + "\n");
    }

    /** {@return it as {@code ubus subscribe} prints it} */
    private static String event(String name, String members, String address) {
        return "{ \"" + name + "\": {" + members.formatted(address) + "} }";
    }

    @ParameterizedTest
    @CsvSource({"lease4_renew, old", "lease4_expire, del", "lease4_release, release"})
    void kea(String hookPoint, String word) throws Exception {
        assertThat(run(List.of("LEASE4_ADDRESS=192.168.1.10", "LEASE4_HWADDR=" + MAC), hookPoint))
                .containsExactly(word + " 192.168.1.10 " + MAC + "\n");
    }

    @Test
    void keaTellsSeveralLeasesAtOnce() throws Exception {
        assertThat(run(
                        List.of(
                                "LEASES4_SIZE=2",
                                "LEASES4_AT0_ADDRESS=192.168.1.10",
                                "LEASES4_AT0_HWADDR=" + MAC,
                                "LEASES4_AT1_ADDRESS=192.168.1.11",
                                "DELETED_LEASES4_SIZE=1",
                                "DELETED_LEASES4_AT0_ADDRESS=192.168.1.9",
                                "DELETED_LEASES4_AT0_HWADDR=" + MAC),
                        "leases4_committed"))
                .containsExactly(
                        "release 192.168.1.9 " + MAC + "\n", "add 192.168.1.10 " + MAC + "\n", "add 192.168.1.11\n");
    }

    @Test
    void saysNothingOfWhatIsNoLeaseOfIpv4() throws Exception {
        assertThat(run(List.of(), "add", "00:01:00:01:2b:" + MAC, "fd00::10")).isEmpty();
        assertThat(run(List.of(), "init")).isEmpty();
        assertThat(run(List.of(), "tftp", "4096", "192.168.1.10", "/boot")).isEmpty();
        assertThat(run(List.of(), "arp-del", MAC, "192.168.1.10")).isEmpty();
        assertThat(run(List.of("LEASE6_ADDRESS=fd00::10"), "lease6_expire")).isEmpty();
        assertThat(run(List.of("LEASE4_ADDRESS=192.168.1.10"), "lease4_decline"))
                .isEmpty();
        assertThat(run(List.of("LEASES4_SIZE=0"), "leases4_committed")).isEmpty();
    }

    /** A client chooses what it calls itself, and a script is easily talked into more than its author meant. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "192.168.1.10 02:00:5e:10:00:01",
                "192.168.1.10\nrelease 192.168.1.20",
                "192.168.1.10\n",
                "../../etc/passwd",
                "192.168.1.10/../x",
                "*",
                "[0-9]",
                "$(touch owned)",
                "`touch owned`",
                "'; touch owned; '",
                "\"; touch owned; \"",
                "\",\"ip\":\"192.168.1.20",
                "\\\",\\\"ip\\\":\\\"192.168.1.20",
                "\",\"ipv4\":\"192.168.1.20",
                "-n",
                "%s%n",
                "\u0007\u001b[2J",
                "ä",
                "192.168.1.10192.168.1.10"
            })
    void nothingButAddressesGetsIntoAFile(String hostile) throws Exception {
        var told = new ArrayList<String>();
        told.addAll(run(List.of(), "add", hostile, "192.168.1.10", hostile));
        told.addAll(run(List.of(), "release", MAC, hostile));
        told.addAll(run(List.of(), "add", MAC, hostile));
        told.addAll(run(List.of(), hostile, MAC, "192.168.1.10"));
        told.addAll(run(List.of("ACTION=add", "IPADDR=192.168.1.10", "MACADDR=" + hostile, "HOSTNAME=" + hostile)));
        told.addAll(run(List.of("ACTION=" + hostile, "IPADDR=192.168.1.10")));
        told.addAll(run(List.of("ACTION=remove", "IPADDR=" + hostile)));
        told.addAll(run(List.of("LEASE4_ADDRESS=" + hostile, "LEASE4_HWADDR=" + MAC), "lease4_release"));
        told.addAll(run(List.of("LEASE4_ADDRESS=192.168.1.10", "LEASE4_HWADDR=" + hostile), "lease4_renew"));
        told.addAll(run(
                List.of(
                        "LEASES4_AT0_ADDRESS=" + hostile,
                        "LEASES4_AT1_ADDRESS=192.168.1.10",
                        "LEASES4_AT1_HWADDR=" + hostile),
                "leases4_committed"));
        told.addAll(odhcpdSays(
                "{ \"dhcp.ack\": {\"mac\":\"" + MAC + "\",\"ip\":\"192.168.1.10\",\"name\":\"" + hostile + "\"} }"));
        told.addAll(odhcpdSays("{ \"dhcp.lease4\": {\"ipv4\":\"192.168.1.10\",\"mac\":\"" + MAC + "\",\"hostname\":\""
                + hostile + "\"} }"));
        told.addAll(odhcpdSays("{ \"dhcp.expire\": {\"mac\":\"" + MAC + "\",\"ip\":\"" + hostile + "\"} }"));

        assertThat(told)
                .hasSizeBetween(4, 6)
                .allSatisfy(event -> assertThat(event).matches("(add|old) 192\\.168\\.1\\.10( " + MAC + ")?\n"));
        assertThat(files(work)).as("what hosts wrote elsewhere").containsExactly(spool);
        assertThat(Files.deleteIfExists(Path.of("owned")))
                .as("a host has run a command")
                .isFalse();
    }

    /** Who may write to the folder has put something there under the name that the script takes next. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ln -s ../victim \"$0/.$1\"",
                "ln -s ../nothing \"$0/.$1\"",
                "mkfifo \"$0/.$1\"",
                "ln -s ../elsewhere \"$0/$1\""
            })
    void writesThroughNothingThatIsThere(String trap) throws Exception {
        var victim = Files.writeString(work.resolve("victim"), "as it was");
        var elsewhere = Files.createDirectory(work.resolve("elsewhere"));
        withNextName(trap);
        assertThat(victim).hasContent("as it was");
        assertThat(work.resolve("nothing")).doesNotExist();
        assertThat(elsewhere).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mv() { return 1; }", "trap '' XFSZ; ulimit -f 0"})
    void leavesNoDraftBehind(String trouble) throws Exception {
        withNextName(trouble);
        assertThat(files(spool)).isEmpty();
    }

    /** Runs the script after {@code preparation}, a shell's command to which the folder is $0 and the next file's name $1. */
    private void withNextName(String preparation) throws Exception {
        var program = "date() { echo 1700000000; }; set -- \"$(printf '1700000000-%010d-00001' $$)\"; " + preparation
                + "; PORTREEVE_LEASE_EVENTS=$0; set -- add " + MAC + " 192.168.1.10; . " + SCRIPT;
        var result = Command.of("sh", "-c", program, spool.toString()).run();
        assertThat(result.exitCode()).as("%s", result).isZero();
    }

    @Test
    void doesNotMindThatTheGatewayHasNeverRun() throws Exception {
        Files.delete(spool);
        var result = Command.of("env", "PORTREEVE_LEASE_EVENTS=" + spool, "sh", SCRIPT, "del", MAC, "192.168.1.10")
                .run();
        assertThat(result).isEqualTo(new Command.Result(0, "", ""));
        assertThat(files(work)).isEmpty();
    }

    @Test
    void leavesNoMoreThanAThousandWhileTheGatewayIsDown() throws Exception {
        for (int i = 0; i < 1000; i++) {
            Files.createFile(spool.resolve("" + i));
        }
        var result = Command.of("env", "PORTREEVE_LEASE_EVENTS=" + spool, "sh", SCRIPT, "del", MAC, "192.168.1.10")
                .run();
        assertThat(result)
                .isEqualTo(new Command.Result(
                        0,
                        "",
                        "portreeve-lease-event: 1000 events wait in " + spool + " already; is the gateway running?\n"));
        assertThat(files(spool)).hasSize(1000);
    }
}
