"""What stands for the outside on loopback: a certificate, and a proxy that is the package index of every host.

It says no as the true ones do: a feed of Azure Artifacts to whoever does not say who he is, and storage where the
signature in an address has ended.
"""

import html
import re
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from editors.toolbox import apt, run

from . import stub_wheel

FEEDS = "pkgs.dev.azure.com"
HOSTS = ("*.example.com", FEEDS, "*.blob.core.windows.net")


class Certificate(NamedTuple):
    """A certificate that signs itself, and its key, thrown away after the tests."""

    certificate: Path
    key: Path


def certificate(folder: Path) -> Certificate:
    """For 127.0.0.1 and the hosts that the pages speak of."""
    apt({"openssl": "openssl"})
    made = Certificate(folder / "certificate.pem", folder / "key.pem")
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    hosts = "".join(f",DNS:{each}" for each in HOSTS)
    names = ["-subj", "/CN=loopback", "-addext", f"subjectAltName=IP:127.0.0.1{hosts}"]
    run(["openssl", "req", "-x509", *curve, *names, "-keyout", made.key, "-out", made.certificate])
    return made


@contextmanager
def index(held: Certificate, wheels: Mapping[str, bytes]) -> Iterator[str]:
    """The address of a proxy. Whatever host is asked for, it answers itself: with these wheels."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(held.certificate, held.key)

    def _link(name: str) -> str:
        python = html.escape(stub_wheel.python_of(wheels[name]))
        is_for = f' data-requires-python="{python}"' if python else ""
        return f'<a href="/files/{html.escape(name)}"{is_for}>{html.escape(name)}</a>'

    class Index(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        host = ""

        def log_message(self, *_: object) -> None:
            """Says nothing."""

        def do_CONNECT(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.host = self.path.partition(":")[0]
            self.close_connection = False
            self.connection = context.wrap_socket(self.connection, server_side=True)
            self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)

        def do_GET(self) -> None:
            path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
            last = path.rstrip("/").rpartition("/")[2]
            found = [name for name in wheels if _normal(name.partition("-")[0]) == _normal(last)]
            if self.host == FEEDS and "Authorization" not in self.headers:
                self._answer(401, "text/plain", b"", ("WWW-Authenticate", 'Basic realm="feeds"'))
            elif any(datetime.fromisoformat(each) < datetime.now(UTC) for each in query.get("se", ())):
                self._answer(403, "text/plain", b"")
            elif last in wheels:
                self._answer(200, "application/octet-stream", wheels[last])
            elif found:
                links = "".join(map(_link, found))
                self._answer(200, "text/html", f"<!DOCTYPE html>{links}".encode())
            else:
                self._answer(404, "text/plain", b"")

        def _answer(self, code: int, kind: str, body: bytes, *headers: tuple[str, str]) -> None:
            self.send_response(code)
            for header in headers:
                self.send_header(*header)
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
