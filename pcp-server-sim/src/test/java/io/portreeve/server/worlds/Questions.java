package io.portreeve.server.worlds;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.GetRequest;
import io.portreeve.pcp.GetTuple;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.OptionCode;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpOption.Description;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.pcp.PcpOption.NextRequest;
import io.portreeve.pcp.PcpOption.PortSet;
import io.portreeve.pcp.PeerRequest;
import io.portreeve.pcp.natpmp.ExternalAddressRequest;
import io.portreeve.pcp.natpmp.NatPmpMapRequest;
import io.portreeve.pcp.wire.NatPmpEncoder;
import io.portreeve.pcp.wire.PcpEncoder;
import io.portreeve.server.worlds.Action.Ask;
import io.portreeve.server.worlds.Action.Kind;
import io.portreeve.worlds.Chance;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The octets of what a script has one client ask. */
final class Questions {
    private static final Set<Kind> OF_STRANGERS =
            EnumSet.of(Kind.STRANGER_CREATE, Kind.STRANGER_DELETE, Kind.STRANGER_PEER);
    private static final Set<Kind> ABOVE = EnumSet.of(Kind.EXTRA_CREATE, Kind.EXTRA_DELETE);
    private static final Set<Kind> DELETIONS = EnumSet.of(
            Kind.DELETE,
            Kind.STRANGER_DELETE,
            Kind.EXTRA_DELETE,
            Kind.SET_DELETE,
            Kind.NAT_PMP_DELETE,
            Kind.NAT_PMP_DELETE_ALL);

    /** One remote host with any port, and a network of which only one port counts. */
    private static final Filter ONE =
            new Filter(128, 0, SmallWorld.REMOTES.getFirst().address());

    private static final Filter OTHER = new Filter(
            120,
            SmallWorld.REMOTES.getLast().port(),
            SmallWorld.REMOTES.getLast().address());
    private static final Filter NONE = new Filter(0, 0, PcpAddress.ANY_IPV6);

    private final Want want;

    Questions(Want want) {
        this.want = want;
    }

    byte[] octets(Ask ask, Chance chance) {
        return switch (ask.kind()) {
            case ANNOUNCE -> PcpEncoder.encode(new AnnounceRequest(want.client().address()));
            case PEER, STRANGER_PEER -> PcpEncoder.encode(peer(ask, chance));
            case GET -> get(GetTuple.ANY, false);
            case WALK -> get(GetTuple.ANY, true);
            case NAT_PMP_CREATE, NAT_PMP_DELETE, NAT_PMP_DELETE_ALL -> NatPmpEncoder.encode(natPmp(ask, chance));
            case NAT_PMP_ADDRESS -> NatPmpEncoder.encode(new ExternalAddressRequest());
            case DAMAGED -> damaged(undamaged(ask, chance), chance);
            default -> PcpEncoder.encode(map(ask, chance));
        };
    }

    private byte[] undamaged(Ask ask, Chance chance) {
        return switch (chance.nextInt(8)) {
            case 0 -> PcpEncoder.encode(peer(ask, chance));
            case 1 -> get(GetTuple.ANY, chance.nextBoolean());
            case 2 -> PcpEncoder.encode(map(ask, options(Kind.FILTERED_SET, chance)));
            default -> PcpEncoder.encode(map(ask, chance));
        };
    }

    private static byte[] damaged(byte[] octets, Chance chance) {
        octets[chance.nextInt(octets.length)] ^= (byte) (1 << chance.nextInt(8));
        return octets;
    }

    private MapRequest map(Ask ask, Chance chance) {
        return map(ask, options(ask.kind(), chance));
    }

    private MapRequest map(Ask ask, List<PcpOption> options) {
        return new MapRequest(
                lifetime(ask),
                want.client().address(),
                want.nonce(OF_STRANGERS.contains(ask.kind())),
                want.protocol(),
                ABOVE.contains(ask.kind()) ? want.port() + 1 : want.port(),
                ask.suggestedPort(),
                ask.suggestedAddress(),
                options);
    }

    private static Lifetime lifetime(Ask ask) {
        return DELETIONS.contains(ask.kind()) ? Lifetime.DELETE : new Lifetime(ask.lifetime());
    }

    private List<PcpOption> options(Kind kind, Chance chance) {
        var options = thirdParty();
        switch (kind) {
            case PREFER_FAILURE -> options.add(new PcpOption.PreferFailure());
            case SET, SET_DELETE -> options.add(new PortSet(chance.nextInt(2, 4), want.port(), chance.nextBoolean()));
            case FILTER -> options.add(ONE);
            case OTHER_FILTER -> options.addAll(List.of(NONE, OTHER));
            case NO_FILTER -> options.add(NONE);
            case FILTERED_SET ->
                options.addAll(List.of(new Description("both"), ONE, new PortSet(2, want.port(), false)));
            case DESCRIBE -> options.add(new Description(chance.nextBoolean() ? "a game" : ""));
            default -> {}
        }
        return options;
    }

    private List<PcpOption> thirdParty() {
        var options = new ArrayList<PcpOption>();
        if (!want.internal().equals(want.client().address())) {
            options.add(new PcpOption.ThirdParty(want.internal()));
        }
        return options;
    }

    private PeerRequest peer(Ask ask, Chance chance) {
        var remote = chance.oneOf(SmallWorld.REMOTES);
        return new PeerRequest(
                lifetime(ask),
                want.client().address(),
                want.nonce(OF_STRANGERS.contains(ask.kind())),
                want.protocol(),
                want.port() + (chance.oneIn(3) ? 1 : 0),
                chance.oneIn(4) ? ask.suggestedPort() : 0,
                ask.suggestedAddress(),
                remote.port(),
                remote.address(),
                thirdParty());
    }

    /** {@return what asks for the mappings behind {@code locator}} */
    byte[] get(GetTuple locator, boolean oneByOne) {
        var options = thirdParty();
        options.add(new NextRequest(locator, oneByOne, List.of(OptionCode.FILTER, OptionCode.PORT_SET)));
        return PcpEncoder.encode(new GetRequest(want.client().address(), want.nonce(false), GetTuple.ANY, options));
    }

    private NatPmpMapRequest natPmp(Ask ask, Chance chance) {
        boolean isAll = ask.kind() == Kind.NAT_PMP_DELETE_ALL;
        int port = want.port() + (chance.oneIn(3) ? 1 : 0);
        return new NatPmpMapRequest(want.protocol(), isAll ? 0 : port, isAll ? 0 : ask.suggestedPort(), lifetime(ask));
    }
}
