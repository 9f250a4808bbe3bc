"""Measures everything and writes the tables of docs/performance.md: `python -m bench.run`, see `--help`."""

import argparse
import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from envlens import __version__

from . import cli, folders, hostile, inputs, lens, lsp, requests, rivals, tables, trees

_ROOT = Path(__file__).resolve().parent.parent
_PAGE = _ROOT / "docs" / "performance.md"
PARTS = ("servers", "requests", "lens", "commands", "folders", "trees", "hostile")


def main() -> None:
    """Measures and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--rounds", type=int, default=3, help="of language servers; command lines run five times as often"
    )
    parser.add_argument("--edits", type=int, default=lsp.EDITS)
    parser.add_argument("--only", choices=PARTS, help="one part")
    args = parser.parse_args()
    cache = Path(os.environ.get("ENVLENS_BENCH_CACHE") or _ROOT / "build" / "bench").resolve()
    files = cache / "inputs"
    inputs.write(files)
    # An installed package has its bytecode; a checkout under PYTHONDONTWRITEBYTECODE would be compiled at each start.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(cache / "bytecode")
    os.environ["ENVLENS_CACHE_DIR"] = str(cache / "kept")
    envlens = str(Path(sys.executable).with_name("envlens"))
    parts: dict[str, str] = {}
    rows: list[lsp.Row] = []
    lint: list[cli.Row] = []
    asked: list[requests.Row] = []
    many: list[cli.Row] = []
    contexts: list[trees.Row] = []
    if args.only in {None, "servers"}:
        rows = _servers(envlens, cache, files, args.rounds, args.edits)
        parts["servers"] = tables.servers(rows)
    if args.only in {None, "requests"}:
        ours = lsp.Server("envlens", [envlens, "server"])
        asked = requests.compare([(ours, case) for case in _asked(files)], args.rounds)
        parts["requests"] = tables.requests(asked)
    if args.only in {None, "lens"}:
        parts["lens"] = tables.lens(lens.compare(lsp.Server("envlens", [envlens, "server"]), cache, args.rounds))
    if args.only in {None, "folders"}:
        many = folders.compare(envlens, cache, files / "folders", args.rounds)
        parts["folders"] = tables.folders(many)
    if args.only in {None, "trees"}:
        contexts = trees.compare(cache, args.rounds)
        parts["trees"] = tables.trees(contexts)
    if args.only in {None, "commands"}:
        lint = _commands(envlens, cache, files, args.rounds * 5)
        parts["commands"] = tables.commands(lint)
    if args.only in {None, "hostile"}:
        parts["hostile"] = tables.inputs(hostile.measure([envlens, "lint", "--no-cache"], cache / "hostile"))
    how = {
        "servers": f"{args.rounds} rounds, all servers interleaved in each; {args.edits} edits a round.",
        "requests": f"{args.rounds} rounds; {requests.ASKED} of each kind a round.",
        "lens": f"{args.rounds} rounds, all modes in turns in each; {lens.EDITS} edits a round.",
        "folders": f"Each command {args.rounds} times, in turns; hadolint once.",
        "trees": f"Each {args.rounds} times, in turns; azure-ai-ml once.",
        "commands": f"Each command {args.rounds * 5} times, in turns.",
        "hostile": "Each once.",
    }
    machine = _machine()
    parts |= {f"made-{name}": f"{machine}\n{how[name]}" for name in parts}
    if args.only is None:
        parts["targets"] = tables.targets(rows, lint, asked, many) + "\n" + tables.tree_targets(contexts)
    _write(parts)
    print("\n\n".join(parts.values()))


def _servers(envlens: str, cache: Path, files: Path, rounds: int, edits: int) -> list[lsp.Row]:
    ours = lsp.Server("envlens", [envlens, "server"])
    others = rivals.yaml_servers(cache, files)
    cases = [
        lsp.Case("environment", files / "env-small", files / "env-small" / "environment.yml"),
        lsp.Case("conda, 300", files / "conda-300", files / "conda-300" / "conda.yml"),
        lsp.Case("conda, 3,000", files / "conda-3000", files / "conda-3000" / "conda.yml"),
    ]
    docker = [
        lsp.Case(f"Dockerfile, {count:,} lines", folder, folder / "docker" / "Dockerfile", count < 1000, "dockerfile")
        for count in (200, 2000)
        if (folder := files / f"docker-{count}")
    ]
    workspace = files / "workspace"
    file = workspace / "env0500" / "conda.yml"
    alone = [lsp.Case("one folder", file.parent, file), lsp.Case("1,000 folders", workspace, file)]
    pairs = [(server, case) for case in cases for server in (ours, *others)]
    pairs += [(server, case) for case in docker for server in (ours, *rivals.docker_servers(cache))]
    return lsp.compare([*pairs, *((ours, case) for case in alone)], rounds, edits)


def _asked(files: Path) -> list[lsp.Case]:
    names = {
        "environment with its conda specification": ("inline-500", "environment.yml", "yaml"),
        "Dockerfile": ("docker-500", "docker/Dockerfile", "dockerfile"),
        "pipeline job": ("job-500", "job.yml", "yaml"),
    }
    return [
        lsp.Case(name, files / folder, files / folder / file, language=language)
        for name, (folder, file, language) in names.items()
    ]


def _commands(envlens: str, cache: Path, files: Path, rounds: int) -> list[cli.Row]:
    file, large = str(files / "conda-30" / "conda.yml"), str(files / "conda-3000" / "conda.yml")
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "envlens lint conda.yml": [envlens, "lint", file],
    }
    programs = rivals.linters(cache)
    schema = ["--schemafile", str(files / "schema-conda.json")]
    for name, program in programs.items():
        commands[f"{name} conda.yml"] = [program, *(schema if "schema" in name else []), file]
    commands["envlens lint conda.yml, 3,000 dependencies"] = [envlens, "lint", large]
    for name, program in programs.items():
        options = schema if "schema" in name else []
        commands[f"{name} conda.yml, 3,000 dependencies"] = [program, *options, large]
    commands["envlens lint --no-cache, folder of 2,000 files"] = [
        envlens,
        "lint",
        "--no-cache",
        str(files / "workspace"),
    ]
    shown = subprocess.run(
        commands["envlens lint --no-cache, folder of 2,000 files"], capture_output=True, text=True, check=False
    )
    assert "2000 files checked" in shown.stdout, "the folder was not looked at"
    return cli.compare(commands, rounds)


def _machine() -> str:
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    machine = (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB, shared with other work"
    )
    versions = [f"envlens {__version__}", f"Python {platform.python_version()}"]
    try:
        node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
        versions += [f"yaml-language-server {rivals.YAML_LS} on node {node.removeprefix('v')}"]
        versions += [f"dockerfile-language-server-nodejs {rivals.DOCKER_LS}"]
    except OSError:
        pass
    versions += [f"yamllint {rivals.YAMLLINT}", f"check-jsonschema {rivals.CHECK_JSONSCHEMA}"]
    versions += [f"hadolint {rivals.HADOLINT}", f"azure-ai-ml {rivals.AZURE_AI_ML}"]
    return f"Measured {datetime.now(UTC).date()} on: {machine}. {', '.join(versions)}."


def _write(parts: Mapping[str, str]) -> None:
    page = _PAGE.read_text(encoding="utf-8")
    for name, text in parts.items():
        page = tables.put(page, name, text)
    _PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
