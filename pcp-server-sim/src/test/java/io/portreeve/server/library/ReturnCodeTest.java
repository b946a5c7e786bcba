package io.portreeve.server.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReturnCodeTest {

    @ParameterizedTest
    @CsvSource({
        "STATICMAPPING, 0",
        "NEWMAPPING, 0",
        "OK, 0",
        "ERR_INVAL, 8",
        "ERR_UNSUPVERSION, 1",
        "ERR_NOTAUTH, 2",
        "ERR_BADREQUEST, 3",
        "ERR_UNSUPOPCODE, 4",
        "ERR_UNSUPOPTION, 5",
        "ERR_BADOPTION, 6",
        "ERR_NETFAILURE, 7",
        "ERR_NORESOURCES, 8",
        "ERR_UNSUPPROTO, 9",
        "ERR_EXQUOTA, 10",
        "ERR_CANTPROVIDE, 11",
        "ERR_ADDRMISMATCH, 12",
        "ERR_TOOMANYPEER, 13",
        "ERR_PROCESSING, 8"
    })
    @Proves("pcp:L-13")
    void eachIsAResult(ReturnCode code, int result) {
        assertThat(code.result().value()).isEqualTo(result);
        assertThat(code.isSuccess()).isEqualTo(result == 0);
    }

    @ParameterizedTest
    @CsvSource({
        "1, ERR_UNSUPVERSION", "2, ERR_NOTAUTH", "3, ERR_BADREQUEST", "4, ERR_UNSUPOPCODE", "5, ERR_UNSUPOPTION",
        "6, ERR_BADOPTION", "7, ERR_NETFAILURE", "8, ERR_NORESOURCES", "9, ERR_UNSUPPROTO", "10, ERR_EXQUOTA",
        "11, ERR_CANTPROVIDE", "12, ERR_ADDRMISMATCH", "13, ERR_TOOMANYPEER"
    })
    @Proves("pcp:L-13")
    void eachErrorOfTheProtocolHasOne(int result, ReturnCode code) {
        assertThat(ReturnCode.of(ResultCode.of(result).orElseThrow())).isEqualTo(code);
    }

    @Test
    void thereAreNoOthers() {
        assertThat(ReturnCode.values()).hasSize(18);
        assertThatThrownBy(() -> ReturnCode.of(ResultCode.SUCCESS))
                .hasMessage("SUCCESS is not an error of RFC 6887 section 7.4");
        assertThatThrownBy(() -> ReturnCode.of(ResultCode.INITIATION)).isInstanceOf(IllegalArgumentException.class);
    }
}
