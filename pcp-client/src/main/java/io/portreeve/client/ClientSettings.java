package io.portreeve.client;

import io.portreeve.pcp.PcpAddress;
import java.nio.file.Path;

/**
 * What a client needs to know.
 *
 * @param server the PCP server's address
 * @param port the PCP server's port, 1..65535; the standard one is 5351
 * @param store the file mappings and their nonces are kept in
 */
public record ClientSettings(PcpAddress server, int port, Path store) {}
