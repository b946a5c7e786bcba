package io.portreeve.pcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ResultCodeTest {

    private record Row(ResultCode code, int value, long lifetime) {}

    /** Numbers and classes of lifetime as RFC 6887 section 7.4, RFC 7652 and RFC 7843 list them. */
    static Stream<Row> rows() {
        return Stream.of(
                new Row(ResultCode.SUCCESS, 0, 0),
                new Row(ResultCode.UNSUPP_VERSION, 1, 1800),
                new Row(ResultCode.NOT_AUTHORIZED, 2, 1800),
                new Row(ResultCode.MALFORMED_REQUEST, 3, 1800),
                new Row(ResultCode.UNSUPP_OPCODE, 4, 1800),
                new Row(ResultCode.UNSUPP_OPTION, 5, 1800),
                new Row(ResultCode.MALFORMED_OPTION, 6, 1800),
                new Row(ResultCode.NETWORK_FAILURE, 7, 30),
                new Row(ResultCode.NO_RESOURCES, 8, 30),
                new Row(ResultCode.UNSUPP_PROTOCOL, 9, 1800),
                new Row(ResultCode.USER_EX_QUOTA, 10, 30),
                new Row(ResultCode.CANNOT_PROVIDE_EXTERNAL, 11, 30),
                new Row(ResultCode.ADDRESS_MISMATCH, 12, 1800),
                new Row(ResultCode.EXCESSIVE_REMOTE_PEERS, 13, 1800),
                new Row(ResultCode.INITIATION, 14, 0),
                new Row(ResultCode.AUTHENTICATION_REQUIRED, 15, 0),
                new Row(ResultCode.AUTHENTICATION_FAILED, 16, 0),
                new Row(ResultCode.AUTHENTICATION_SUCCEEDED, 17, 0),
                new Row(ResultCode.AUTHORIZATION_FAILED, 18, 0),
                new Row(ResultCode.SESSION_TERMINATED, 19, 0),
                new Row(ResultCode.UNKNOWN_SESSION_ID, 20, 0),
                new Row(ResultCode.DOWNGRADE_ATTACK_DETECTED, 21, 0),
                new Row(ResultCode.AUTHENTICATION_REQUEST, 22, 0),
                new Row(ResultCode.AUTHENTICATION_REPLY, 23, 0),
                new Row(ResultCode.THIRD_PARTY_ID_UNKNOWN, 24, 1800),
                new Row(ResultCode.THIRD_PARTY_MISSING_OPTION, 25, 1800),
                new Row(ResultCode.UNSUPP_THIRD_PARTY_ID_LENGTH, 26, 1800),
                new Row(ResultCode.NONEXIST_MAP, 209, 30));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void hasItsNumberAndItsLifetime(Row row) {
        assertThat(row.code().value()).isEqualTo(row.value());
        assertThat(ResultCode.of(row.value())).contains(row.code());
        assertThat(row.code().recommendedLifetime()).isEqualTo(new Lifetime(row.lifetime()));
        assertThat(ResultCode.nameOf(row.value())).isEqualTo(row.code().name());
    }

    @Test
    void theTableIsComplete() {
        assertThat(rows().map(Row::code)).containsExactly(ResultCode.values());
    }

    @Test
    void aNumberOfTheFutureHasNoCode() {
        assertThat(ResultCode.of(27)).isEmpty();
        assertThat(ResultCode.of(255)).isEmpty();
        assertThat(ResultCode.nameOf(99)).isEqualTo("result code 99");
    }
}
