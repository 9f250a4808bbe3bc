"""Packages that pip can install: a name and a version, and where a page hangs on it, what the true one asks for."""

import io
import re
import zipfile

# Of the true metadata the lines that decide.
ASKED = {
    ("azureml-inference-server-http", "0.6.1"): ("Requires-Python: >=3.6", "Requires-Dist: flask (==1.0.3)"),
    ("azureml-inference-server-http", "1.3.4"): ("Requires-Python: >=3.8", "Requires-Dist: flask<=2.3.2"),
    ("scipy", "1.10.1"): ("Requires-Python: <3.12,>=3.8",),
    ("scipy", "1.14.1"): ("Requires-Python: >=3.10",),
}
# What these ask for and no page names.
BROUGHT = {("flask", "1.0.3")}


def make(name: str, version: str) -> tuple[str, bytes]:
    """A wheel's file name and content."""
    held = io.BytesIO()
    stem = f"{re.sub(r'[-_.]+', '_', name)}-{version}"
    info = f"{stem}.dist-info"
    metadata = ("Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *ASKED.get((name, version), ()))
    with zipfile.ZipFile(held, "w") as file:
        file.writestr(f"{info}/METADATA", "".join(f"{each}\n" for each in metadata))
        file.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        names = "".join(f"{info}/{each},,\n" for each in ("METADATA", "WHEEL", "RECORD"))
        file.writestr(f"{info}/RECORD", names)
    return f"{stem}-py3-none-any.whl", held.getvalue()


def python_of(wheel: bytes) -> str:
    """What a wheel says of the Python that it is for, which an index says before it is loaded; empty for any."""
    with zipfile.ZipFile(io.BytesIO(wheel)) as file:
        (name,) = (each for each in file.namelist() if each.endswith("/METADATA"))
        found = re.search(r"(?m)^Requires-Python: (.+)$", file.read(name).decode())
    return found[1] if found else ""
