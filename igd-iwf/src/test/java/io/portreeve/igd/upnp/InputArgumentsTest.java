package io.portreeve.igd.upnp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.igd.iwf.IgdError;
import io.portreeve.igd.iwf.IgdFace;
import io.portreeve.requirements.Proves;
import java.util.AbstractList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.jupnp.model.ValidationException;

class InputArgumentsTest {

    /** Arguments that nobody may look at. */
    private static final class Flood extends AbstractList<SoapCall.Argument> {
        private final List<String> names;

        Flood(List<String> names) {
            this.names = names;
        }

        @Override
        public SoapCall.Argument get(int index) {
            throw new AssertionError("looked at " + names.get(index));
        }

        @Override
        public int size() {
            return names.size();
        }
    }

    @SuppressWarnings("unchecked") // jUPnP's model is written with raw types
    private static ControlInvocation call(String action) throws ValidationException {
        var service = WanIpConnection.service(IgdFace.V2);
        return new ControlInvocation(
                service.getAction(action), TestGateway.CONSOLE, IgdFace.V2, (_, _, _) -> Optional.empty());
    }

    @Test
    @Proves("rel:T-18")
    void moreThanAnActionHasAreRefusedUnseen() throws Exception {
        var names = EqualHashes.texts(10_000);
        assertThat(names)
                .doesNotHaveDuplicates()
                .extracting(String::hashCode)
                .containsOnly(names.getFirst().hashCode());
        var call = call("AddPortMapping");
        assertThatThrownBy(() -> InputArguments.set(new Flood(names), call))
                .isInstanceOfSatisfying(
                        UpnpFault.class,
                        fault -> assertThat(fault.getErrorCode()).isEqualTo(IgdError.INVALID_ARGS.code()));
    }
}
