package io.portreeve.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/** Ports of some hosts, opened at their gateway by SOAP. WANIPConnection:1 sections 2.4.16 and 2.4.17. */
final class SoapMappings implements PortMappings {
    private final IgdService service;
    private final List<InetAddress> clients;

    /** @param clients addresses that calls may come from: gateways let a host open ports for itself alone, and few at once */
    SoapMappings(IgdService service, List<InetAddress> clients) {
        this.service = service;
        this.clients = List.copyOf(clients);
    }

    /** The same host closes a port that opened it. */
    private InetAddress client(int port) {
        return clients.get(port % clients.size());
    }

    @Override
    public void create(int port) throws IOException {
        var client = client(port);
        call(client, "AddPortMapping", """
                <NewRemoteHost></NewRemoteHost><NewExternalPort>%1$d</NewExternalPort><NewProtocol>TCP</NewProtocol>\
                <NewInternalPort>%1$d</NewInternalPort><NewInternalClient>%2$s</NewInternalClient>\
                <NewEnabled>1</NewEnabled><NewPortMappingDescription>bench</NewPortMappingDescription>\
                <NewLeaseDuration>0</NewLeaseDuration>""".formatted(port, client.getHostAddress()));
    }

    @Override
    public void delete(int port) throws IOException {
        call(client(port), "DeletePortMapping", """
                <NewRemoteHost></NewRemoteHost><NewExternalPort>%d</NewExternalPort>\
                <NewProtocol>TCP</NewProtocol>""".formatted(port));
    }

    private void call(InetAddress client, String action, String arguments) throws IOException {
        try {
            Http.post(client, service.control(), service.type() + "#" + action, """
                    <?xml version="1.0"?>\r
                    <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" \
                    s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>\
                    <u:%1$s xmlns:u="%2$s">%3$s</u:%1$s></s:Body></s:Envelope>\r
                    """.formatted(
                            action, service.type(), arguments));
        } catch (IOException e) {
            throw new IOException(action + " at " + service.control() + ": " + e.getMessage(), e);
        }
    }
}
