package io.portreeve.igd.upnp;

import static io.portreeve.igd.upnp.ServiceBuilder.in;
import static io.portreeve.igd.upnp.ServiceBuilder.out;

import io.portreeve.igd.iwf.IgdAction;
import java.util.stream.Stream;
import org.jupnp.model.meta.ActionArgument;

/** The actions that open, list and close ports, with their arguments in the specification's order. WANIPConnection:2 section 2.5. */
@SuppressWarnings("rawtypes") // jUPnP's model is written with raw types
final class PortMappingActions {
    private final ServiceBuilder service;

    PortMappingActions(ServiceBuilder service) {
        this.service = service;
    }

    /** An argument that goes one way, of a name and a variable. */
    @FunctionalInterface
    private interface Way {
        ActionArgument of(String name, String variable);
    }

    private static Stream<ActionArgument> key(Way way) {
        return Stream.of(
                way.of("NewRemoteHost", "RemoteHost"),
                way.of("NewExternalPort", "ExternalPort"),
                way.of("NewProtocol", "PortMappingProtocol"));
    }

    private static Stream<ActionArgument> value(Way way) {
        return Stream.of(
                way.of("NewInternalPort", "InternalPort"),
                way.of("NewInternalClient", "InternalClient"),
                way.of("NewEnabled", "PortMappingEnabled"),
                way.of("NewPortMappingDescription", "PortMappingDescription"),
                way.of("NewLeaseDuration", "PortMappingLeaseDuration"));
    }

    private static Stream<ActionArgument> range() {
        return Stream.of(
                in("NewStartPort", "ExternalPort"),
                in("NewEndPort", "ExternalPort"),
                in("NewProtocol", "PortMappingProtocol"),
                in("NewManage", "A_ARG_TYPE_Manage"));
    }

    void ofBothVersions() {
        action(
                "AddPortMapping",
                PortMappingArguments::add,
                Stream.concat(key(ServiceBuilder::in), value(ServiceBuilder::in)));
        action(
                "DeletePortMapping",
                call -> new IgdAction.DeletePortMapping(PortMappingArguments.key(call)),
                key(ServiceBuilder::in));
        action(
                "GetGenericPortMappingEntry",
                call -> new IgdAction.GetGenericPortMappingEntry((int) call.number("NewPortMappingIndex")),
                Stream.of(
                                Stream.of(in("NewPortMappingIndex", "PortMappingNumberOfEntries")),
                                key(ServiceBuilder::out),
                                value(ServiceBuilder::out))
                        .flatMap(arguments -> arguments));
        action(
                "GetSpecificPortMappingEntry",
                call -> new IgdAction.GetSpecificPortMappingEntry(PortMappingArguments.key(call)),
                Stream.concat(key(ServiceBuilder::in), value(ServiceBuilder::out)));
    }

    void ofTheSecondVersion() {
        action(
                "AddAnyPortMapping",
                PortMappingArguments::addAny,
                Stream.of(
                                key(ServiceBuilder::in),
                                value(ServiceBuilder::in),
                                Stream.of(out("NewReservedPort", "ExternalPort")))
                        .flatMap(arguments -> arguments));
        action("DeletePortMappingRange", PortMappingArguments::deleteRange, range());
        action(
                "GetListOfPortMappings",
                PortMappingArguments::list,
                Stream.concat(
                        range(),
                        Stream.of(
                                in("NewNumberOfPorts", "PortMappingNumberOfEntries"),
                                out(PortListing.ARGUMENT, "A_ARG_TYPE_PortListing"))));
    }

    private void action(String name, Question question, Stream<ActionArgument> arguments) {
        service.action(name, Question.asked(question), arguments.toArray(ActionArgument[]::new));
    }
}
