package io.portreeve.client.worlds;

/** What else happened while a process was down. */
public enum Aftermath {
    NOTHING,
    FILES_REMOVED,
    REBOOT
}
