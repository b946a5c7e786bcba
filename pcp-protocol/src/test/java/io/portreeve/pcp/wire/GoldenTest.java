package io.portreeve.pcp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.PcpResponse;
import io.portreeve.requirements.Proves;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every golden datagram is written octet for octet, and read as what it says. */
class GoldenTest {

    @ParameterizedTest
    @MethodSource("io.portreeve.pcp.wire.Golden#requests")
    @Proves({
        "wire:V01",
        "wire:V04",
        "wire:V06",
        "wire:V07",
        "wire:V09",
        "wire:V11",
        "wire:V12",
        "wire:V14",
        "wire:V15",
        "wire:V17",
        "wire:V28",
        "wire:V30",
        "wire:V32",
        "wire:V34",
        "wire:V35",
        "pcp:B-WIRE-01"
    })
    void requests(Golden.Row<PcpRequest> row) {
        assertThat(PcpEncoder.encode(row.message())).isEqualTo(row.octets());
        var source = row.message().client();
        assertThat(PcpDecoder.decodeRequest(ByteBuffer.wrap(row.octets()), source, Golden.ALL_OPCODES))
                .isEqualTo(new DecodedRequest.Ok(row.message()));
    }

    @ParameterizedTest
    @MethodSource("io.portreeve.pcp.wire.Golden#answers")
    @Proves({
        "wire:V02",
        "wire:V03",
        "wire:V05",
        "wire:V08",
        "wire:V13",
        "wire:V16",
        "wire:V18",
        "wire:V27",
        "wire:V29",
        "pcp:B-WIRE-01"
    })
    void answers(Golden.Row<PcpResponse> row) {
        assertThat(PcpEncoder.encode(row.message())).isEqualTo(row.octets());
        assertThat(PcpDecoder.decodeResponse(ByteBuffer.wrap(row.octets())))
                .isEqualTo(new DecodedResponse.Ok(row.message()));
    }

    /** How they are written is the encoder's test: an error is a copy of its request. */
    @ParameterizedTest
    @MethodSource("io.portreeve.pcp.wire.Golden#errors")
    @Proves({"wire:V10", "wire:V24", "wire:V26", "wire:V31"})
    void errors(Golden.Row<PcpResponse> row) {
        assertThat(PcpDecoder.decodeResponse(ByteBuffer.wrap(row.octets())))
                .isEqualTo(new DecodedResponse.Ok(row.message()));
    }

    @Test
    @Proves("wire:V19")
    void aVersionErrorNamesTheVersionToUse() {
        assertThat(PcpDecoder.decodeResponse(Vectors.buffer("V19")))
                .isEqualTo(new DecodedResponse.OtherVersion(2, new Lifetime(1800)));
    }
}
