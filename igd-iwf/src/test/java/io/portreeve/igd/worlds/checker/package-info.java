/** Knows what must hold in a home. It sees calls, replies, packets, and what lies on disks and in tables; no program's own state. */
package io.portreeve.igd.worlds.checker;
