package io.portreeve.igd.iwf;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.requirements.Proves;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class IgdErrorTest {
    /** Letter by letter: some control points compare the texts. UPnP Device Architecture 1.1 table 3-3, WANIPConnection:2 section 2.5.23. */
    private static final String TOLD = """
            401 Invalid Action
            402 Invalid Args
            404 Invalid Var
            501 Action Failed
            600 Argument Value Invalid
            601 Argument Value Out of Range
            603 Out of Memory
            605 String Argument Too Long
            606 Action not authorized
            703 InactiveConnectionStateRequired
            704 ConnectionSetupFailed
            713 SpecifiedArrayIndexInvalid
            714 NoSuchEntryInArray
            715 WildCardNotPermittedInSrcIP
            716 WildCardNotPermittedInExtPort
            718 ConflictInMappingEntry
            720 InvalidDeviceUUID
            721 InvalidServiceID
            723 InvalidConnServiceSelection
            726 RemoteHostOnlySupportsWildcard
            728 NoPortMapsAvailable
            729 ConflictWithOtherMechanisms
            730 PortMappingNotFound
            731 ReadOnly
            732 WildCardNotPermittedInIntPort
            733 InconsistentParameters
            """;

    @Test
    @Proves("igd:J-11")
    void hasTheNamesOfWanIpConnection() {
        assertThat(Stream.of(IgdError.values()).map(error -> error.code() + " " + error.description()))
                .containsExactlyElementsOf(TOLD.lines().toList());
    }
}
