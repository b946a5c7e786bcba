package io.portreeve.pcp.wire;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.GetRequest;
import io.portreeve.pcp.GetResponse;
import io.portreeve.pcp.GetTuple;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.Opcode;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.PcpResponse;
import io.portreeve.pcp.PeerRequest;
import io.portreeve.pcp.PeerResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Messages of all kinds that fit into a datagram, out of one generator. */
final class RandomMessages {
    private static final int[] PREFIX_OCTETS = {4, 5, 6, 7, 8, 12};

    private final RandomGenerator random;

    RandomMessages(RandomGenerator random) {
        this.random = random;
    }

    PcpRequest request() {
        var client = address();
        return switch (random.nextInt(8)) {
            case 0 -> new AnnounceRequest(client, options(Opcode.ANNOUNCE));
            case 1, 2 -> new GetRequest(client, nonce(), tuple(), optionsOfGet());
            case 3, 4 ->
                new PeerRequest(
                        lifetime(),
                        client,
                        nonce(),
                        protocol(),
                        port(),
                        port(),
                        address(),
                        port(),
                        address(),
                        options(Opcode.PEER));
            default ->
                new MapRequest(lifetime(), client, nonce(), protocol(), port(), port(), address(), options(Opcode.MAP));
        };
    }

    PcpResponse response() {
        int result = random.nextBoolean() ? 0 : random.nextInt(2, 256);
        var epoch = new EpochTime(u32());
        return switch (random.nextInt(8)) {
            case 0 -> new AnnounceResponse(result, epoch, options(Opcode.ANNOUNCE));
            case 1, 2 ->
                new GetResponse(result, lifetime(), epoch, nonce(), tuple(), result == 0 ? mappings() : optionsOfGet());
            case 3, 4 ->
                new PeerResponse(
                        result,
                        lifetime(),
                        epoch,
                        nonce(),
                        protocol(),
                        port(),
                        port(),
                        address(),
                        port(),
                        address(),
                        options(Opcode.PEER));
            default ->
                new MapResponse(
                        result, lifetime(), epoch, nonce(), protocol(), port(), port(), address(), options(Opcode.MAP));
        };
    }

    private List<PcpOption> options(Opcode opcode) {
        return fitting(opcode, this::option);
    }

    private List<PcpOption> optionsOfGet() {
        var wanted = random.ints(random.nextInt(6), 1, 256).boxed().toList();
        return fitting(Opcode.GET, () -> new PcpOption.NextRequest(tuple(), random.nextBoolean(), wanted));
    }

    private List<PcpOption> mappings() {
        return fitting(
                Opcode.GET,
                () -> new PcpOption.NextMapping(
                        tuple(),
                        random.nextBoolean(),
                        lifetime(),
                        Stream.generate(this::option).limit(random.nextInt(3)).toList()));
    }

    private static List<PcpOption> fitting(Opcode opcode, Supplier<PcpOption> next, int most) {
        var options = new ArrayList<PcpOption>();
        for (int i = 0; i < most; i++) {
            options.add(next.get());
            if (!opcode.hasRoomFor(options)) {
                options.removeLast();
            }
        }
        return options;
    }

    private List<PcpOption> fitting(Opcode opcode, Supplier<PcpOption> next) {
        return fitting(opcode, next, random.nextInt(5));
    }

    private PcpOption option() {
        return switch (random.nextInt(9)) {
            case 0 -> new PcpOption.ThirdParty(address());
            case 1 -> new PcpOption.PreferFailure();
            case 2 -> new PcpOption.Filter(random.nextInt(129), port(), address());
            case 3 -> new PcpOption.ThirdPartyId(hex(random.nextInt(1, 40)));
            case 4 -> new PcpOption.Description(text());
            case 5 -> prefix64();
            case 6 -> new PcpOption.PortSet(random.nextInt(1, 65_536), port(), random.nextBoolean());
            case 7 -> new PcpOption.PortReservation();
            default -> new PcpOption.DisclosedNonce(nonce());
        };
    }

    private PcpOption.Prefix64 prefix64() {
        int octets = PREFIX_OCTETS[random.nextInt(PREFIX_OCTETS.length)];
        var networks = IntStream.range(0, random.nextInt(4))
                .mapToObj(_ ->
                        new PcpOption.Prefix64.Ipv4Network(random.nextInt(33), PcpAddress.ofIpv4(random.nextInt())))
                .toList();
        return new PcpOption.Prefix64(
                octets, new PcpAddress(random.nextLong(), (long) random.nextInt() << 32), networks);
    }

    private String hex(int octets) {
        var text = new StringBuilder();
        random.ints(octets, 0, 256).forEach(octet -> text.append("%02x".formatted(octet)));
        return text.toString();
    }

    /** One to four octets a character. */
    private String text() {
        var text = new StringBuilder();
        var characters = new int[] {'a', '~', 0xE4, 0x20AC, 0x1F600};
        random.ints(random.nextInt(40), 0, characters.length).forEach(i -> text.appendCodePoint(characters[i]));
        return text.toString();
    }

    private GetTuple tuple() {
        return random.nextInt(4) == 0
                ? GetTuple.ANY
                : new GetTuple(
                        protocol(), random.nextInt(256), random.nextInt(3), address(), address(), port(), port());
    }

    private Lifetime lifetime() {
        return new Lifetime(u32());
    }

    private IpProtocol protocol() {
        return new IpProtocol(random.nextInt(256));
    }

    private int port() {
        return random.nextInt(65_536);
    }

    private MappingNonce nonce() {
        return new MappingNonce(random.nextInt(), random.nextInt(), random.nextInt());
    }

    private PcpAddress address() {
        return switch (random.nextInt(4)) {
            case 0 -> PcpAddress.ANY_IPV4;
            case 1 -> PcpAddress.ANY_IPV6;
            case 2 -> PcpAddress.ofIpv4(random.nextInt());
            default -> new PcpAddress(random.nextLong(), random.nextLong());
        };
    }

    private long u32() {
        return Integer.toUnsignedLong(random.nextInt());
    }
}
