package io.portreeve.client.engine;

import io.portreeve.client.MappingKey;
import io.portreeve.client.ServerAddress;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpRequest;
import java.util.List;
import java.util.Optional;

/** What is asked for by NAT-PMP is what PCP would ask for, and becomes what PCP would have made of it. */
record NatPmpSession(ServerAddresses addresses, Asking asking, Outcomes outcomes, StateLoss stateLoss)
        implements NatPmpFallback.Session {
    @Override
    public ServerAddress server() {
        return addresses.current();
    }

    @Override
    public Optional<PcpRequest> request(Mapping mapping, MonoTime now) {
        return asking.request(mapping, now);
    }

    @Override
    public List<Effect> said(Mapping mapping, Said said, MonoTime now) {
        return asking.onResponse(mapping, said, now)
                .map(step -> outcomes.answered(mapping, step))
                .orElse(List.of());
    }

    @Override
    public List<Effect> refused(Mapping mapping, NatPmpTranslation.Refusal refusal, MonoTime now) {
        return outcomes.answered(mapping, asking.refused(mapping, refusal.error(), refusal.lifetime(), now));
    }

    @Override
    public void lost(Optional<MappingKey> answered, MonoTime now) {
        stateLoss.recover(answered, now);
    }
}
