"""The real Docker engine, asked to build a page's Dockerfile, from base images that the tests make and name.

They hold Debian's Python, pip, make and apt, and for pip and apt stubs of the packages that the pages name. `conda` (in
Azure ML's images) is a stand-in that says yes: what it does is not what is asked here.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from editors.toolbox import UnavailableError, apt, install_once, run
from engine.docker_engine import CLIENT, Engine

from . import pages, stub_deb, stub_wheel
from .pages import Outcome
from .sdk_runs import Sent

VERSION = "Docker 20.10"
TIMEOUT = 120.0
BASE, WITH_CONDA = "consumers/base:1", "consumers/conda:1"
# Debian 12's; `python3-pip-whl` holds pip.
PACKAGES = [
    *("libc6", "zlib1g", "libssl3", "libexpat1", "libffi8", "libbz2-1.0", "liblzma5", "libsqlite3-0", "libuuid1"),
    *("libcrypt1", "media-types", "python3.11-minimal", "libpython3.11-minimal", "libpython3.11-stdlib"),
    *("python3-pip-whl", "make"),
    # What apt-get needs, and dpkg.
    *("apt", "libapt-pkg6.0", "dpkg", "tar", "libc-bin", "libgcc-s1", "libstdc++6", "libgnutls30", "libnettle8"),
    *(
        "libhogweed6",
        "libgmp10",
        "libidn2-0",
        "libunistring2",
        "libp11-kit0",
        "libtasn1-6",
        "libseccomp2",
        "libsystemd0",
    ),
    *("libzstd1", "liblz4-1", "libgcrypt20", "libgpg-error0", "libcap2", "libudev1", "libxxhash0", "libacl1"),
    *("libselinux1", "libpcre2-8-0", "libmd0"),
]
_APT = re.compile(r"apt-get install (?:-\S+ )*([a-z][\w ]*\w)")
_FROM = re.compile(r"(?m)^FROM (?:--\S+ )?(\S+)")
_YES = "#!/bin/sh\nexit 0\n"
_PIP = "#!/usr/bin/python3\nimport sys\nfrom pip._internal.cli.main import main\nsys.exit(main())\n"
_PIP_CONF = (
    "[global]\nno-index = true\nfind-links = /wheels\ndisable-pip-version-check = true\n"
    "root-user-action = ignore\nbreak-system-packages = true\n"
)


def prepare(engine: Engine, rules: Sequence[str], folder: Path) -> None:
    """Gives the engine an image of each name that the Good of a page starts from."""
    tree = folder / "base"
    shutil.copytree(_python(), tree, symlinks=True)
    (tree / "wheels").mkdir()
    for name, version in {stub_deb.CLONED, *(each for rule in rules for each in pages.packages(rule))}:
        file, content = stub_wheel.make(name, version)
        (tree / "wheels" / file).write_bytes(content)
    stub_deb.repository(sorted({name for rule in rules for name in _debs(rule)}), folder / "debs")
    shutil.copytree(folder / "debs" / "held", tree / "packages")
    archive = folder / "base.tar"
    run(["tar", "--exclude=./.complete", "-C", tree, "-cf", archive, "."])
    _docker(engine, "import", str(archive), BASE)
    context = folder / "with-conda"
    context.mkdir()
    (context / "Dockerfile").write_text(f"FROM {BASE}\nCOPY --chmod=755 conda /usr/bin/\n")
    (context / "conda").write_text(_YES)
    _docker(engine, "build", "--tag", WITH_CONDA, str(context), kit=True)
    for name in {name for rule in rules for name in _images(rule)}:
        _docker(engine, "tag", WITH_CONDA if "/azureml/" in name else BASE, name)


def _debs(rule: str) -> set[str]:
    texts = [
        text.decode("utf-8", "replace") for section in ("Bad", "Good") for text in pages.files(rule, section).values()
    ]
    return {name for text in texts for each in _APT.findall(text) for name in each.split()}


def _images(rule: str) -> set[str]:
    texts = [text.decode("utf-8", "replace") for text in pages.files(rule, "Good").values()]
    written = {each for text in texts for each in _FROM.findall(text)}
    return written | {each for text in texts for each in re.findall(r"(?m)^image: (\S+)$", text)}


def _python() -> Path:
    """The files of a small image that has Python, pip and a shell."""

    def install(folder: Path) -> None:
        apt({"busybox": "busybox-static", "dpkg-deb": "dpkg"})
        if shutil.which("apt-get") is None:
            raise UnavailableError("no apt-get to make a base image with")
        debs, unpacked = folder / "debs", folder / "unpacked"
        debs.mkdir()
        run(["apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", *PACKAGES], cwd=debs)
        for each in debs.iterdir():
            run(["dpkg-deb", "-x", each, unpacked])
        for name in ("bin", "sbin", "lib", "lib64"):
            (folder / "usr" / name).mkdir(parents=True, exist_ok=True)
            (folder / name).symlink_to(f"usr/{name}")
        for name in ("etc", "var"):
            (folder / name).mkdir()
        for name in ("usr", "bin", "sbin", "lib", "lib64", "etc", "var"):
            # Through the links: `lib` is one here.
            run(["cp", "-a" if name != "lib64" else "-aL", f"{unpacked / name}/.", f"{folder / name}/"])
        for name in ("tmp", "root", "dev", "proc", "sys"):
            (folder / name).mkdir(exist_ok=True)
        _fill(folder)
        shutil.rmtree(debs)
        shutil.rmtree(unpacked)

    return install_once("engine-base", f"compiled {' '.join(PACKAGES)}", install)


def _fill(folder: Path) -> None:
    programs = folder / "usr" / "bin"
    shutil.copy(shutil.which("busybox") or "", programs / "busybox")
    for name in run([programs / "busybox", "--list"]).split():
        if not (programs / name).exists():
            (programs / name).symlink_to("busybox")
    for name in ("python3", "python"):
        (programs / name).unlink(missing_ok=True)
        (programs / name).symlink_to("python3.11")
    (wheel,) = (folder / "usr" / "share" / "python-wheels").glob("pip-*.whl")
    site = folder / "usr" / "local" / "lib" / "python3.11" / "dist-packages"
    shutil.unpack_archive(wheel, site, "zip")
    (programs / "pip").write_text(_PIP)
    (programs / "pip").chmod(0o755)
    etc, status = folder / "etc", folder / "var" / "lib" / "dpkg" / "status"
    (etc / "pip.conf").write_text(_PIP_CONF)
    (etc / "passwd").write_text("root:x:0:0:root:/root:/bin/sh\n")
    (etc / "group").write_text("root:x:0:\n")
    (etc / "apt" / "sources.list").write_text("deb [trusted=yes] file:/packages ./\n")
    (etc / "apt" / "apt.conf").write_text('APT::Sandbox::User "root";\n')
    status.parent.mkdir(parents=True, exist_ok=True)
    status.touch()
    # Compiled once here, not in each container anew.
    run(["chroot", folder, "python3", "-m", "compileall", "-q", "/usr/lib/python3.11", "/usr/local/lib/python3.11"])


def has_context(rule: str) -> bool:
    """Whether the page's definition has a build context, which the client uploads."""
    if "environment.yml" not in pages.files(rule, "Bad"):
        return False
    return all("build" in pages.parsed(rule, section, "environment.yml") for section in ("Bad", "Good"))


def build(engine: Engine, rule: str, section: str, *, folder: Path, sent: Sent | None, kit: bool) -> Outcome:
    """Builds what the page's section says: its Dockerfile, the context that the client uploaded, or from its image."""
    found = pages.files(rule, section)
    if sent is not None:
        told = pages.parsed(rule, section, "environment.yml")["build"]
        place = pages.lay_out(rule, section, folder)
        # The client uploads a folder under its own name.
        context = sent.store / (place / told["path"]).resolve().name if "path" in told else sent.store
        options = ["--file", str(context / told["dockerfile_path"])] if "dockerfile_path" in told else []
    elif "Dockerfile" in found:
        context, options = pages.lay_out(rule, section, folder), []
    else:
        # Azure ML's image starts from the one that is named.
        context, options = folder / rule / section.lower(), []
        context.mkdir(parents=True, exist_ok=True)
        (context / "Dockerfile").write_text(f"FROM {pages.parsed(rule, section, 'environment.yml')['image']}\n")
    # There is no network bridge.
    command = ["build", "--network=none", *(["--progress=plain"] if kit else []), *options, str(context)]
    done = _docker(engine, *command, kit=kit, check=False)
    said = pages.cleaned(done.stdout + done.stderr, context.resolve(), context.resolve().parent)
    return Outcome(done.returncode != 0, said)


def _docker(
    engine: Engine, *arguments: str, kit: bool = False, check: bool = True
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [CLIENT, *arguments],
        env={**os.environ, "DOCKER_HOST": engine.address, "DOCKER_BUILDKIT": "1" if kit else "0"},
        capture_output=True,
        timeout=TIMEOUT,
        check=check,
        text=True,
        errors="replace",
    )
