package io.portreeve.server.cli;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The manual of a command line, for {@code man}: made of what its help says, so that they say the same. */
final class ManPage {
    private final CommandLine root;
    private final StringBuilder page = new StringBuilder();

    private ManPage(CommandLine root) {
        this.root = root;
    }

    /** {@return the page in the macros of man(7)} */
    static String of(CommandLine root) {
        return new ManPage(root).page();
    }

    private String page() {
        var spec = root.getCommandSpec();
        var name = spec.name();
        line(".TH " + escaped(name.toUpperCase(Locale.ROOT)) + " 1 \"\" \"" + escaped(spec.version()[0]) + "\"");
        section("NAME");
        line(escaped(name) + " \\- " + escaped(description(root)));
        section("SYNOPSIS");
        commands(root).forEach(command -> {
            line(escaped(synopsis(command)));
            line(".br");
        });
        section("COMMANDS");
        commands(root).forEach(this::command);
        section("EXIT STATUS");
        spec.usageMessage().exitCodeList().forEach((code, meaning) -> item(code, meaning));
        section("SEE ALSO");
        line("natpmpc(1), upnpc(1), tshark(1); RFC 6887, RFC 6886");
        return page.toString();
    }

    /** {@return those that do something, each before what is below it} */
    private static Stream<CommandLine> commands(CommandLine parent) {
        return parent.getSubcommands().values().stream()
                .distinct()
                .filter(command -> !command.getCommandSpec().usageMessage().hidden())
                .flatMap(command -> Stream.concat(Stream.of(command), commands(command)));
    }

    private void command(CommandLine command) {
        var spec = command.getCommandSpec();
        line(".SS "
                + escaped(spec.qualifiedName().substring(root.getCommandName().length() + 1)));
        line(escaped(description(command)));
        spec.positionalParameters().forEach(this::parameter);
        spec.options().stream().filter(option -> !option.hidden()).forEach(this::option);
    }

    private void parameter(PositionalParamSpec parameter) {
        item(parameter.paramLabel(), String.join(" ", parameter.description()));
    }

    private void option(OptionSpec option) {
        var names = String.join(", ", List.of(option.names()));
        item(
                option.arity().max() == 0 ? names : names + "=" + option.paramLabel(),
                String.join(" ", option.description()));
    }

    private void section(String title) {
        line(".SH " + title);
    }

    private void item(String what, String meaning) {
        line(".TP");
        line(".B " + escaped(what));
        line(escaped(meaning));
    }

    private void line(String text) {
        page.append(text).append('\n');
    }

    private static String description(CommandLine command) {
        return Stream.of(command.getCommandSpec().usageMessage().description()).collect(Collectors.joining(" "));
    }

    private static String synopsis(CommandLine command) {
        return command.getHelp().synopsis(0).strip().replaceAll("\\s+", " ");
    }

    /** A hyphen is one that can be copied into a shell, and no text begins as a macro does. */
    private static String escaped(String text) {
        var escaped = text.replace("\\", "\\e").replace("-", "\\-");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }
}
