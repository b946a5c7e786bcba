package io.portreeve.igd.iwf;

import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.pcp.PcpAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/** Which external address the provider has given for each mapping that is asked of it; the one given last comes last. */
final class Grants {
    private final Map<Long, MappingKey> asked = new HashMap<>();
    private final Map<MappingKey, Long> questions = new HashMap<>();
    private final Set<MappingKey> wanted = new HashSet<>();
    private final SequencedMap<MappingKey, PcpAddress> given = new LinkedHashMap<>();

    /** How often each address is given. */
    private final Map<PcpAddress, Integer> addresses = new HashMap<>();

    /** Takes note of what is asked of PCP and what is given back. */
    void note(IwfEffect effect) {
        switch (effect) {
            case IwfEffect.AskPcp(long id, var request) -> {
                forget(request.key());
                wanted.add(request.key());
                asked.put(id, request.key());
                questions.put(request.key(), id);
            }
            case IwfEffect.ReleasePcp(long _, var key) -> {
                forget(key);
                wanted.remove(key);
                lost(key);
            }
            default -> {}
        }
    }

    private void forget(MappingKey key) {
        Optional.ofNullable(questions.remove(key)).ifPresent(asked::remove);
    }

    /** {@return the address that {@code outcome} gives for request {@code id}, if it gives one, and it is still wanted} */
    Optional<PcpAddress> answered(long id, MappingOutcome outcome) {
        var key = Optional.ofNullable(asked.remove(id));
        key.ifPresent(questions::remove);
        return key.filter(_ -> outcome instanceof MappingOutcome.Granted).map(it -> {
            var address = ((MappingOutcome.Granted) outcome).external().address();
            granted(it, address);
            return address;
        });
    }

    /** Takes over what an earlier run has asked for. @param address empty if it did not hear of one */
    void adopt(MappingKey key, Optional<PcpAddress> address) {
        wanted.add(key);
        address.ifPresent(it -> granted(key, it));
    }

    void granted(MappingKey key, PcpAddress address) {
        lost(key);
        if (wanted.contains(key) && isBelievable(address)) {
            given.put(key, address);
            addresses.merge(address, 1, Integer::sum);
        }
    }

    void lost(MappingKey key) {
        var address = given.remove(key);
        if (address != null) {
            addresses.computeIfPresent(address, (_, times) -> times == 1 ? null : times - 1);
        }
    }

    void loseAll() {
        given.clear();
        addresses.clear();
    }

    /** {@return false if some mappings are at another external address than others} */
    boolean areAtOneAddress() {
        return addresses.size() <= 1;
    }

    boolean isEmpty() {
        return given.isEmpty();
    }

    Optional<PcpAddress> last() {
        return Optional.ofNullable(given.lastEntry()).map(Map.Entry::getValue);
    }

    Optional<PcpAddress> of(MappingKey key) {
        return Optional.ofNullable(given.get(key));
    }

    /** {@return true if {@code address} can be a host's on some network behind the provider: IPv4, and of one host} */
    static boolean isBelievable(PcpAddress address) {
        int firstOctet = (int) (address.low() >>> 24) & 0xFF;
        return address.isIpv4() && firstOctet != 0 && firstOctet != 127 && firstOctet < 224;
    }
}
