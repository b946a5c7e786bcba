package io.portreeve.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class WatchedTableTest {
    private static final String TITLES = "SUBSCRIBER  PROTOCOL  INTERNAL         EXTERNAL          LEFT    ASKED BY";
    private static final String FIRST = "100.64.0.2  TCP       192.168.1.10:80  203.0.114.1:8080  %s  100.64.0.2:5350";
    private static final String SECOND = "100.64.0.3  TCP       192.168.1.10:80  203.0.114.1:8081  -       -";

    @Test
    void tellsWhatComesAndGoes() {
        var table = WatchedTable.forPeople();
        assertThat(table.is(List.of("no mappings"))).isEmpty();
        assertThat(table.is(List.of(TITLES, FIRST.formatted("3600 s"))))
                .containsExactly("+ " + FIRST.formatted("3600 s"));
        assertThat(table.is(List.of(TITLES, FIRST.formatted("3599 s"), SECOND))).containsExactly("+ " + SECOND);
        assertThat(table.is(List.of(TITLES, SECOND))).containsExactly("- " + FIRST.formatted("3599 s"));
        assertThat(table.is(List.of("no mappings"))).containsExactly("- " + SECOND);
    }

    @Test
    void tellsProgramsSo() {
        var first = "{\"external\":\"203.0.114.1:8080\",\"left-seconds\":%s,\"asked-by\":null}";
        var table = WatchedTable.forPrograms();
        assertThat(table.is(List.of())).isEmpty();
        assertThat(table.is(List.of(first.formatted("3600"))))
                .containsExactly("{\"change\":\"+\",\"mapping\":" + first.formatted("3600") + "}");
        assertThat(table.is(List.of(first.formatted("3599")))).isEmpty();
        assertThat(table.is(List.of(first.formatted("null")))).isEmpty();
        assertThat(table.is(List.of()))
                .containsExactly("{\"change\":\"-\",\"mapping\":" + first.formatted("null") + "}");
    }
}
