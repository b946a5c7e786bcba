/** What client and server say to each other in NAT-PMP, the version 0 that PCP grew out of. Source: RFC 6886. */
package io.portreeve.pcp.natpmp;
