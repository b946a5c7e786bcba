package io.portreeve.igd.iwf;

import io.portreeve.client.Endpoint;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.MappingTerms;
import io.portreeve.client.MappingView;
import io.portreeve.client.PortCount;
import io.portreeve.igd.iwf.IgdAction.AddPortMapping;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One interworking engine between a scripted PCP client, NAT and store. NAT and store say yes at once unless a test says no; PCP
 * answers when a test says so.
 */
final class Lockstep {
    static final PcpAddress HOST = PcpAddress.parse("192.168.1.10");
    static final PcpAddress OTHER_HOST = PcpAddress.parse("192.168.1.11");
    static final PcpAddress WAN = PcpAddress.parse("100.64.0.2");
    static final PcpAddress EXTERNAL = PcpAddress.parse("203.0.114.1");
    static final PortMappingKey KEY = key(8080);

    /** What {@link #HOST} asks PCP for if it opens {@link #KEY} for its port 8080. */
    static final MappingKey PCP_KEY = new MappingKey(Optional.of(HOST), IpProtocol.TCP, 8080, PcpAddress.ANY_IPV4);

    /** What the provider may read of what {@link #add} asks for. */
    static final MappingTerms TERMS = new MappingTerms(List.of(), "web", new PortCount.One());

    static final IgdReply DONE = new IgdReply.Done();

    final IwfPolicy policy;
    final Interworking engine;
    final Map<Long, MappingRequest> asked = new LinkedHashMap<>();
    final Map<Long, MappingKey> released = new LinkedHashMap<>();
    final List<NatChange> nat = new ArrayList<>();
    final Set<NatRule> rules = new HashSet<>();
    final List<IwfEffect.Stored> stored = new ArrayList<>();
    final Map<PortMappingKey, PortMapping> rows = new LinkedHashMap<>();
    final Map<Long, IgdReply> replies = new HashMap<>();
    final List<IwfEffect> all = new ArrayList<>();
    final List<GatewayState> published = new ArrayList<>();
    boolean natWorks = true;

    /** If false, the NAT answers when a test says so. */
    boolean natAnswers = true;

    private final Deque<IwfEffect.ChangeNat> natAsked = new ArrayDeque<>();
    boolean storeWorks = true;
    MonoTime now = MonoTime.START.plus(Duration.ofSeconds(100));
    private long lastCall;

    Lockstep(IwfPolicy policy) {
        this.policy = policy;
        engine = new Interworking(policy);
    }

    /** A gateway that only routes. */
    Lockstep() {
        this(IwfPolicy.ROUTING.with(Quotas.NONE));
    }

    static Lockstep translating() {
        return new Lockstep(IwfPolicy.TRANSLATING.with(Quotas.NONE));
    }

    static PortMappingKey key(int externalPort) {
        return new PortMappingKey(Optional.empty(), externalPort, IpProtocol.TCP);
    }

    static AddPortMapping add(PortMappingKey key, int internalPort, PcpAddress host, long lease) {
        return new AddPortMapping(key, internalPort, host, true, "web", lease);
    }

    /** {@return that port or none, at the address that is known} */
    static ExternalChoice exactly(int port) {
        return new ExternalChoice.Exactly(port, EXTERNAL);
    }

    /** {@return that port if it can be had, at the address that is known} */
    static ExternalChoice preferred(int port) {
        return new ExternalChoice.Preferred(port, EXTERNAL);
    }

    static IgdReply failed(IgdError error) {
        return new IgdReply.Failed(error);
    }

    /** {@return what is told of {@link #KEY}} */
    static IgdReply.Entry entry(long leaseSeconds) {
        return new IgdReply.Entry(KEY, 8080, HOST, "web", leaseSeconds);
    }

    void start(Collection<PortMapping> found, Collection<MappingView> mapped) {
        start(new StoredTable(List.copyOf(found), 0), mapped);
    }

    void start(StoredTable found, Collection<MappingView> mapped) {
        found.entries().forEach(row -> rows.put(row.key(), row));
        var first = engine.start(found, mapped, now);
        rules.addAll(engine.natRules());
        perform(first);
    }

    /** A gateway with a WAN address whose sentinel was granted. */
    static Lockstep up() {
        return new Lockstep().started();
    }

    /** {@return this gateway, with a WAN address and its sentinel granted} */
    Lockstep started() {
        start(List.of(), List.of());
        handle(new IwfEvent.WanChanged(Optional.of(WAN)));
        grant(9999);
        return this;
    }

    long call(PcpAddress requester, IgdFace face, IgdAction action) {
        var known = engine.reading().answer(requester, face, action, now);
        handle(new IwfEvent.Call(++lastCall, requester, face, action));
        if (known.isPresent() && !known.equals(Optional.of(replies.get(lastCall)))) {
            throw new AssertionError("it reads " + known + ", and is told " + replies.get(lastCall));
        }
        return lastCall;
    }

    boolean isEverybodyTold() {
        return replies.size() == lastCall;
    }

    long call(IgdAction action) {
        return call(HOST, IgdFace.V1, action);
    }

    /** {@return the reply to {@code action}, which needs no one else} */
    IgdReply reply(IgdAction action) {
        return replies.get(call(action));
    }

    /** TCP 8080 to port 8080 of {@link #HOST}, for ever. */
    long addDefault() {
        return call(add(KEY, 8080, HOST, 0));
    }

    /** {@link #addDefault}, granted. */
    void opened() {
        addDefault();
        grant(8080);
    }

    List<String> audited() {
        return all.stream()
                .filter(IwfEffect.Audit.class::isInstance)
                .map(effect -> ((IwfEffect.Audit) effect).entry().toString())
                .toList();
    }

    MappingRequest lastAsked() {
        return new ArrayList<>(asked.values()).getLast();
    }

    MappingKey lastReleased() {
        return new ArrayList<>(released.values()).getLast();
    }

    /** PCP grants what was asked last. */
    void grant(int externalPort) {
        answer(new MappingOutcome.Granted(new Endpoint(EXTERNAL, externalPort), new Lifetime(3600)));
    }

    void answer(MappingOutcome outcome) {
        handle(new IwfEvent.PcpAnswered(new ArrayList<>(asked.keySet()).getLast(), outcome));
    }

    void refuse(ResultCode result) {
        answer(new MappingOutcome.Refused(result.value(), new Lifetime(30)));
    }

    void answerRelease(MappingOutcome outcome) {
        handle(new IwfEvent.PcpAnswered(new ArrayList<>(released.keySet()).getLast(), outcome));
    }

    void pass(Duration duration) {
        var end = now.plus(duration);
        while (!engine.nextDue().isAfter(end)) {
            now = now.isBefore(engine.nextDue()) ? engine.nextDue() : now;
            handle(new IwfEvent.Due());
        }
        now = end;
    }

    void handle(IwfEvent event) {
        perform(engine.handle(event, now));
    }

    private void perform(List<IwfEffect> effects) {
        Deque<IwfEffect> todo = new ArrayDeque<>(effects);
        while (!todo.isEmpty()) {
            var effect = todo.poll();
            all.add(effect);
            switch (effect) {
                case IwfEffect.Reply(long call, var reply) -> {
                    if (replies.put(call, reply) != null) {
                        throw new AssertionError("call " + call + " got two replies");
                    }
                }
                case IwfEffect.AskPcp(long id, var request) -> asked.put(id, request);
                case IwfEffect.ReleasePcp(long id, var key) -> released.put(id, key);
                case IwfEffect.ChangeNat change when natAnswers -> todo.addAll(changed(change, natWorks));
                case IwfEffect.ChangeNat change -> natAsked.add(change);
                case IwfEffect.Stored change -> {
                    stored.add(change);
                    if (storeWorks) {
                        write(change);
                    }
                    todo.addAll(engine.handle(new IwfEvent.Saved(change.id(), storeWorks), now));
                }
                case IwfEffect.Publish(var state) -> published.add(state);
                case IwfEffect.Announce _, IwfEffect.Audit _, IwfEffect.Show _ -> {}
            }
        }
    }

    /** The NAT has done what it was asked first, or has not. */
    void natDone(boolean done) {
        perform(changed(natAsked.remove(), done));
    }

    private List<IwfEffect> changed(IwfEffect.ChangeNat effect, boolean done) {
        nat.add(effect.change());
        if (done) {
            make(effect.change());
        }
        return engine.handle(new IwfEvent.NatDone(effect.id(), done), now);
    }

    private void make(NatChange change) {
        switch (change) {
            case NatChange.Install(var rule) -> rules.add(rule);
            case NatChange.Remove(var rule) -> rules.remove(rule);
        }
    }

    private void write(IwfEffect.Stored change) {
        switch (change) {
            case IwfEffect.Save(var _, var mapping) -> rows.put(mapping.key(), mapping);
            case IwfEffect.Erase(var _, var key) -> rows.remove(key);
        }
    }

    List<PortMappingKey> listed() {
        return entries().stream().map(IgdReply.Entry::key).toList();
    }

    List<IgdReply.Entry> entries() {
        var entries = new ArrayList<IgdReply.Entry>();
        for (int i = 0; reply(new IgdAction.GetGenericPortMappingEntry(i)) instanceof IgdReply.Entry entry; i++) {
            entries.add(entry);
        }
        return entries;
    }
}
