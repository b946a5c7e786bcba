package io.portreeve.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JsonTest {

    @Test
    void eachKindOfValue() {
        assertThat(Json.of(List.of("a", 1, -2L, 0.5, true, Optional.empty(), Optional.of(3), Map.of(), List.of())))
                .isEqualTo("[\"a\",1,-2,0.5,true,null,3,{},[]]");
        assertThat(Json.of(Map.of("a\"b", Map.of("c", List.of("d"))))).isEqualTo("{\"a\\\"b\":{\"c\":[\"d\"]}}");
    }

    @Test
    void noCharacterEndsTheLineOrIsNoAscii() {
        for (int unit = 0; unit <= Character.MAX_VALUE; unit++) {
            assertThat(Json.of("" + (char) unit)).matches("\"([ !#-\\[\\]-~]|\\\\[\"\\\\]|\\\\u[0-9a-f]{4})\"");
        }
        assertThat(Json.of("ü😀")).isEqualTo("\"\\u00fc\\ud83d\\ude00\"");
    }
}
