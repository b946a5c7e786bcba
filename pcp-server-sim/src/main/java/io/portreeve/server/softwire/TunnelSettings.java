package io.portreeve.server.softwire;

import io.portreeve.pcp.PcpAddress;
import java.util.function.Predicate;

/**
 * Where the tunnels of all homes end.
 *
 * @param aftr an IPv6 address of this machine, to which the homes send
 * @param prefix what stands for their hosts behind it
 * @param mtu octets of the longest packet that goes into a tunnel whole; 40 less than what its path carries
 * @param hostsPerHome hosts of one home at once
 * @param b4s which homes are served, by the IPv6 address of their end
 */
public record TunnelSettings(
        PcpAddress aftr, InsidePrefix prefix, int mtu, int hostsPerHome, Predicate<PcpAddress> b4s) {}
