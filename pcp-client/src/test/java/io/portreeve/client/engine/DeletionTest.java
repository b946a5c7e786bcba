package io.portreeve.client.engine;

import static io.portreeve.client.engine.Lockstep.EXTERNAL;
import static io.portreeve.client.engine.Lockstep.HOST;
import static io.portreeve.client.engine.Lockstep.HOUR;
import static io.portreeve.client.engine.Lockstep.KEY;
import static io.portreeve.client.engine.Lockstep.SOURCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingOutcome;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is no longer wanted goes from the server, whatever was under way. */
class DeletionTest {
    private final Lockstep client = new Lockstep();

    @Test
    @Proves({"igd:I-IWFP-04", "pcp:C-REQ-06"})
    void deletesWithZerosAndTheSameNonce() {
        client.want();
        client.grant();
        var created = client.lastSent();
        long ticket = client.release(KEY);
        assertThat(client.lastSent())
                .isEqualTo(new MapRequest(
                        Lifetime.DELETE,
                        SOURCE,
                        created.nonce(),
                        IpProtocol.TCP,
                        8080,
                        0,
                        PcpAddress.ANY_IPV4,
                        List.of(new PcpOption.ThirdParty(HOST))));
        client.receive(client.response(client.lastSent(), 0, new Lifetime(0), 0, PcpAddress.ANY_IPV4));
        assertThat(client.answers).containsEntry(ticket, new MappingOutcome.Released());
        assertThat(client.stored).contains(new Effect.Erase(new MappingId(Lockstep.SERVER, KEY)));
        assertThat(client.list()).isEmpty();
    }

    /** What traffic keeps alive, the NAT forgets when that has ended. RFC 6887 section 15. */
    @Test
    @Proves("igd:P-17")
    void aDeletionThatLeavesSomeTimeIsDone() {
        client.want();
        client.grant();
        long ticket = client.release(KEY);
        client.receive(client.response(client.lastSent(), 0, new Lifetime(110), 0, PcpAddress.ANY_IPV4));
        assertThat(client.answers).containsEntry(ticket, new MappingOutcome.Released());
        assertThat(client.stored.getLast()).isEqualTo(new Effect.Erase(new MappingId(Lockstep.SERVER, KEY)));
        assertThat(client.list()).isEmpty();
        assertThat(client.engine.nextDue()).as("nothing more is asked").isEqualTo(MonoTime.NEVER);
    }

    @Test
    void repeatsADeleteUntilTheServerHasForgottenByItself() {
        client.want();
        client.grant();
        long ticket = client.release(KEY);
        client.pass(Duration.ofMinutes(59));
        assertThat(client.answers).doesNotContainKey(ticket);
        assertThat(client.sent).hasSizeGreaterThan(9);
        client.pass(Duration.ofMinutes(20));
        assertThat(client.answers).containsEntry(ticket, new MappingOutcome.Released());
        assertThat(client.engine.nextDue()).isEqualTo(MonoTime.NEVER);
    }

    @Test
    void whoReleasesWaitsForTheServerThoughAnotherReleasesToo() {
        client.want();
        client.grant();
        long first = client.release(KEY);
        long second = client.release(KEY);
        assertThat(client.answers).doesNotContainKeys(first, second);
        client.receive(client.response(client.lastSent(), 0, new Lifetime(0), 0, PcpAddress.ANY_IPV4));
        assertThat(client.answers)
                .containsEntry(first, new MappingOutcome.Released())
                .containsEntry(second, new MappingOutcome.Released());
    }

    /** Who finds a mapping here after a restart counts on it. */
    @Test
    void listsOnlyWhatIsWanted() {
        client.want();
        client.grant();
        client.release(KEY);
        assertThat(client.list()).isEmpty();
    }

    @Test
    void repeatsADeleteForAsLongAsARenewalWithoutAnswerMayLast() {
        client.want();
        client.grant();
        client.pass(Duration.ofMinutes(50));
        assertThat(client.view(KEY).state()).isEqualTo("REFRESHING");
        client.release(KEY);
        client.pass(Duration.ofMinutes(30));
        client.sent.clear();
        client.pass(Duration.ofMinutes(29));
        assertThat(client.sent)
                .as("the renewal may have been granted for an hour")
                .isNotEmpty();
    }

    @Test
    void aLateAnswerToTheRequestIsNoAnswerToTheDelete() {
        client.want();
        var created = client.lastSent();
        long ticket = client.release(KEY);
        client.grant(created, 8080, HOUR);
        assertThat(client.answers).doesNotContainKey(ticket);
        client.receive(client.response(client.lastSent(), 0, new Lifetime(0), 0, PcpAddress.ANY_IPV4));
        assertThat(client.answers).containsEntry(ticket, new MappingOutcome.Released());
    }

    /** A refusal of an exact port names that port; a deletion names none. */
    @Test
    void aRefusalOfTheRequestBeforeItDoesNotEndTheDelete() {
        client.want(Lockstep.wants(KEY, new ExternalChoice.Any()));
        client.grant(client.lastSent(), 2000, HOUR);
        client.want(Lockstep.wants(KEY, new ExternalChoice.Exactly(8080)));
        var another = client.lastSent();
        long ticket = client.release(KEY);
        client.receive(
                client.response(another, ResultCode.CANNOT_PROVIDE_EXTERNAL.value(), new Lifetime(30), 8080, EXTERNAL));
        assertThat(client.answers).doesNotContainKey(ticket);
        client.pass(Duration.ofSeconds(4));
        assertThat(client.lastSent().lifetime()).isEqualTo(Lifetime.DELETE);
        client.receive(client.response(client.lastSent(), 0, new Lifetime(0), 0, PcpAddress.ANY_IPV4));
        assertThat(client.answers).containsEntry(ticket, new MappingOutcome.Released());
    }

    @Test
    void whatTheServerGrantsMeanwhileIsDeletedForAsLongAsItLives() {
        client.want();
        client.grant();
        long ticket = client.release(KEY);
        client.pass(Duration.ofSeconds(10));
        assertThat(client.sent).hasSizeGreaterThan(2);
        client.receive(client.response(client.lastSent(), 0, new Lifetime(7200), 8080, EXTERNAL));
        assertThat(client.answers).as("a Mapping Update is no answer to it").doesNotContainKey(ticket);
        client.pass(Duration.ofMinutes(119));
        assertThat(client.answers).doesNotContainKey(ticket);
        client.pass(Duration.ofMinutes(20));
        assertThat(client.answers).containsEntry(ticket, new MappingOutcome.Released());
    }

    @Test
    void releasesAtOnceWhatNoServerKnows() {
        long ticket = client.release(KEY);
        assertThat(client.answers).containsEntry(ticket, new MappingOutcome.Released());
        assertThat(client.sent).isEmpty();
    }

    /** A copy of the request may come later than the refusal, and be granted. */
    @Test
    void deletesWhatWasRefused() {
        client.want();
        client.refuse(ResultCode.USER_EX_QUOTA, new Lifetime(30));
        long ticket = client.release(KEY);
        assertThat(client.lastSent().lifetime()).isEqualTo(Lifetime.DELETE);
        assertThat(client.answers).doesNotContainKey(ticket);
        client.refuse(ResultCode.NOT_AUTHORIZED, new Lifetime(30));
        assertThat(client.answers).as("it was never there").containsEntry(ticket, new MappingOutcome.Released());
    }

    /** Its request may have been sent, and granted, in the moment before the crash. */
    @Test
    void deletesWhatAnEarlierRunAskedFor() {
        client.want();
        var asked = ((Effect.Save) client.stored.getLast()).mapping();
        var restarted = new Lockstep(1, List.of(loaded(asked)));
        restarted.release(KEY);
        assertThat(restarted.lastSent().lifetime()).isEqualTo(Lifetime.DELETE);
        assertThat(restarted.lastSent().nonce()).isEqualTo(asked.nonce());
    }

    @Test
    void deletesWhatARefusedRepetitionMayHaveMade() {
        client.want();
        client.pass(Duration.ofSeconds(4));
        assertThat(client.sent).hasSize(2);
        client.refuse(ResultCode.NO_RESOURCES, new Lifetime(30));
        client.release(KEY);
        assertThat(client.lastSent().lifetime())
                .as("the first one may have been granted, its answer lost")
                .isEqualTo(Lifetime.DELETE);
    }

    @Test
    void deletesWhatItHadBeforeAnotherPortWasRefused() {
        client.want();
        client.grant();
        client.want(Lockstep.wants(KEY, new ExternalChoice.Exactly(9090)));
        client.refuse(ResultCode.CANNOT_PROVIDE_EXTERNAL, new Lifetime(30));
        client.release(KEY);
        assertThat(client.lastSent().lifetime()).isEqualTo(Lifetime.DELETE);
    }

    @Test
    void deletesWhatWasNotYetDeletedWhenItWasWantedAgain() {
        client.want();
        client.grant();
        client.release(KEY);
        client.want(Lockstep.wants(KEY, new ExternalChoice.Exactly(9090)));
        client.refuse(ResultCode.CANNOT_PROVIDE_EXTERNAL, new Lifetime(30));
        client.release(KEY);
        assertThat(client.lastSent().lifetime())
                .as("the server still has the first port: no delete was answered")
                .isEqualTo(Lifetime.DELETE);
    }

    @Test
    @Proves("pcp:C-RETX-05")
    void whatNobodyWantsAnyMoreIsNotAskedForAgain() {
        client.want();
        client.pass(Duration.ofSeconds(10));
        client.release(KEY);
        client.sent.clear();
        client.pass(Duration.ofMinutes(1));
        assertThat(client.sent).extracting(MapRequest::lifetime).isNotEmpty().containsOnly(Lifetime.DELETE);
        client.receive(client.response(client.lastSent(), 0, Lifetime.DELETE, 0, PcpAddress.ANY_IPV4));
        client.sent.clear();
        client.pass(Duration.ofDays(1));
        assertThat(client.sent).isEmpty();
        assertThat(client.engine.nextDue()).as("no timer is left").isEqualTo(MonoTime.NEVER);
    }

    /** As the store gives it back. */
    private static Mapping loaded(Mapping saved) {
        return new Mapping(
                Lockstep.SERVER,
                saved.key(),
                saved.owner(),
                saved.nonce(),
                saved.wanted(),
                saved.lastExternal(),
                MonoTime.START.plus(Duration.ofHours(2)),
                saved.source(),
                saved.state());
    }
}
