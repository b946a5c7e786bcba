/** NAT in the Linux kernel: rules by nft, the entries of maps and the ends of connections by netlink. */
package io.portreeve.netfilter;
