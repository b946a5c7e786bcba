package io.portreeve.igd.http;

import io.portreeve.igd.iwf.AccessPolicy;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import org.junit.jupiter.api.Test;

/** Exchanges with control points as they were recorded, octet by octet, between a real HTTP server and the real interworking. */
class SampleTest extends SampleFixture {
    SampleTest() {
        super(AccessPolicy.USUAL);
    }

    @Test
    @Proves("igd:X02")
    void miniupnpcOpensAPort() throws Exception {
        from("192.168.1.33");
        interworking.granting(8080);
        replay("X02");
    }

    @Test
    @Proves("igd:X03")
    void libtorrentMeetsAPortThatIsTaken() throws Exception {
        from("192.168.1.40");
        interworking.refusing(ResultCode.CANNOT_PROVIDE_EXTERNAL);
        replay("X03");
    }

    @Test
    @Proves("igd:X04")
    void goupnpGetsAnotherPort() throws Exception {
        from("192.168.1.50");
        interworking.granting(52_113);
        replay("X04");
    }

    @Test
    @Proves("igd:X05")
    void weupnpAsksForTheAddress() throws Exception {
        from("192.168.1.33");
        replay("X05");
    }

    @Test
    @Proves("igd:X06")
    void miniupnpcReadsPastTheEnd() throws Exception {
        from("192.168.1.33");
        replay("X06");
    }

    @Test
    @Proves({"igd:I-LIST-01", "igd:I-LIST-05"})
    void miniupnpcListsWhatItOpened() throws Exception {
        from("192.168.1.33");
        twelveSecondsAfterOpening8080();
        replay("X07");
    }

    @Test
    @Proves("igd:X08")
    void aSloppyControlPointClosesAPort() throws Exception {
        from("192.168.1.33");
        interworking.granting(8080);
        replay("X02");
        interworking.releasing();
        replay("X08");
    }

    @Test
    @Proves({"igd:X09", "igd:I-DELR-04"})
    void boundsAreCrossed() throws Exception {
        from("192.168.1.33");
        replay("X09");
    }

    @Test
    @Proves({"igd:X10", "igd:I-ACL-03", "igd:I-SOAP-03"})
    void aHostAsksForAnother() throws Exception {
        from("192.168.1.33");
        replay("X10");
        var onV1 = Sample.read("X10-request")
                .sentTo("127.0.0.1:" + port, CONTROL)
                .replace("WANIPConnection:2", "WANIPConnection:1");
        assertAnswer(onV1, Sample.read("X03-response"));
    }

    @Test
    @Proves("igd:X13")
    void anArgumentIsMissing() throws Exception {
        from("192.168.1.33");
        replay("X13");
    }

    @Test
    @Proves({"igd:X14", "igd:I-SOAP-12", "igd:J-14"})
    void theProviderIsSilent() throws Exception {
        from("192.168.1.33");
        replay("X14");
    }
}
