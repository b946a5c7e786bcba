package io.portreeve.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.server.engine.ServerEvent;
import io.portreeve.server.engine.ServerEvent.Clear;
import io.portreeve.server.engine.ServerEvent.Due;
import io.portreeve.server.engine.ServerEvent.Saved;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

final class InletTest {

    @Test
    void whatCameBeforeItOpenedComesFirstAndInOrder() {
        var inlet = new Inlet();
        var owner = new ArrayList<ServerEvent>();
        inlet.put(new Due());
        inlet.put(new Clear());
        assertThat(owner).isEmpty();
        inlet.open(owner::add);
        inlet.put(new Saved());
        assertThat(owner).containsExactly(new Due(), new Clear(), new Saved());
    }
}
