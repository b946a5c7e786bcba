package io.portreeve.igd.hosts;

import io.portreeve.igd.iwf.Departure;
import io.portreeve.igd.iwf.HardwareAddress;
import io.portreeve.pcp.PcpAddress;
import java.util.Optional;

/** Who wants to hear of the LAN's hosts. Its methods return at once. */
public interface HostListener {

    /** @param hardware empty if it is not known which host it is */
    void hostSeen(PcpAddress host, Optional<HardwareAddress> hardware);

    void hostLeft(PcpAddress host, Departure how);
}
