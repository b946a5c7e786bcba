package io.portreeve.igd.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.igd.iwf.IgdReply.Entry;
import io.portreeve.igd.iwf.PortMappingKey;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EntryReportTest {
    private static final Entry FOR_EVER = entry(Optional.empty(), 80, "web", 0);
    private static final Entry OF_A_STRANGER =
            entry(Optional.of(PcpAddress.parse("198.51.100.7")), 12345, "x\n\u001b[2J\u202eTCP\\", 3725);

    private static Entry entry(Optional<PcpAddress> remoteHost, int port, String description, long lease) {
        return new Entry(
                new PortMappingKey(remoteHost, port, IpProtocol.TCP),
                8080,
                PcpAddress.parse("192.168.1.10"),
                description,
                lease);
    }

    @Test
    void aDescriptionStaysOnItsLineAndIsSeen() {
        assertThat(EntryReport.text(List.of(FOR_EVER, OF_A_STRANGER))).isEqualTo("""
                PROTOCOL  EXTERNAL  INTERNAL           LEASE LEFT  REMOTE HOST   DESCRIPTION
                TCP       80        192.168.1.10:8080  for ever    any           web
                TCP       12345     192.168.1.10:8080  1 h 2 min   198.51.100.7  x\\u{a}\\u{1b}[2J\\u{202e}TCP\\\\
                """);
    }

    @Test
    void anEmptyTableSaysSo() {
        assertThat(EntryReport.text(List.of())).isEqualTo("there are no port mappings\n");
        assertThat(EntryReport.json(List.of())).isEqualTo("[]\n");
    }

    @Test
    void jsonHasAllOfIt() {
        assertThat(EntryReport.json(List.of(FOR_EVER, OF_A_STRANGER))).isEqualTo("""
                [{"protocol":"TCP","externalPort":80,"internalClient":"192.168.1.10","internalPort":8080,\
                "leaseSeconds":null,"remoteHost":null,"description":"web"},\
                {"protocol":"TCP","externalPort":12345,"internalClient":"192.168.1.10","internalPort":8080,\
                "leaseSeconds":3725,"remoteHost":"198.51.100.7",\
                "description":"x\\u000a\\u001b[2J\\u202eTCP\\\\"}]
                """);
    }
}
