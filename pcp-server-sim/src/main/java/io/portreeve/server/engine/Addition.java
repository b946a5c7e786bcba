package io.portreeve.server.engine;

import io.portreeve.server.cgn.CgnError;

/** What has become of a mapping that the operator wanted. */
public sealed interface Addition {

    /** The CGN has made it, and it is on disk. */
    record Added() implements Addition {}

    /** The very same is there since long, and on disk. */
    record WasThere() implements Addition {}

    /** {@code mapping} has its internal or its external port. */
    record InTheWay(MappingView mapping) implements Addition {}

    /** One of its ports is just being given to somebody, or taken from somebody. */
    record Busy() implements Addition {}

    /** The pool does not have its external port, or keeps it for PCP. */
    record NotOfPool() implements Addition {}

    /** The CGN does not make it. */
    record RefusedByCgn(CgnError error) implements Addition {}

    /** It could not be stored, so the CGN is told to delete it. */
    record NotSaved() implements Addition {}

    /** The CGN does not answer; or its subscriber was deleted or moved before it was stored, and it shares that fate. */
    record Overtaken() implements Addition {}
}
