package io.portreeve.igd.gena;

/** What the {@link GenaEngine} wants done. */
sealed interface GenaEffect {

    /** @param call the one that is answered */
    record Answer(long call, GenaAnswer answer) implements GenaEffect {}

    /** One event is to be sent; what becomes of it must come back as {@link GenaEvent.Delivered}, within a bounded time. */
    record Send(Notification notification) implements GenaEffect {}
}
