package io.portreeve.bench.gateway;

import java.net.InetAddress;
import java.util.List;

/**
 * Where a gateway is measured.
 *
 * @param clients addresses of those who call it
 * @param attackers of the same home
 */
record Site(String name, Program program, List<InetAddress> clients, List<InetAddress> attackers) {}
