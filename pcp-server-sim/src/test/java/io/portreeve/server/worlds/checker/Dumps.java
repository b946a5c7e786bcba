package io.portreeve.server.worlds.checker;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.worlds.Station;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What can be seen of a world without asking the server. */
public interface Dumps {
    MonoTime now();

    List<CgnRow> cgn();

    /** {@return whom a packet from {@code remote} to {@code external} reaches; empty if it is dropped} */
    Optional<Who> reached(IpProtocol protocol, Station remote, Station external);

    /** {@return what would be on the disk after a crash, port for port} */
    Map<Who, DiskRow> disk();

    /** {@return the outbound mappings on the disk, and when what was promised of them ends} */
    Map<Peer, MonoTime> peers();

    /** {@return the external address of each subscriber on the disk} */
    Map<PcpAddress, PcpAddress> subscribers();
}
