package io.portreeve.igd.iwf;

import io.portreeve.client.Endpoint;
import io.portreeve.client.MappingOutcome;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The real interworking for tests of what is around it; PCP answers each of its questions at once, as a test says, or never. */
public final class LockstepCalls implements IgdCalls {
    private static final PcpAddress EXTERNAL = PcpAddress.parse("198.51.100.7");
    private static final Duration DEADLINE = Duration.ofSeconds(4);

    private final Lockstep igd;
    private PcpAddress controlPoint = Lockstep.HOST;
    private Runnable pcp;

    public LockstepCalls(AccessPolicy access) {
        igd = new Lockstep(IwfPolicy.ROUTING.with(Quotas.NONE).with(access));
        pcp = () -> igd.pass(DEADLINE);
        igd.start(List.of(), List.of());
        igd.handle(new IwfEvent.WanChanged(Optional.of(Lockstep.WAN)));
        grant(9999);
    }

    /** @param host who asks, whatever connection the question comes through */
    public void askedBy(PcpAddress host) {
        controlPoint = host;
    }

    public LockstepCalls granting(int externalPort) {
        pcp = () -> grant(externalPort);
        return this;
    }

    public LockstepCalls refusing(ResultCode result) {
        pcp = () -> igd.answer(new MappingOutcome.Refused(result.value(), new Lifetime(1800)));
        return this;
    }

    public LockstepCalls releasing() {
        pcp = () -> igd.answerRelease(new MappingOutcome.Released());
        return this;
    }

    private void grant(int externalPort) {
        igd.answer(new MappingOutcome.Granted(new Endpoint(EXTERNAL, externalPort), new Lifetime(3600)));
    }

    public void pass(Duration duration) {
        igd.pass(duration);
    }

    @Override
    public IgdReply call(PcpAddress requester, IgdFace face, IgdAction action) {
        long id = igd.call(controlPoint, face, action);
        if (!igd.replies.containsKey(id)) {
            pcp.run();
        }
        return igd.replies.get(id);
    }

    @Override
    public Optional<IgdReply> known(PcpAddress requester, IgdFace face, IgdAction action) {
        return igd.engine.reading().answer(controlPoint, face, action, igd.now);
    }
}
