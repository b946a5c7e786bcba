package io.portreeve.igd;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaParameterizedType;
import io.portreeve.client.ExternalChoice;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import io.portreeve.testing.House;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
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

    /** Whoever chooses the names can choose such as have one hash, and a table of them is a list. */
    @Test
    @Proves("rel:T-18")
    void whatReadsRequestsMakesNoHashTables() {
        noClasses()
                .that()
                .resideInAnyPackage("..igd.http..", "..igd.ssdp..", "..igd.gena..", "..igd.upnp..")
                .and()
                .haveNameNotMatching(".*\\.(" + WITH_NAMES_OF_THE_GATEWAYS_OWN + "|" + WITH_CONNECTIONS + ").*")
                .should()
                .dependOnClassesThat(describe(
                        "hash",
                        type -> type.getPackageName().startsWith("java.util")
                                && type.getSimpleName().contains("Hash")))
                .orShould()
                .callMethodWhere(describe(
                        "it collects by hash",
                        call -> call.getTargetOwner().isEquivalentTo(Collectors.class)
                                && call.getName().matches("(to|group).*(Map|Set|By)(Concurrent)?")))
                .because("what hosts call things must be Comparable keys, or none")
                .check(CLASSES);
    }

    /** What actions and values are called, by descriptions that the gateway writes; SIDs that it draws. */
    private static final String WITH_NAMES_OF_THE_GATEWAYS_OWN =
            "GatewayFace|InternetGateway|ServiceBuilder|ControlInvocation|Eventing|GenaEngine|Subscription";

    /** And addresses that the gateway has. */
    private static final String WITH_CONNECTIONS = "RequestDeadline|LanPeers|LanServer|SsdpResponder";

    @Test
    @Proves("rel:T-18")
    void noTextOfAHostIsAKey() {
        noFields()
                .that()
                .areDeclaredInClassesThat()
                .resideInAnyPackage("..igd.iwf..", "..igd.nat..", "..igd.store..", "..igd.hosts..", "..igd.limits..")
                .should(be(describe("keyed by texts", ArchitectureTest::isKeyedByTexts)))
                .because("port mappings are known by numbers, whatever their descriptions are")
                .check(CLASSES);
    }

    private static boolean isKeyedByTexts(JavaField field) {
        boolean isTable = field.getRawType().isAssignableTo(Map.class)
                || field.getRawType().isAssignableTo(Set.class);
        return isTable
                && field.getType() instanceof JavaParameterizedType table
                && table.getActualTypeArguments().getFirst().toErasure().isEquivalentTo(String.class);
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
