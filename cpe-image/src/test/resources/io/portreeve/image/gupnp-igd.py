"""Maps a port by libgupnp-igd, as messengers do: gupnp-igd.py ADDRESS PORT. On SIGUSR1 it unmaps it."""
import signal
import sys

import gi

gi.require_version("GUPnPIgd", "1.0")
from gi.repository import GLib, GUPnPIgd

address, port = sys.argv[1], int(sys.argv[2])


def mapped(_igd, protocol, external_address, _replaced, external_port, *_):
    print("mapped", protocol, f"{external_address}:{external_port}", flush=True)


def refused(_igd, error, protocol, external_port, *_):
    print("not mapped", protocol, external_port, error.message, flush=True)


def unmap():
    igd.remove_port("TCP", port)
    return GLib.SOURCE_REMOVE


igd = GUPnPIgd.SimpleIgd()
igd.connect("mapped-external-port", mapped)
igd.connect("error-mapping-port", refused)
igd.add_port("TCP", port, address, port, 3600, "a messenger")
GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, signal.SIGUSR1, unmap)
GLib.MainLoop().run()
