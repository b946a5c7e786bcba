package io.portreeve.igd.iwf;

/** What the gateway's own NAT is asked to do. Both are idempotent. */
public sealed interface NatChange {
    NatRule rule();

    record Install(NatRule rule) implements NatChange {}

    record Remove(NatRule rule) implements NatChange {}
}
