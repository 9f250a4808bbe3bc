"""What stands for the outside on loopback: a certificate, and a proxy that is the package index of every host."""

import html
import re
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from editors.toolbox import apt, run

ANY_HOST = "*.example.com"


class Certificate(NamedTuple):
    """A certificate that signs itself, and its key, thrown away after the tests."""

    certificate: Path
    key: Path


def certificate(folder: Path) -> Certificate:
    """For 127.0.0.1 and the hosts that the pages speak of."""
    apt({"openssl": "openssl"})
    made = Certificate(folder / "certificate.pem", folder / "key.pem")
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=loopback", "-addext", f"subjectAltName=IP:127.0.0.1,DNS:{ANY_HOST}"]
    run(["openssl", "req", "-x509", *curve, *names, "-keyout", made.key, "-out", made.certificate])
    return made


@contextmanager
def index(held: Certificate, wheels: Mapping[str, bytes]) -> Iterator[str]:
    """The address of a proxy. Whatever host is asked for, it answers itself: with these wheels."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(held.certificate, held.key)

    class Index(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Says nothing."""

        def do_CONNECT(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.close_connection = False
            self.connection = context.wrap_socket(self.connection, server_side=True)
            self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            last = path.rstrip("/").rpartition("/")[2]
            found = [name for name in wheels if _normal(name.partition("-")[0]) == _normal(last)]
            if last in wheels:
                self._answer(200, "application/octet-stream", wheels[last])
            elif found:
                links = "".join(f'<a href="/files/{each}">{each}</a>' for each in map(html.escape, found))
                self._answer(200, "text/html", f"<!DOCTYPE html>{links}".encode())
            else:
                self._answer(404, "text/plain", b"")

        def _answer(self, code: int, kind: str, body: bytes) -> None:
            self.send_response(code)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Index)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
