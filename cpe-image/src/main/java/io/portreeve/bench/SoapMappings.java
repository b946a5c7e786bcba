package io.portreeve.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/** Ports of some hosts, opened at their gateway by SOAP. WANIPConnection:1 sections 2.4.16 and 2.4.17. */
public final class SoapMappings implements PortMappings {
    private final IgdService service;
    private final List<InetAddress> clients;

    /** @param clients addresses that calls may come from: gateways let a host open ports for itself alone, and few at once */
    public SoapMappings(IgdService service, List<InetAddress> clients) {
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
        service.call(client, "AddPortMapping", """
                <NewRemoteHost></NewRemoteHost><NewExternalPort>%1$d</NewExternalPort><NewProtocol>TCP</NewProtocol>\
                <NewInternalPort>%1$d</NewInternalPort><NewInternalClient>%2$s</NewInternalClient>\
                <NewEnabled>1</NewEnabled><NewPortMappingDescription>bench</NewPortMappingDescription>\
                <NewLeaseDuration>0</NewLeaseDuration>""".formatted(port, client.getHostAddress()));
    }

    @Override
    public void delete(int port) throws IOException {
        service.call(client(port), "DeletePortMapping", """
                <NewRemoteHost></NewRemoteHost><NewExternalPort>%d</NewExternalPort>\
                <NewProtocol>TCP</NewProtocol>""".formatted(port));
    }
}
