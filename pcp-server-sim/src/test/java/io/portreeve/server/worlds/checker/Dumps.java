package io.portreeve.server.worlds.checker;

import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import java.util.List;
import java.util.Map;

/** What can be seen of a world without asking the server. */
public interface Dumps {
    MonoTime now();

    List<CgnRow> cgn();

    /** {@return what would be on the disk after a crash} */
    Map<Who, DiskRow> disk();

    /** {@return the external address of each subscriber on the disk} */
    Map<PcpAddress, PcpAddress> subscribers();
}
