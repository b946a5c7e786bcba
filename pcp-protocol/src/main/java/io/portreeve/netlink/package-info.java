/** Linux's own way to talk with its network: sockets and messages of netlink (RFC 3549). */
package io.portreeve.netlink;
