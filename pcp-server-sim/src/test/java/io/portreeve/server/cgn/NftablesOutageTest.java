package io.portreeve.server.cgn;

import static io.portreeve.server.cgn.CgnContract.BOB;
import static io.portreeve.server.cgn.CgnContract.assertFails;
import static io.portreeve.server.cgn.CgnContract.done;
import static io.portreeve.server.cgn.CgnNetwork.INTERNET;
import static io.portreeve.server.cgn.CgnNetwork.dropped;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.testing.Await;
import io.portreeve.testing.OwnNetwork;
import io.portreeve.testing.SeizedTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What becomes of mappings when the server goes and comes, and when the kernel does not do what it is asked. */
@ExtendWith(OwnNetwork.class)
final class NftablesOutageTest extends AlicesCgn {
    private void restart() throws Exception {
        network.stop(cgn);
        start();
    }

    /** Flushes all rules of all programs. */
    private static void flush() throws Exception {
        Host.command("nft", "-f", "-", "flush ruleset\n");
    }

    private static void awaitRules(String part) throws Exception {
        Await.until(
                "there is: " + part,
                () -> Host.command("nft", "-f", "-", "list ruleset\n").contains(part));
    }

    @Test
    void connectionsOfAMappingThatIsClaimedLiveOn() throws Exception {
        map(IpProtocol.TCP, HOST, 2001);
        var listener = listening();
        var caller = connection(2001);
        try (var accepted = listener.accept()) {
            accepted.setSoTimeout(60_000);
            restart();
            caller.getOutputStream().write(1);
            assertThat(accepted.getInputStream().read()).as("locked").isEqualTo(1);
            map(IpProtocol.TCP, HOST, 2001);
            done(cgn.unlockDynamic());
            caller.getOutputStream().write(2);
            assertThat(accepted.getInputStream().read()).as("unlocked").isEqualTo(2);
        }
    }

    @Test
    void aMappingThatNobodyClaimsGoesAtTheUnlock() throws Exception {
        map(IpProtocol.UDP, HOST, 2001);
        map(IpProtocol.UDP, OTHER_HOST, 2002);
        var host = inside(HOST);
        var other = inside(OTHER_HOST);
        var caller = caller();
        assertLeads(caller, 2001, host, "in");
        restart();
        map(IpProtocol.UDP, OTHER_HOST, 2002);
        assertLeads(caller, 2001, host, "still");

        done(cgn.unlockDynamic());
        int before = dropped("unsolicited");
        assertLeadsNoMore(caller, 2001, host, 2002, other);
        assertThat(dropped("unsolicited")).isEqualTo(before + 1);
    }

    @Test
    void anExternalPortThatLeadsElsewhereNowIsNotClaimed() throws Exception {
        map(IpProtocol.UDP, HOST, 2001);
        restart();
        map(IpProtocol.UDP, OTHER_HOST, 2001);
        done(cgn.unlockDynamic());
        var other = inside(OTHER_HOST);
        assertLeads(caller(), 2001, other, "in");
        assertThat(CgnNetwork.table()).doesNotContain("100.64.0.2 . 8080");
    }

    @Test
    void aSubscriberWhomNobodyClaimsGoesAtTheUnlock() throws Exception {
        done(cgn.getSubscriber(BOB));
        assertThat(CgnNetwork.table()).contains("100.64.0.3 : 203.0.114");
        restart();
        done(cgn.unlockDynamic());
        assertThat(CgnNetwork.table()).contains("100.64.0.2 : 203.0.114").doesNotContain("100.64.0.3 : 203.0.114");
    }

    @Test
    void whileItIsLockedAMappedHostGetsOutAndNoOther() throws Exception {
        restart();
        map(IpProtocol.UDP, HOST, 2001);
        var dns = network.outside(INTERNET, 53);
        int before = dropped("postrouting");
        inside(OTHER_HOST).send("other", new Endpoint(INTERNET, 53));
        inside(HOST).send("mapped", new Endpoint(INTERNET, 53));
        assertThat(dns.receive()).isEqualTo(new Udp.Datagram(external(2001), "mapped"));
        assertThat(dropped("postrouting")).isEqualTo(before + 1);
    }

    @Test
    void aFlushedRulesetIsBuiltAnew() throws Exception {
        map(IpProtocol.UDP, HOST, 2001);
        flush();
        awaitRules("2001 : 100.64.0.2 . 8080");
        var host = inside(HOST);
        assertLeads(caller(), 2001, host, "in");
    }

    /** The counters of its entry have begun again at zero, while its connection lives on. */
    @Test
    void aMappingDeletedAfterAFlushLosesItsConnections() throws Exception {
        var handle = map(IpProtocol.UDP, HOST, 2001);
        map(IpProtocol.UDP, OTHER_HOST, 2002);
        var host = inside(HOST);
        var other = inside(OTHER_HOST);
        var caller = caller();
        assertLeads(caller, 2001, host, "in");
        flush();
        awaitRules("2001 : 100.64.0.2 . 8080");
        done(cgn.deletePcpMapping(handle));
        assertLeadsNoMore(caller, 2001, host, 2002, other);
    }

    @Test
    void whatTheKernelRefusesIsNotThereAndCanBeAskedForAgain() throws Exception {
        var seized = SeizedTable.of("portreeve_cgn");
        assertFails(cgn.createPcpMapping(mapping(IpProtocol.UDP, HOST, 2001)), CgnError.INTERNAL);
        assertFails(cgn.createPcpMapping(mapping(IpProtocol.UDP, OTHER_HOST, 2001)), CgnError.INTERNAL);
        assertFails(cgn.getSubscriber(BOB), CgnError.INTERNAL);
        assertThat(cgn.table()).isEmpty();
        seized.close();
        map(IpProtocol.UDP, OTHER_HOST, 2001);
        done(cgn.getSubscriber(BOB));
        assertThat(CgnNetwork.table()).contains("2001 : 100.64.0.2 . 8081", "100.64.0.3 : 203.0.114");
    }

    @Test
    void whatTheKernelDidNotRemoveGoesWithTheNextChange() throws Exception {
        var handle = map(IpProtocol.UDP, HOST, 2001);
        var seized = SeizedTable.of("portreeve_cgn");
        assertFails(cgn.deletePcpMapping(handle), CgnError.INTERNAL);
        assertThat(cgn.table()).isEmpty();
        seized.close();
        awaitRules("2001 : 100.64.0.2 . 8080");
        map(IpProtocol.UDP, OTHER_HOST, 2002);
        assertThat(CgnNetwork.table()).contains("2002 : 100.64.0.2 . 8081").doesNotContain("2001");
    }

    /** The mapping is asked for again before it is known that it could not be deleted. */
    @Test
    void whatTheKernelDidNotRemoveStaysIfItIsWantedAgain() throws Exception {
        var handle = map(IpProtocol.UDP, HOST, 2001);
        var seized = SeizedTable.of("portreeve_cgn");
        var deletion = cgn.deletePcpMapping(handle);
        var again = cgn.createPcpMapping(mapping(IpProtocol.UDP, HOST, 2001));
        assertFails(deletion, CgnError.INTERNAL);
        done(again);
        seized.close();
        awaitRules("2001 : 100.64.0.2 . 8080");
        map(IpProtocol.UDP, OTHER_HOST, 2002);
        assertThat(CgnNetwork.table()).contains("2002 : 100.64.0.2 . 8081", "2001 : 100.64.0.2 . 8080");
    }

    @Test
    void theConnectionsOfAPortThatLeadsElsewhereNowAreCut() throws Exception {
        map(IpProtocol.UDP, HOST, 2001);
        var host = inside(HOST);
        var other = inside(OTHER_HOST);
        var caller = caller();
        assertLeads(caller, 2001, host, "in");
        restart();
        map(IpProtocol.UDP, OTHER_HOST, 2001);
        done(cgn.unlockDynamic());
        assertLeads(caller, 2001, other, "elsewhere");
    }

    /** The connection is older than the table, and so than the counters of its entry. */
    @Test
    void aMappingThatWasRestoredIntoAnEmptyKernelLosesItsConnectionsWhenItIsDeleted() throws Exception {
        map(IpProtocol.UDP, HOST, 2001);
        var host = inside(HOST);
        var other = inside(OTHER_HOST);
        var caller = caller();
        assertLeads(caller, 2001, host, "in");
        network.stop(cgn);
        flush();
        start();
        var handle = map(IpProtocol.UDP, HOST, 2001);
        map(IpProtocol.UDP, OTHER_HOST, 2002);
        done(cgn.unlockDynamic());
        done(cgn.deletePcpMapping(handle));
        assertLeadsNoMore(caller, 2001, host, 2002, other);
    }
}
