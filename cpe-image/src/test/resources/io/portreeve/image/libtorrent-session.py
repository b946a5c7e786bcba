"""Shares a torrent by libtorrent until SIGTERM: libtorrent-session.py ADDRESS PORT TORRENT FOLDER."""
import signal
import sys

import libtorrent

address, port, torrent, folder = sys.argv[1:]
ends = []
signal.signal(signal.SIGTERM, lambda *_: ends.append(True))

session = libtorrent.session({
    "listen_interfaces": f"{address}:{port}",
    "enable_upnp": True,
    "enable_natpmp": False,
    "enable_dht": False,
    "enable_lsd": False,
    "alert_mask": libtorrent.alert.category_t.port_mapping_notification,
})
wanted = libtorrent.add_torrent_params()
wanted.ti = libtorrent.torrent_info(torrent)
wanted.save_path = folder
wanted.flags = libtorrent.torrent_flags.seed_mode
session.add_torrent(wanted)
while not ends:
    session.wait_for_alert(100)
    for alert in session.pop_alerts():
        print(type(alert).__name__, alert.message(), flush=True)
