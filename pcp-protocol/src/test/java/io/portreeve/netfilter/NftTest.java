package io.portreeve.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NftTest {

    /** As newer programs write it where the kernel tells the number, else every new entry would look like the work of a stranger. */
    @Test
    void howManyEntriesAMapHasDoesNotChangeTheListing() {
        var listing = """
                table ip test {
                	map inbound {
                		type inet_proto . inet_service : ipv4_addr
                		size 16384%s
                		counter
                	}
                }
                """;
        assertThat(Nft.withoutCounts(listing.formatted("\t# count 1")))
                .isEqualTo(Nft.withoutCounts(listing.formatted("\t# count 12345")))
                .isEqualTo(listing.formatted(""));
    }
}
