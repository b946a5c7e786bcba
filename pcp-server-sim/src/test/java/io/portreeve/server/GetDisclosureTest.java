package io.portreeve.server;

import static io.portreeve.pcp.ResultCode.NONEXIST_MAP;
import static io.portreeve.pcp.ResultCode.UNSUPP_OPTION;
import static io.portreeve.server.RequestChecksTest.result;
import static io.portreeve.server.WantedGet.get;
import static io.portreeve.server.WantedMap.map;
import static io.portreeve.server.WantedMap.thirdParty;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.OptionCode;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.Description;
import io.portreeve.pcp.PcpOption.DisclosedNonce;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.pcp.PcpOption.PortReservation;
import io.portreeve.pcp.PcpOption.PortSet;
import io.portreeve.requirements.Proves;
import io.portreeve.server.engine.ServerPolicy;
import io.portreeve.server.engine.ServerPolicy.Disclosure;
import io.portreeve.server.engine.ServerPolicy.Extras;
import org.junit.jupiter.api.Test;

/** What GET tells of a mapping, and whom. */
final class GetDisclosureTest extends GetBench {
    @Test
    @Proves("pcp:G-10")
    void whatIsWantedOfAMappingComesWithIt() {
        var third = thirdParty(HOST);
        var filter = new Filter(120, 0, PcpAddress.parse("198.51.100.0"));
        var set = new PortSet(4, 8080, false);
        grant(bench, map().with(third, filter, set, new Description("Camera")));
        grant(bench, map().port(9000).with(third));
        var all = get().with(third)
                .wanting(
                        OptionCode.DESCRIPTION,
                        OptionCode.MAPPING_NONCE,
                        OptionCode.FILTER,
                        OptionCode.PORT_SET,
                        OptionCode.THIRD_PARTY,
                        77);
        var page = read(all);
        assertThat(page.options().getFirst()).isEqualTo(third);
        assertThat(page.mappings().get(0).embedded()).containsExactly(filter, third, set, new Description("Camera"));
        assertThat(page.mappings().get(1).embedded()).containsExactly(third);
        var some = read(get().with(third).wanting(OptionCode.FILTER)).mappings();
        assertThat(some.get(0).embedded()).containsExactly(filter);
        assertThat(some.get(1).embedded()).isEmpty();
        assertThat(read(get().with(third)).mappings().getFirst().embedded()).isEmpty();
    }

    @Test
    @Proves("pcp:G-10")
    void whatAMappingDoesNotHaveDoesNotComeWithIt() {
        grant(bench, map());
        var wanted =
                get().wanting(OptionCode.THIRD_PARTY, OptionCode.FILTER, OptionCode.PORT_SET, OptionCode.DESCRIPTION);
        assertThat(read(wanted).mappings().getFirst().embedded()).isEmpty();
    }

    @Test
    @Proves("pcp:G-10")
    void aPairMayBeAskedForByItsOlderName() {
        grant(bench, map().port(8080).with(new PortReservation()));
        grant(bench, map().port(9000).with(new PortSet(3, 9000, false)));
        var page = read(get().wanting(OptionCode.PORT_RESERVATION)).mappings();
        assertThat(page.get(0).embedded()).containsExactly(new PortSet(2, 8080, false));
        assertThat(page.get(1).embedded()).isEmpty();
    }

    @Test
    @Proves("pcp:G-14")
    void aForeignNonceSeesNothing() {
        grant(bench, map());
        refuses(get().nonce(9).build(), NONEXIST_MAP, 30);
        refuses(get().nonce(9).wanting(OptionCode.MAPPING_NONCE).build(), NONEXIST_MAP, 30);
        assertThat(read(get().wanting(OptionCode.MAPPING_NONCE))
                        .mappings()
                        .getFirst()
                        .embedded())
                .isEmpty();
    }

    @Test
    @Proves("pcp:G-14")
    void byAddressEverythingOfTheHostIsSeenButNoNonce() {
        var open = bench(Disclosure.ADDRESS);
        grant(open, map().port(1));
        grant(open, map().port(2).nonce(9));
        grant(open, map().port(3).with(thirdParty(HOST)));
        grant(open, map().from(OTHER.address()).port(4));
        var asked = get().nonce(5).wanting(OptionCode.MAPPING_NONCE);
        var page = read(open, asked.build());
        assertThat(internalPorts(page)).containsExactly(1, 2);
        assertThat(page.mappings())
                .allSatisfy(mapping -> assertThat(mapping.embedded()).isEmpty());
        assertThat(internalPorts(read(open, asked.with(thirdParty(HOST)).build())))
                .containsExactly(3);
    }

    @Test
    @Proves("pcp:G-14")
    void noncesAreToldOnlyIfThatIsSetAndWanted() {
        var open = bench(Disclosure.ADDRESS_WITH_NONCES);
        grant(open, map().nonce(9));
        var wanted = read(open, get().wanting(OptionCode.MAPPING_NONCE).build());
        assertThat(wanted.mappings().getFirst().embedded())
                .containsExactly(new DisclosedNonce(new MappingNonce(9, 0, 0)));
        assertThat(read(open, get().build()).mappings().getFirst().embedded()).isEmpty();
    }

    @Test
    @Proves("pcp:G-14")
    void whereThirdPartyIsOffNobodyReadsForOthers() {
        var policy = new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 64, false);
        var strict = new Bench(policy.with(Extras.DEFAULT.with(Disclosure.ADDRESS)), Bench.pool(2000, 2009), 1000);
        var asked = get().with(thirdParty(HOST)).build();
        assertThat(result(strict.ask(Bench.CLIENT, asked))).isEqualTo(UNSUPP_OPTION);
    }
}
