"""Packages that pip can install: a name and a version, and nothing else."""

import io
import zipfile


def make(name: str, version: str) -> tuple[str, bytes]:
    """A wheel's file name and content."""
    held = io.BytesIO()
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(held, "w") as file:
        file.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        file.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        names = "".join(f"{info}/{each},,\n" for each in ("METADATA", "WHEEL", "RECORD"))
        file.writestr(f"{info}/RECORD", names)
    return f"{name}-{version}-py3-none-any.whl", held.getvalue()
