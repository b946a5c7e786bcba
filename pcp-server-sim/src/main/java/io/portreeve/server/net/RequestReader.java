package io.portreeve.server.net;

import io.portreeve.pcp.ResultCode;
import io.portreeve.pcp.wire.DecodedNatPmpRequest;
import io.portreeve.pcp.wire.DecodedRequest;
import io.portreeve.pcp.wire.NatPmpDecoder;
import io.portreeve.pcp.wire.PcpDecoder;
import io.portreeve.server.engine.Client;
import io.portreeve.server.engine.ServerEvent.Asks;
import io.portreeve.server.engine.ServerEvent.Received;
import io.portreeve.server.engine.ServerEvent.ReceivedNatPmp;
import io.portreeve.server.engine.ServerEvent.Refused;
import io.portreeve.server.engine.ServerEvent.RefusedNatPmp;
import io.portreeve.server.engine.ServerPolicy.Versions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads requests, by whichever way they come, and collects them, so that what comes together can be committed together. */
final class RequestReader {
    private static final Logger LOG = LoggerFactory.getLogger(RequestReader.class);

    private final Consumer<Asks> inbox;
    private final Spoken spoken;
    private final Unanswered unanswered;
    private final Counters counters;
    private final List<Asks> received = new ArrayList<>();

    RequestReader(Consumer<Asks> inbox, Spoken spoken, Unanswered unanswered, Counters counters) {
        this.inbox = inbox;
        this.spoken = spoken;
        this.unanswered = unanswered;
        this.counters = counters;
    }

    /** Hands on what was read since the last time. */
    void handOn() {
        received.forEach(inbox);
        received.clear();
    }

    /** @param octets nobody changes them any more */
    void read(Client client, ReturnPath back, byte[] octets) {
        if (spoken.versions().isForNatPmp(octets)) {
            readNatPmp(client, back, octets);
            return;
        }
        if (spoken.versions() == Versions.DRAFT) {
            readAsDraft(client, back, octets);
            return;
        }
        switch (PcpDecoder.decodeRequest(ByteBuffer.wrap(octets), client.address(), spoken.opcodes())) {
            case DecodedRequest.Ok(var request) -> {
                counters.requested(request);
                var exchange = new Exchange(client, back, octets, Optional.of(request));
                received.add(new Received(unanswered.add(exchange), client, request));
            }
            case DecodedRequest.Refuse(var result) -> {
                counters.requestedOddly();
                received.add(new Refused(unread(client, back, octets), client, result));
            }
            case DecodedRequest.Drop(var reason) -> drop(client, reason);
        }
    }

    private long unread(Client client, ReturnPath back, byte[] octets) {
        return unanswered.add(new Exchange(client, back, octets, Optional.empty()));
    }

    private void drop(Client client, Object reason) {
        counters.dropped();
        LOG.debug("silence for {}: {}", client.endpoint(), reason);
    }

    /** Answers are answered by nobody, whatever the version. RFC 6887 section 8.2. */
    private void readAsDraft(Client client, ReturnPath back, byte[] octets) {
        if (octets.length < 2 || octets[1] < 0) {
            drop(client, "no request");
            return;
        }
        counters.requestedOddly();
        received.add(new Refused(unread(client, back, octets), client, ResultCode.UNSUPP_VERSION));
    }

    private void readNatPmp(Client client, ReturnPath back, byte[] octets) {
        switch (NatPmpDecoder.decodeRequest(ByteBuffer.wrap(octets))) {
            case DecodedNatPmpRequest.Ok(var request) -> {
                counters.requested(request);
                received.add(new ReceivedNatPmp(unread(client, back, octets), client, request));
            }
            case DecodedNatPmpRequest.Refuse(var result) -> {
                counters.requestedOddly();
                received.add(new RefusedNatPmp(unread(client, back, octets), client, result));
            }
            case DecodedNatPmpRequest.Drop(var reason) -> drop(client, reason);
        }
    }
}
