"""The pure core: text in, findings out. No I/O, no clock, no network, no threads and no LSP types live here."""
