"""Folders that mean harm, for `envlens lint` and for the server: findings or refusals, never a traceback, never a hang.

Each run has 600 MB of memory and 30 seconds. Beside each hostile part lies a definition with a finding: it must come.
"""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lsp.wire import Wire

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX links, devices and limits")

SECRET = "hunter2-swordfish"
BASE = "mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1"
SCHEMA = "$schema: https://azuremlschemas.azureedge.net/latest/environment.schema.json\n"
JOB = "$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json\ncommand: python train.py\n"
HEAD = f"{SCHEMA}name: demo\nimage: {BASE}\n"
OUTSIDE_YAML = f"- {SECRET}\n- root:x:0:0:{SECRET}\n"
LIMIT = 600_000_000

Build = Callable[[Path, Path], None]
CASES: dict[str, tuple[Build, tuple[str, ...]]] = {}


def case(*rules: str) -> Callable[[Build], Build]:
    """Registers a hostile folder, with the rules that must say something about it."""

    def keep(build: Build) -> Build:
        CASES[build.__name__] = (build, rules)
        return build

    return keep


def write(path: Path, text: str | bytes) -> None:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def sparse(path: Path, size: int) -> None:
    with path.open("wb") as file:
        file.truncate(size)


@case()
def conda_file_outside(folder: Path, outside: Path) -> None:
    write(folder / "environment.yml", HEAD + f"conda_file: ../{outside.name}/secret.yml\n")
    write(folder / "absolute.yml", HEAD + f"conda_file: {outside}/secret.yml\n")
    write(folder / "passwd.yml", HEAD + "conda_file: /etc/passwd\n")
    write(folder / "up.yml", HEAD + f"conda_file: {'../' * 200}etc/passwd\n")


@case()
def links_to_files_outside(folder: Path, outside: Path) -> None:
    (folder / "conda.yml").symlink_to(outside / "secret.yml")
    (folder / "passwd.yml").symlink_to(outside / "passwd")
    write(folder / "environment.yml", HEAD + "conda_file: conda.yml\n")
    write(folder / "other.yml", HEAD + "conda_file: passwd.yml\n")


@case()
def link_to_a_folder_outside(folder: Path, outside: Path) -> None:
    (folder / "linked").symlink_to(outside)
    write(folder / "environment.yml", HEAD + "conda_file: linked/secret.yml\n")
    write(folder / "nearby.yml", HEAD + "conda_file: linked/sekret.yml\n")


@case()
def settings_that_are_links_outside(folder: Path, outside: Path) -> None:
    (folder / "envlens.toml").symlink_to(outside / "secret.toml")
    (folder / ".gitignore").symlink_to(outside / "passwd")


@case()
def settings_that_are_no_files(folder: Path, outside: Path) -> None:
    os.mkfifo(folder / "envlens.toml")
    (folder / "pyproject.toml").symlink_to("/dev/zero")
    os.mkfifo(folder / ".gitignore")


@case()
def settings_that_are_too_much(folder: Path, outside: Path) -> None:
    write(folder / "envlens.toml", "a = " + "[" * 200_000)
    write(folder / ".gitignore", "**/" * 5_000 + "b\n" + "[" * 1000 + "\n")


@case()
def gitignore_that_takes_forever(folder: Path, outside: Path) -> None:
    write(folder / ".gitignore", "*a" * 30 + "b\n" + "*" * 5_000 + "c\n")
    write(folder / f"{'a' * 60}.yml", HEAD)


@case()
def patterns_in_settings_that_take_forever(folder: Path, outside: Path) -> None:
    write(folder / "envlens.toml", f'exclude = ["{"*a" * 30}b"]\ninclude = ["conda:{"*a" * 30}b"]\n')
    write(folder / f"{'a' * 60}.yml", HEAD)


@case()
def patterns_in_settings_that_are_none(folder: Path, outside: Path) -> None:
    write(
        folder / "envlens.toml",
        r'exclude = ["\\", "!", "", "/", "[z-a]"]' + "\n" + r'include = ["\\", "conda:\\"]' + "\n",
    )


@case()
def gitignore_that_git_itself_ignores(folder: Path, outside: Path) -> None:
    write(folder / ".gitignore", "\\\n!\n/\n***x\n[z-a]\na[\n")


@case()
def build_path_root(folder: Path, outside: Path) -> None:
    for number, path in enumerate(("/", "..", "../../..", f"../{outside.name}", "/proc", "/dev")):
        text = f"{SCHEMA}name: demo\nbuild:\n  path: {path}\n  dockerfile_path: ../../etc/passwd\n"
        write(folder / f"environment{number}.yml", text)


@case()
def fifo(folder: Path, outside: Path) -> None:
    os.mkfifo(folder / "conda.yml")
    os.mkfifo(folder / "environment.yaml")
    write(folder / "environment.yml", HEAD + "conda_file: conda.yml\n")


@case()
def devices(folder: Path, outside: Path) -> None:
    (folder / "zero.yml").symlink_to("/dev/zero")
    (folder / "conda.yml").symlink_to("/dev/stdin")
    for number, path in enumerate(("/dev/zero", "zero.yml", "conda.yml", "/dev/tty", "/proc/self/mem", "/proc/kmsg")):
        write(folder / f"environment{number}.yml", HEAD + f"conda_file: {path}\n")


@case("file-too-large")
def huge_files(folder: Path, outside: Path) -> None:
    sparse(folder / "conda.yml", 100_000_000)
    sparse(folder / "environment.yaml", 5_000_000_000)
    write(folder / "environment.yml", HEAD + "conda_file: environment.yaml\n")


@case("yaml-syntax-error")
def alias_bombs(folder: Path, outside: Path) -> None:
    rungs = "".join(f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))
    write(folder / "laughs.yml", HEAD + "tags:\n  a0: &a0 [x]\n" + rungs)
    merges = "".join(f"  m{n}: &m{n}\n    <<: [{', '.join([f'*m{n - 1}'] * 9)}]\n" for n in range(1, 30))
    write(folder / "merges.yml", HEAD + "tags:\n  m0: &m0 {k: v}\n" + merges)
    write(folder / "itself.yml", HEAD + "tags: &t\n  a: *t\n")
    write(folder / "conda.yml", "channels: &c [*c]\ndependencies: &d\n  - *d\n  - pip: *d\n")
    write(folder / "unknown.yml", HEAD + "tags: *nobody\n")


@case("yaml-syntax-error")
def depth(folder: Path, outside: Path) -> None:
    write(folder / "conda.yml", "dependencies: " + "[" * 1_000_000)
    write(folder / "environment.yml", HEAD + "tags: " + "{a: " * 250_000)
    write(folder / "dashes.yml", HEAD + "tags:\n  " + "- " * 500_000 + "x\n")
    stairs = "".join(" " * n + "a:\n" for n in range(1, 1_500))
    write(folder / "stairs.yml", HEAD + "tags:\n" + stairs)
    write(folder / "question.yml", HEAD + "tags:\n  " + "? " * 500_000 + "x\n")


@case("pip-invalid-operator")
def many_lines(folder: Path, outside: Path) -> None:
    lines = "".join(f"      - package-{number}=={number}.0\n" for number in range(20_000))
    write(
        folder / "conda.yml",
        "channels: [a]\ndependencies:\n  - python=3.12\n  - pip=24\n  - pip:\n" + lines + "      - a=1\n",
    )


@case()
def long_lines(folder: Path, outside: Path) -> None:
    for number, piece in enumerate(
        (">=1,", "[a", " ", "a", "=", "==1;", "-", "*", "(", "\\", "!", "#", "{{", "::", "@ ")
    ):
        entry = f"'x{piece * 50_000}'"
        text = f"channels: [a]\ndependencies:\n  - python=3.12\n  - {entry}\n  - pip:\n    - {entry}\n"
        (folder / str(number)).mkdir()
        write(folder / str(number) / "conda.yml", text)
    write(
        folder / "name.yml",
        f"{SCHEMA}name: {'a' * 1_000_000}\nimage: {'a/' * 400_000}:{'b' * 100_000}@{'@' * 100_000}\n",
    )
    write(folder / "key.yml", HEAD + "".join(f"descripton{'x' * n}: 1\n" for n in range(2_000)))


@case()
def link_loops(folder: Path, outside: Path) -> None:
    (folder / "a").mkdir()
    (folder / "a" / "up").symlink_to("..")
    (folder / "self").symlink_to("self")
    (folder / "conda.yml").symlink_to("conda.yml")
    (folder / "one.yml").symlink_to("two.yml")
    (folder / "two.yml").symlink_to("one.yml")
    write(folder / "environment.yml", HEAD + "conda_file: a/up/a/up/a/up/one.yml\n")
    write(folder / "environment2.yml", HEAD + "conda_file: self/conda.yml\n")


@case("os-type-invalid")
def names_that_steer_the_terminal(folder: Path, outside: Path) -> None:
    for name in (
        "a\nerror[fake]: b.yml",
        "\x1b[31mred\x1b]0;title\x07.yml",
        "\u202egnp.yml",
        "\r\x9b2J.yml",
        "c\u2028d.yml",
    ):
        write(folder / name, HEAD + 'os_type: "\\e[2J\\a"\n"\\e[31mkey": 1\n')
    (folder / os.fsdecode(b"\xff\xfe.yml")).write_text(HEAD + "os_type: mac\n")


@case()
def unreadable(folder: Path, outside: Path) -> None:
    for name in ("conda.yml", "environment.yml"):
        write(folder / name, HEAD)
        (folder / name).chmod(0)
    (folder / "closed").mkdir()
    (folder / "closed").chmod(0)
    (folder / "conda.yaml").mkdir()
    write(folder / "user.yml", HEAD + "conda_file: conda.yml\n")
    write(folder / "folder.yml", HEAD + "conda_file: conda.yaml\n")


@case()
def bytes_that_are_no_text(folder: Path, outside: Path) -> None:
    write(folder / "environment.yml", (HEAD + "description: a\0b\n").encode())
    write(folder / "nul.yml", b"\0" * 10_000)
    write(folder / "utf16.yml", HEAD.encode("utf-16"))
    write(folder / "utf32.yml", HEAD.encode("utf-32"))
    write(folder / "latin.yml", (HEAD + "description: ").encode() + bytes(range(1, 256)))
    write(folder / "conda.yml", "channels: [a]\ndependencies: [b]\n".encode("utf-16-le"))
    write(folder / "surrogate.yml", (HEAD + "description: ").encode() + b"\xed\xa0\x80\n")
    write(folder / "escape.yml", HEAD + 'description: "\\ud800 \\U0010FFFF \\xFF"\n')
    write(folder / "dates.yml", HEAD + "version: 9999-99-99\ntags: {a: 0000-00-00, b: 2001-02-30T99:99:99Z}\n")
    write(folder / "tagged.yml", HEAD + 'tags: !!python/object/apply:os.system ["touch owned"]\nversion: !!float x\n')


@case()
def aliases_that_multiply(folder: Path, outside: Path) -> None:
    levels = (f"  a{at}: &a{at} {{{', '.join(f'k{key}: *a{at - 1}' for key in range(300))}}}\n" for at in (1, 2, 3))
    write(folder / "mappings.yml", HEAD + "tags:\n  a0: &a0 {b: c}\n" + "".join(levels))
    merges = (f"  a{at}: &a{at} {{<<: [{', '.join([f'*a{at - 1}'] * 300)}]}}\n" for at in (1, 2, 3))
    write(folder / "merges.yml", HEAD + "tags:\n  a0: &a0 {b: c}\n" + "".join(merges) + "  <<: *a3\n")


@case("env-unknown-key")
def keys_that_are_nearly_right(folder: Path, outside: Path) -> None:
    write(folder / "keys.yml", HEAD + "".join(f"descripti{at}on: a\n" for at in range(3000)))
    write(folder / "nested.yml", HEAD + "build:\n" + "".join(f"  pat{at}h: a\n" for at in range(3000)))


@case()
def tabs_that_need_the_slower_parser(folder: Path, outside: Path) -> None:
    write(folder / "tabs.yml", HEAD + "tags: [\n" + "".join(f"a{at},\t\t\t\t\n" for at in range(19_000)) + "]\n")
    write(folder / "brackets.yml", HEAD + "description: a?\ntags: " + "[" * 150_000)


@case()
def numbers_that_are_too_long(folder: Path, outside: Path) -> None:
    write(
        folder / "big.yml",
        HEAD + f"version: {'9' * 10_000}\ntags: {{a: 1e99999, b: 0x{'f' * 9000}, c: 1:{':59' * 99}}}\n",
    )


@case()
def paths_that_are_no_paths(folder: Path, outside: Path) -> None:
    paths = (
        '"a\\0b"', "x" * 100_000, "/".join("x" * 50_000), "~/.ssh/id_rsa", "file:///etc/passwd", '""', ".", "$HOME/x",
        r'"\\\\server\\share"', "//server/share/conda.yml", "https://example.invalid/conda.yml", "'{{ x }}'",
        '"\\ud800"', "con", "c:/x",
    )  # fmt: skip
    for number, path in enumerate(paths):
        write(folder / f"environment{number}.yml", HEAD + f"conda_file: {path}\n")


@case()
def contexts_outside(folder: Path, outside: Path) -> None:
    write(outside / "Dockerfile", f"FROM {SECRET}\n")
    built = f"{SCHEMA}name: demo\nbuild:\n  path: "
    write(folder / "up.yml", f"{built}../{outside.name}\n")
    write(folder / "absolute.yml", f"{built}{outside}\n")
    write(folder / "dockerfile.yml", f"{built}.\n  dockerfile_path: ../{outside.name}/Dockerfile\n")
    (folder / "below").mkdir()
    (folder / "below" / "linked").symlink_to(outside)
    write(folder / "linked.yml", f"{built}below/linked\n")


@case()
def what_a_dockerfile_draws_on_outside(folder: Path, outside: Path) -> None:
    write(folder / "environment.yml", f"{SCHEMA}name: demo\nbuild:\n  path: .\n")
    steps = [f"COPY ../{outside.name}/secret.yml /etc/passwd passwd {outside}/* /x/", "RUN pip install -r /x/passwd"]
    write(folder / "Dockerfile", "\n".join([f"FROM {BASE}", *steps, "RUN pip install -r ../../etc/passwd", ""]))
    (folder / "passwd").symlink_to(outside / "passwd")
    (folder / ".dockerignore").symlink_to(outside / "passwd")
    (folder / ".amlignore").symlink_to(outside / "secret.yml")


@case()
def requirements_outside(folder: Path, outside: Path) -> None:
    write(folder / "environment.yml", f"{SCHEMA}name: demo\nbuild:\n  path: .\n")
    write(folder / "Dockerfile", f"FROM {BASE}\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n")
    lines = [f"-r {outside}/secret.yml", "-r /etc/passwd", f"-c ../{outside.name}/passwd", "-r fifo", "-r gone.txt"]
    write(folder / "requirements.txt", "\n".join([*lines, "-r requirements.txt", ""]))
    os.mkfifo(folder / "fifo")


@case()
def contexts_that_are_no_files(folder: Path, outside: Path) -> None:
    write(folder / "environment.yml", f"{SCHEMA}name: demo\nbuild:\n  path: .\n")
    os.mkfifo(folder / "Dockerfile")
    write(folder / "device.yml", f"{SCHEMA}name: demo\nbuild:\n  path: /dev\n  dockerfile_path: zero\n")
    os.mkfifo(folder / ".dockerignore")
    (folder / ".amlignore").symlink_to("/dev/zero")


@case()
def dockerfiles_that_take_forever(folder: Path, outside: Path) -> None:
    write(folder / "environment.yml", f"{SCHEMA}name: demo\nbuild:\n  path: .\n")
    copies = "".join(f"COPY {'*a' * 20}{at} {'[a-z]*' * 20} /x\n" for at in range(300))
    arguments = "".join(f"ARG A{at}=$A{at - 1}$A{at - 1}\n" for at in range(1, 200))
    quotes = "RUN pip install " + "'\"" * 20_000 + "\n"
    write(folder / "Dockerfile", f"ARG A0={'a' * 50}\n{arguments}FROM {BASE}\nCOPY gone.txt .\n{copies}{quotes}")
    write(folder / ".dockerignore", "**/*a" * 100 + "\n" + "*a" * 12 + "b\n")
    write(folder / f"{'a' * 200}c", "")


@case()
def dockerfiles_of_very_many_commands(folder: Path, outside: Path) -> None:
    def dockerfile(name: str, base: str, body: str) -> None:
        (folder / name).mkdir()
        write(folder / name / "Dockerfile", f"FROM {base}\n{body}\n")

    steps = "apt-get install nodejs", "cd a && make all", "bash -c 'pip install six'", "if git; then make; fi"
    for at, step in enumerate(steps):
        dockerfile(f"a{at}", "debian:12", f"RUN {step}{f' && {step}' * 8_000}")
    dockerfile("pythons", "continuumio/miniconda3", "RUN conda install -y" + " python=3.10 python=3.11" * 10_000)
    feed = "https://pkgs.dev.azure.com/a/_packaging/b/pypi/simple"
    for name, step in (("feeds", f"pip install -i {feed} six"), ("built", "pip install mpi4py==3.1.4 horovod==0.28.1")):
        dockerfile(name, "python:3.12-slim", "\n".join(f"RUN {step}" for _ in range(3_000)))


@case("environment-not-found")
def names_that_are_much_alike(folder: Path, outside: Path) -> None:
    for at in range(600):
        parts = "".join(letter + "-" * (at >> place & 1) for place, letter in enumerate("churntrain"))
        write(folder / f"e{at}.yml", f"{SCHEMA}name: {parts}s\nversion: {at}\nimage: {BASE}\n")
        write(folder / f"j{at}.yml", f"{JOB}environment: azureml:churntrains:1\n")
    write(folder / "environment.yml", f"{SCHEMA}name: forecasting\nversion: 1\nimage: {BASE}\n")
    write(folder / "job.yml", f"{JOB}environment: azureml:forcasting:1\n")


@case()
def jobs_inside_jobs(folder: Path, outside: Path) -> None:
    node = "{type: pipeline, jobs: {a: " * 90 + "{}" + "}}" * 90
    write(folder / "deep.yml", f"type: pipeline\njobs: {{a: {node}}}\n")
    write(folder / "loop.yml", "type: pipeline\njobs: &j {a: {type: pipeline, jobs: *j}}\n")
    many = "".join(f"  n{at}: {{command: x, environment: azureml:x}}\n" for at in range(20_000))
    write(folder / "many.yml", f"type: pipeline\njobs:\n{many}")


@case()
def v1_definitions(folder: Path, outside: Path) -> None:
    write(folder / "azureml_environment.json", '{"name": ' * 5_000)
    (folder / "conda_dependencies.yml").symlink_to(outside / "secret.yml")
    (folder / "BaseDockerfile").symlink_to(outside / "passwd")


@case()
def secrets_in_addresses(folder: Path, outside: Path) -> None:
    address = f"https://user:{SECRET}@pkgs.example.com/simple"
    write(folder / "environment.yml", f"{SCHEMA}name: demo\nbuild:\n  path: .\n")
    steps = [
        f"ENV PIP_INDEX_URL={address}",
        f"RUN pip install --extra-index-url {address} git+{address} a=1",
        "COPY r.txt .",
    ]
    write(folder / "Dockerfile", "\n".join([f"FROM {BASE}", *steps, "RUN pip install -r r.txt", ""]))
    write(
        folder / "r.txt", f"--index-url {address}\nnumpy @ {address}/a.whl\n{address}/b=1\nx=={address}\n-r {address}\n"
    )
    write(
        folder / "conda.yml",
        f"channels: ['{address}']\ndependencies: ['{address}/a', pip: ['-i {address}', 'x {address}']]\n",
    )


@pytest.fixture(params=CASES)
def hostile(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, tuple[str, ...]]:
    """The folder, and the rules that must fire in it."""
    folder, outside = tmp_path / "project", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    (folder / ".git").mkdir()
    write(outside / "secret.yml", OUTSIDE_YAML)
    write(outside / "conda.yml", f"channels: [a]\ndependencies: ['{SECRET}=1', pip: [{SECRET}=1]]\n")
    write(outside / "secret.toml", f"{SECRET} = 1\n")
    write(outside / "passwd", f"root:{SECRET}:0:0::/root:/bin/sh\n")
    (folder / "zz-last").mkdir()
    write(folder / "zz-last" / "environment.yml", HEAD.replace("demo", "AzureML-sentinel") + "conda_file: train.yml\n")
    write(folder / "zz-last" / "train.yml", "channels: [a]\ndependencies: [python=3.12, pip]\n")
    build, rules = CASES[request.param]
    build(folder, outside)
    request.addfinalizer(lambda: [path.chmod(0o700) for path in folder.iterdir() if not path.is_symlink()])
    return folder, rules


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (LIMIT, LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def lint(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "envlens", "lint", *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=30,
        check=False,
        preexec_fn=limited,
    )


def check(output: bytes, folder: Path) -> None:
    assert SECRET.encode() not in output
    assert b"Traceback" not in output
    assert b"internal-error" not in output
    assert b"root:x:0" not in output
    assert not (folder / "owned").exists()


def refuses_settings(folder: Path) -> bool:
    """Whether the folder's settings cannot be used: then nothing is judged by other ones than the user's."""
    settings = folder / "envlens.toml"
    return settings.is_file() and (settings.is_symlink() or settings.stat().st_size > 100_000)


def test_lint(hostile: tuple[Path, tuple[str, ...]]) -> None:
    folder, rules = hostile
    done = lint(folder, ".")
    output = done.stdout + done.stderr
    check(output, folder)
    if refuses_settings(folder):
        assert done.returncode == 2
        assert b"envlens.toml" in done.stderr
        return
    assert done.returncode == 1, output[-2000:]
    assert b"AzureML-sentinel" in done.stdout
    assert all(rule.encode() in done.stdout for rule in rules)
    assert not [control for control in ("\x1b", "\x07", "\r", "\x9b", "\u202e") if control.encode() in output]
    assert b"\nerror[fake]" not in output


def test_lint_named(hostile: tuple[Path, tuple[str, ...]]) -> None:
    """The same files by name, as JSON: those that are refused are said, one line each."""
    folder, _ = hostile
    names = sorted(os.listdir(folder))
    done = lint(folder, "--format", "json", *(f"./{name}" for name in names))
    check(done.stdout + done.stderr, folder)
    if refuses_settings(folder):
        assert done.returncode == 2
        return
    links_to_nothing = [name for name in names if not (folder / name).exists()]
    assert done.returncode == (2 if links_to_nothing else 1), done.stderr
    assert json.loads(done.stdout)["findings"]
    assert all(line.startswith(b"envlens: ") for line in done.stderr.splitlines())
    assert not [control for control in (b"\x1b", b"\x07", b"\r") if control in done.stdout + done.stderr]


def test_server(hostile: tuple[Path, tuple[str, ...]]) -> None:
    folder, rules = hostile
    with Wire(folder, preexec=limited) as wire:
        train = wire.open(folder / "zz-last" / "train.yml")
        wire.until(lambda: wire.rules(train) == ["pip-not-pinned"], "the end of the scan")
        seen: set[str] = set()
        for path in sorted(folder.rglob("*.y*ml")):
            if path.is_symlink() or not path.is_file() or path.stat().st_size > 3_000_000:
                continue
            try:
                text = path.read_bytes().decode("utf-8", "replace")
            except OSError:
                continue
            uri = wire.open(path, text)
            wire.request("textDocument/documentLink", {"textDocument": {"uri": uri}})
            wire.hover(uri, 3, 14)
            seen |= set(wire.rules(uri))
        assert wire.stop() == 0
        check(repr(wire.notifications).encode() + wire.stderr, folder)
        assert seen >= set(rules) - {"file-too-large"}
