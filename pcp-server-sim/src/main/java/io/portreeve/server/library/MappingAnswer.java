package io.portreeve.server.library;

import io.portreeve.pcp.Lifetime;
import io.portreeve.server.cgn.Endpoint;

/** What {@link PcpMethods#addMapping} and {@link PcpMethods#addDynamic} say. */
public sealed interface MappingAnswer {

    /**
     * The mapping is there.
     *
     * @param code STATICMAPPING, NEWMAPPING or OK
     */
    record Granted(ReturnCode code, Endpoint external, Lifetime lifetime) implements MappingAnswer {
        public Granted {
            if (!code.isSuccess()) {
                throw new IllegalArgumentException(code + " is an error: it grants nothing");
            }
        }
    }

    /**
     * Nothing has changed.
     *
     * @param code an error
     * @param lifetime when it makes sense to ask again
     */
    record Refused(ReturnCode code, Lifetime lifetime) implements MappingAnswer {
        public Refused {
            if (code.isSuccess()) {
                throw new IllegalArgumentException(code + " is no error");
            }
        }
    }

    /** {@return what an operator made, which lives for ever} RFC 6887 section 11.3. */
    static MappingAnswer ofStatic(Endpoint external) {
        return new Granted(ReturnCode.STATICMAPPING, external, Lifetime.INFINITE);
    }

    /** {@return a refusal of the usual lifetime} */
    static MappingAnswer refused(ReturnCode code) {
        return new Refused(code, code.result().recommendedLifetime());
    }
}
