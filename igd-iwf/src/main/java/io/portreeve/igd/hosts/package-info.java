/** How the gateway hears of the hosts of its LAN: that one is there, and that one has left. */
package io.portreeve.igd.hosts;
