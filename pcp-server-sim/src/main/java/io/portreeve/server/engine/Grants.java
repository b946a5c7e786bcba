package io.portreeve.server.engine;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpOption.Description;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.pcp.PcpOption.PortReservation;
import io.portreeve.pcp.PcpOption.PortSet;
import io.portreeve.pcp.PcpOption.PreferFailure;
import io.portreeve.pcp.PcpOption.Prefix64;
import io.portreeve.pcp.PcpOption.ThirdParty;
import io.portreeve.pcp.ResultCode;
import io.portreeve.server.cgn.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Writes the answers to MAP. Only what was processed comes back of the options. Source: RFC 6887 sections 7.3, 11.3. */
final class Grants {
    private final ServerState state;

    Grants(ServerState state) {
        this.state = state;
    }

    void granted(Asked asked, MappingRow row, Step step) {
        if (asked.map().lifetime().isDelete()) {
            deleted(asked, port(asked, row), row.lifetime(), step);
        } else {
            step.add(asked.answer(success(asked, row, row.lifetime(), step)));
        }
    }

    /** A mapping that this request did not change. */
    void unchanged(Asked asked, MappingRow row, Step step) {
        step.add(asked.answer(success(asked, row, row.left(step.now), step)));
    }

    /** What was suggested comes back. RFC 6887 section 15.1. */
    void deleted(Asked asked, Step step) {
        deleted(asked, asked.map().internalPort(), Lifetime.DELETE, step);
    }

    void deleted(Asked asked, MappingRow row, Step step) {
        deleted(asked, port(asked, row), Lifetime.DELETE, step);
    }

    /** A further answer names its mapping, or nobody could tell which one has gone. */
    private static int port(Asked asked, MappingRow row) {
        return asked.isFollower() ? row.key().internal().port() : asked.map().internalPort();
    }

    /** @param left what traffic leaves of the lifetime. RFC 6887 section 15 */
    private void deleted(Asked asked, int internalPort, Lifetime left, Step step) {
        var suggested = new Endpoint(asked.map().suggestedAddress(), asked.map().suggestedPort());
        var response = new MapResponse(
                ResultCode.SUCCESS.value(),
                left,
                state.epochs.of(asked.subscriber(), step.now),
                asked.map().nonce(),
                asked.map().protocol(),
                internalPort,
                suggested.port(),
                suggested.address(),
                ofDeletion(asked));
        step.add(asked.answer(response));
    }

    private MapResponse success(Asked asked, MappingRow row, Lifetime lifetime, Step step) {
        int position = asked.position(row);
        var external = Ports.of(row).at(position);
        return new MapResponse(
                ResultCode.SUCCESS.value(),
                lifetime,
                state.epochs.of(asked.subscriber(), step.now),
                asked.map().nonce(),
                row.key().protocol(),
                row.key().internal().port() + position,
                external.port(),
                external.address(),
                options(asked, row));
    }

    /** {@return what is told of {@code row} when it could not be kept} */
    MapResponse lost(MappingRow row, ResultCode why, Step step) {
        var update = update(row, step);
        return new MapResponse(
                why.value(),
                why.recommendedLifetime(),
                update.epoch(),
                update.nonce(),
                update.protocol(),
                update.internalPort(),
                update.assignedPort(),
                update.assignedAddress(),
                update.options());
    }

    /** {@return what is told of {@code row} without having been asked} RFC 6887 section 14.2. */
    MapResponse update(MappingRow row, Step step) {
        var options = new ArrayList<PcpOption>();
        if (row.isForThirdParty()) {
            options.add(new ThirdParty(row.key().internal().address()));
        }
        row.terms().filter().ifPresent(options::add);
        if (row.terms().ports() > 1) {
            options.add(portSet(row));
        }
        return new MapResponse(
                ResultCode.SUCCESS.value(),
                row.left(step.now),
                state.epochs.of(row.key().subscriber(), step.now),
                row.nonce(),
                row.key().protocol(),
                row.key().internal().port(),
                row.external().port(),
                row.external().address(),
                options);
    }

    private static PortSet portSet(MappingRow row) {
        return new PortSet(row.terms().ports(), row.key().internal().port(), false);
    }

    /** {@return the options that come back, if the mapping becomes as large as it is asked for} */
    List<PcpOption> optionsAtMost(Asked asked) {
        return each(asked.map().options(), this::atMost);
    }

    /** Most requests have none, and answers to them need no stream. */
    private static List<PcpOption> each(List<PcpOption> options, Function<PcpOption, Stream<PcpOption>> answer) {
        return options.isEmpty() ? List.of() : options.stream().flatMap(answer).toList();
    }

    private Stream<PcpOption> atMost(PcpOption option) {
        return switch (option) {
            case Prefix64 _ -> prefixes();
            case Description description ->
                Stream.of(description.cutTo(state.policy.extras().descriptionOctets()));
            case PcpOption.Unknown _ -> Stream.empty();
            default -> Stream.of(option);
        };
    }

    private List<PcpOption> options(Asked asked, MappingRow row) {
        return each(asked.map().options(), option -> option(option, asked, row));
    }

    private Stream<PcpOption> option(PcpOption option, Asked asked, MappingRow row) {
        return switch (option) {
            case ThirdParty _, PreferFailure _, Filter _ -> Stream.of(option);
            case Description _ -> description(row);
            case Prefix64 _ -> prefixes();
            case PortSet(int _, int _, boolean parity) ->
                row.terms().ports() > 1
                        ? Stream.of(new PortSet(
                                row.terms().ports(), row.key().internal().port(), parity && keepsParity(row)))
                        : Stream.empty();
            case PortReservation _ ->
                row.terms().ports() == 2 && keepsParity(row) && asked.position(row) == 0
                        ? Stream.of(option)
                        : Stream.empty();
            case PcpOption.ThirdPartyId _,
                    PcpOption.NextRequest _,
                    PcpOption.NextMapping _,
                    PcpOption.DisclosedNonce _,
                    PcpOption.Unknown _ -> Stream.empty();
        };
    }

    private static boolean keepsParity(MappingRow row) {
        return (row.key().internal().port() & 1) == (row.external().port() & 1);
    }

    /** As it is stored, which may be less than was sent. */
    private Stream<PcpOption> description(MappingRow row) {
        return state.policy.extras().descriptionOctets() == 0
                ? Stream.empty()
                : Stream.of(new Description(row.terms().description()));
    }

    /** {@return the options of the answer to {@code announce}} */
    List<PcpOption> ofAnnounce(AnnounceRequest announce) {
        return each(announce.options(), option -> option instanceof Prefix64 ? prefixes() : Stream.empty());
    }

    private Stream<PcpOption> prefixes() {
        return state.policy.extras().prefixes().stream().map(prefix -> prefix);
    }

    private static List<PcpOption> ofDeletion(Asked asked) {
        return each(asked.map().options(), option -> option instanceof ThirdParty ? Stream.of(option) : Stream.empty());
    }
}
