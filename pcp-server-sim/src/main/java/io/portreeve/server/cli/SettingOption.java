package io.portreeve.server.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A key of the configuration file that may be said on the command line instead.
 *
 * @param label what stands for its value in the help
 */
record SettingOption(String key, String label, String description) {

    /** Those of {@code serve}. */
    static final List<SettingOption> OF_SERVER = List.of(
            new SettingOption("personality", "NAME", "A kind of server to imitate; 'personalities' lists them."),
            new SettingOption("listen", "ADDRESS,...", "IP addresses of this machine. Required."),
            new SettingOption("port", "PORT", "UDP; 5351, unless set."),
            new SettingOption(
                    "encapsulation-port", "PORT", "Where a CGN hands over packets from tunnels: UDP, at 127.0.0.1."),
            new SettingOption(
                    "pool", "ADDRESS,...", "External addresses: 203.0.114.1-203.0.114.4. Required by most CGNs."),
            new SettingOption("pool-ports", "FIRST-LAST", "What mappings are given."),
            new SettingOption("cgn", "KIND", "mock, nftables, ds-lite, firewall, nftables-firewall or remote."),
            new SettingOption("cgn-port", "PORT", "Of a CGN that is another program: TCP, at 127.0.0.1."),
            new SettingOption("inside-interface", "NAME", "Towards the subscribers; for CGNs of the kernel."),
            new SettingOption("outside-interface", "NAME", "Towards the internet; for CGNs of the kernel."),
            new SettingOption("aftr", "ADDRESS", "Where tunnels end, for ds-lite: an IPv6 address of this machine."),
            new SettingOption("homes", "PREFIX,...", "Whose tunnels end here, for ds-lite."),
            new SettingOption("inside-prefix", "PREFIX", "What stands for the hosts of all homes, for ds-lite."),
            new SettingOption("state-dir", "FOLDER", "Made if it is missing. Required."),
            new SettingOption("control-socket", "FILE", "control.sock in the state-dir, unless set."),
            new SettingOption("min-lifetime", "TIME", "What a client is granted at least."),
            new SettingOption("max-lifetime", "TIME", "What a client is granted at most."),
            new SettingOption("profile", "NAME", "provider, or simple: no more than traffic would make by itself."),
            new SettingOption("quota", "N", "Mapped ports of one subscriber."),
            new SettingOption("subscribers", "PREFIX,...", "Who is answered; all others meet silence."),
            new SettingOption(
                    "subscriber-prefix", "BITS", "How many bits of an IPv6 address say which subscriber it is of."),
            new SettingOption("third-party", "WHO", "Who may ask for others: on, off, or addresses and prefixes."),
            new SettingOption("third-party-hosts", "PREFIX,...", "For whom they may ask."),
            new SettingOption("map", "on|off", "off: the opcode is unknown."),
            new SettingOption("peer", "on|off", "off: the opcode is unknown."),
            new SettingOption("prefer-failure", "on|off", "May a client ask for one port or none?"),
            new SettingOption("port-set", "N", "Ports of a PORT_SET at most; 1: no sets."),
            new SettingOption("description-octets", "N", "Of a description this many are kept; 0: none."),
            new SettingOption("get", "HOW", "Lists a client's mappings: off, nonce, address, address-with-nonces."),
            new SettingOption("peer-lifetime", "TIME", "What PEER is granted at least."),
            new SettingOption("reuse-delay-tcp", "TIME", "How long nobody else gets a TCP port that was mapped."),
            new SettingOption("reuse-delay", "TIME", "The same for other ports."),
            new SettingOption("request-rate", "N", "Requests of one client in a second; 0: no limit."),
            new SettingOption("probe-rate", "N", "Of them, so many may look in vain for one port or none."),
            new SettingOption("nat-pmp", "on|off|only", "NAT-PMP on the same port."),
            new SettingOption("version", "1|2", "1: a server of an old draft, which refuses everything."),
            new SettingOption("check-nonces", "on|off", "off: whatever nonce is sent."),
            new SettingOption("log-exchanges", "on|off", "One line for each request and answer."),
            new SettingOption("faults", "KEY=VALUE,...", "What is wrong on purpose from the start."),
            new SettingOption("capture", "FILE", "A pcap of all that is heard and said."));

    private static final List<String> KEYS_OF_CGN = List.of(
            "cgn",
            "pool",
            "pool-ports",
            "inside-interface",
            "outside-interface",
            "aftr",
            "homes",
            "inside-prefix",
            "cgn-port");

    /** Those of {@code cgn}. */
    static final List<SettingOption> OF_CGN = OF_SERVER.stream()
            .filter(option -> KEYS_OF_CGN.contains(option.key))
            .toList();

    String name() {
        return "--" + key;
    }

    /** Lets {@code command} know all of them. */
    static void addTo(CommandLine command, List<SettingOption> options) {
        options.forEach(option -> command.getCommandSpec().addOption(option.spec()));
    }

    private OptionSpec spec() {
        return OptionSpec.builder(name())
                .type(String.class)
                .paramLabel(label)
                .description(description)
                .build();
    }
}
