package io.portreeve.igd.http;

import io.portreeve.igd.ssdp.LanPrefix;
import io.portreeve.igd.upnp.ScriptedIgdCalls;
import io.portreeve.igd.upnp.SysfsWanLink;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.BootClock;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;

/** Runs the LAN side alone, for real control points to try: {@code LanSideMain br-lan 192.168.1.1 24 49200 eth0}. */
final class LanSideMain {
    private LanSideMain() {}

    public static void main(String[] args) throws Exception {
        var settings = new LanSettings(
                args[0],
                new LanPrefix(PcpAddress.parse(args[1]), Integer.parseInt(args[2])),
                Integer.parseInt(args[3]),
                "0123456789abcdef0123456789abcdef",
                UUID.fromString("5f3d0c1e-9a27-4b1e-8c55-0242ac110001"),
                "Portreeve");
        try {
            var server = LanServer.start(
                    settings, new ScriptedIgdCalls(), new SysfsWanLink(args[4]), new BootClock(), new Random());
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
            System.out.println("TCP port " + server.httpPort());
            new CountDownLatch(1).await();
        } catch (LanServerException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }
}
