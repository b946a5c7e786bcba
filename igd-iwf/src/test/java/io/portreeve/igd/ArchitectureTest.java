package io.portreeve.igd;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import io.portreeve.client.ExternalChoice;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import io.portreeve.testing.House;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = House.classes("io.portreeve.igd");

    @Test
    void theInterworkingTouchesNothingOfTheWorld() {
        House.engineTouchesNothingOfTheWorld("..igd.iwf..", CLASSES);
    }

    @Test
    void theSsdpEngineTouchesNothingOfTheWorld() {
        var engine = noClasses()
                .that()
                .resideInAPackage("..igd.ssdp..")
                .and()
                .haveNameNotMatching(
                        ".*\\.(Ssdp(Responder|Sockets|Writer)|LanLink).*"); // its edge: sockets, and dates on the wire
        House.engineTouchesNothingOfTheWorld(engine, CLASSES);
    }

    /** Ten thousand random histories of subscribers take a second, because none of them waits or sends. */
    @Test
    void theGenaEngineTouchesNothingOfTheWorld() {
        var engine = noClasses()
                .that()
                .resideInAPackage("..igd.gena..")
                .and()
                .haveNameNotMatching(".*\\.(Eventing|Delivery).*"); // its edge: a thread, and sockets
        House.engineTouchesNothingOfTheWorld(engine, CLASSES);
    }

    @Test
    void theGatewayIsAUserOfPcp() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.portreeve.client.engine..",
                        "io.portreeve.client.store..",
                        "io.portreeve.pcp.wire..",
                        "io.portreeve.server..",
                        "io.portreeve.worlds..")
                .because("the interworking asks a client for mappings and must not know how that gets them")
                .check(CLASSES);
    }

    @Test
    void onlyTheDaemonWatchesTheNetwork() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..igd.daemon..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.portreeve.client.net..")
                .because("the client has a watcher of the network already; to all others the daemon tells what changes")
                .check(CLASSES);
    }

    /** The store of the client makes it too, from what was asked for by one of them. */
    @Test
    @Proves("pcp:C-REQ-11")
    void onlyTheInterworkingAsksForOnePortOrNone() {
        noClasses()
                .that()
                .resideOutsideOfPackages("..igd.iwf..", "io.portreeve.client.store..")
                .and()
                .areNotAssignableTo(ExternalChoice.Exactly.class)
                .should()
                .callConstructor(ExternalChoice.Exactly.class, int.class)
                .orShould()
                .callConstructor(ExternalChoice.Exactly.class, int.class, PcpAddress.class)
                .because("PREFER_FAILURE is for interworking functions: RFC 6887 section 13.2")
                .check(House.classes("io.portreeve"));
    }

    @Test
    void theTransportDoesNotKnowWhatAnActionMeans() {
        noClasses()
                .that()
                .resideInAnyPackage("..igd.http..", "..igd.ssdp..", "..igd.gena..", "..igd.upnp..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.portreeve.client..", "..igd.gateway..", "..igd.nat..", "..igd.store..")
                .because("it carries an IgdAction there and an IgdReply back")
                .check(CLASSES);
    }

    @Test
    void onlyTheDaemonPutsThePartsTogether() {
        House.nobodyNeeds("..igd.daemon..", CLASSES);
    }

    @Test
    void packagesDoNotGoRoundInCircles() {
        House.packagesDoNotGoRoundInCircles("io.portreeve.igd", CLASSES);
    }
}
