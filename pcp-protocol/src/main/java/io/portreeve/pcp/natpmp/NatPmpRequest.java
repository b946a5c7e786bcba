package io.portreeve.pcp.natpmp;

/** What a NAT-PMP client asks. It carries no nonce: who may change a mapping shows by the packet's source alone. */
public sealed interface NatPmpRequest permits ExternalAddressRequest, NatPmpMapRequest {}
