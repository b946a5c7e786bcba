package io.portreeve.server.net;

/** The way by which a request came, backwards. */
interface ReturnPath {
    void send(byte[] answer);
}
