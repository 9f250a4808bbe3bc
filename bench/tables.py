"""Renders figures as Markdown and puts them between the markers of a page."""

import re
from collections.abc import Sequence

from envlens.core.rules import RULES, files_of

from . import cli, hostile, lsp
from . import folders as many_folders
from . import lens as lenses
from . import requests as asking
from . import trees as contexts


def servers(rows: Sequence[lsp.Row]) -> str:
    """One row for each server and case."""
    lines = [
        "| file | server | findings | init ms | open → findings ms | edit → findings ms, p50 / p95 | CPU ms an edit "
        "| burst: last version after ms (stale publishes) | peak RSS MB |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        changed = "" if row.is_sound else " (**changed by edits**)"
        burst = f"{row.median('burst'):.0f} ({row.median('stale'):.0f})" if row.median("burst") else "–"
        lines.append(
            f"| {row.case} | {row.server} | {row.median('findings'):.0f}{changed} | {row.median('init'):.0f} "
            f"| {row.median('opened'):.0f} | {row.edit(0.5):.1f} / {row.edit(0.95):.1f} "
            f"| {row.median('cpu_per_edit'):.1f} | {burst} | {row.median('memory'):.0f} |"
        )
    return "\n".join(lines)


def commands(rows: Sequence[cli.Row]) -> str:
    """One row for each command; the first is what the others are compared with."""
    lines = ["| command | wall ms | × an empty run | CPU ms | peak RSS MB |", "| --- | --- | --- | --- | --- |"]
    for row in rows:
        if any(each.is_ended for each in row.runs):
            lines.append(f"| {row.name} | **not done at the limit** | | | |")
            continue
        ratio = row.wall / rows[0].wall
        lines.append(f"| `{row.name}` | {row.wall:.0f} | {ratio:.1f} | {row.cpu:.0f} | {row.memory:.0f} |")
    return "\n".join(lines)


def requests(rows: Sequence[asking.Row]) -> str:
    """One row for each file."""
    lines = [
        "| file | lines | completion ms, p50 / p95 | right after an edit | hover | outline |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        taken = [f"{row.at(kind, 0.5):.1f} / {row.at(kind, 0.95):.1f}" for kind in asking.KINDS]
        lines.append(f"| {row.case} | {row.lines} | {' | '.join(taken)} |")
    return "\n".join(lines)


def lens(rows: Sequence[lenses.Row]) -> str:
    """One row for each file and mode."""
    lines = [
        "| file | | edit → findings ms, p50 / p95 | × where nobody asks | edit → the text of the lens ms, p50 / p95 |",
        "| --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        for mode in lenses.MODES:
            taken = f"{row.edit(mode, 0.5):.1f} / {row.edit(mode, 0.95):.1f}"
            ratio = row.edit(mode, 0.5) / row.edit(lenses.ALONE, 0.5)
            told = f"{row.lens(mode, 0.5):.1f} / {row.lens(mode, 0.95):.1f}" if row.lenses[mode] else "–"
            lines.append(f"| {row.case} | {mode} | {taken} | {ratio:.2f} | {told} |")
    return "\n".join(lines)


def folders(rows: Sequence[cli.Row]) -> str:
    """One row for each command; the first is what the others are compared with."""
    lines = ["| what | wall s | × the first | CPU s | peak RSS MB |", "| --- | --- | --- | --- | --- |"]
    lines += [
        f"| {row.name} | {row.wall / 1000:.2f} | {row.wall / rows[0].wall:.2f} "
        f"| {row.cpu / 1000:.2f} | {row.memory:.0f} |"
        for row in rows
    ]
    return "\n".join(lines)


def trees(rows: Sequence[contexts.Row]) -> str:
    """One row for each way to ask; the first time is what the others are compared with."""
    first = next(row.wall for row in rows if row.name == contexts.FIRST)
    lines = ["| what | wall ms | times faster than the first time |", "| --- | --- | --- |"]
    lines += [f"| {row.name} | {row.wall:.2f} | {first / row.wall:,.1f} |" for row in rows]
    return "\n".join(lines)


def tree_targets(rows: Sequence[contexts.Row]) -> str:
    """Rows for the table of targets."""
    wall = {row.name: row.wall for row in rows}
    lines = []
    for name, least in ((contexts.AGAIN, 12), (contexts.ASKED, 50), (contexts.NEW, 6)):
        ratio = wall[contexts.FIRST] / wall[name]
        what = f"build context of 10,000 files and 1 GB, {name}: times faster than the first time"
        lines.append(f"| {what} ≥ {least}× | {ratio:,.1f}× | {'yes' if ratio >= least else '**no**'} |")
    return "\n".join(lines)


def inputs(rows: Sequence[hostile.Row]) -> str:
    """One row for each hostile input."""
    lines = ["| input | kB | wall ms | peak RSS MB | exit code | findings |", "| --- | --- | --- | --- | --- | --- |"]
    lines += [
        f"| {row.name} | {row.size / 1000:.0f} | {row.taken.wall:.0f} | {row.taken.memory:.0f} "
        f"| {'**none: ended at the limit**' if row.taken.is_ended else row.taken.code} | {row.said} |"
        for row in rows
    ]
    return "\n".join(lines)


def targets(
    rows: Sequence[lsp.Row], lint: Sequence[cli.Row], asked: Sequence[asking.Row], many: Sequence[cli.Row]
) -> str:
    """What was promised, and what was measured; ratios are of medians of one run."""
    by = {(row.case, row.server): row for row in rows}
    lines = ["| target | measured | |", "| --- | --- | --- |"]

    def line(what: str, value: float, limit: float, *, at_least: bool, unit: str) -> None:
        holds = value >= limit if at_least else value <= limit
        sign = "≥" if at_least else "≤"
        lines.append(f"| {what} {sign} {limit:g}{unit} | {value:.1f}{unit} | {'yes' if holds else '**no**'} |")

    rivals = (("yaml-language-server", "conda, 300", 25), ("the same, no wait", "conda, 300", 2))
    for server, case, limit in (*rivals, ("yaml-language-server", "conda, 3,000", 8)):
        if (case, server) in by:
            ratio = by[case, server].edit(0.5) / by[case, "envlens"].edit(0.5)
            name = "yaml-language-server without its wait" if "no wait" in server else server
            line(
                f"edit → findings, {case} dependencies: times faster than {name}", ratio, limit, at_least=True, unit="×"
            )
    on = sum("dockerfile" in files_of(name) for name in RULES)
    for count, least in (("200", 1.5), ("2,000", 2)):
        ours, theirs = (by.get((f"Dockerfile, {count} lines", name)) for name in ("envlens", _DOCKER_LS))
        if ours is not None and theirs is not None:
            found = f"{ours.median('findings'):.0f} findings, theirs {theirs.median('findings'):.0f}"
            what = f"edit → findings, Dockerfile of {count} lines ({found}; {on} rules): times faster than {_DOCKER_LS}"
            line(what, theirs.edit(0.5) / ours.edit(0.5), least, at_least=True, unit="×")
    for row in asked:
        for kind in asking.KINDS:
            what = f"{kind}, {row.case} of {row.lines} lines, p95"
            line(what, row.at(kind, 0.95), 16, at_least=False, unit=" ms")
    alone, among = by["one folder", "envlens"], by["1,000 folders", "envlens"]
    ratio = among.median("spawn_to_shown") / alone.median("spawn_to_shown")
    line(
        "start → findings with 1,000 folders beside the file, to that of the file alone",
        ratio,
        1.3,
        at_least=False,
        unit="×",
    )
    line("peak RSS with 1,000 folders", among.median("memory"), 90, at_least=False, unit=" MB")
    typed = by["conda, 300", "envlens"]
    line(
        "200 edits at once, 300 dependencies: last version after",
        typed.median("burst"),
        200,
        at_least=False,
        unit=" ms",
    )
    line("the same: stale publishes", typed.median("stale"), 3, at_least=False, unit="")
    line("`envlens lint` of one file, to an empty run", lint[1].wall / lint[0].wall, 15, at_least=False, unit="×")
    wall = {row.name: row.wall for row in many}
    first, filling, again = (wall[name] for name in (many_folders.FIRST, many_folders.FILLING, many_folders.AGAIN))
    for name, least in ((many_folders.AZURE, 2), (many_folders.HADOLINT, 8), (many_folders.HADOLINT_EACH, 8)):
        if name in wall:
            what = f"1,000 folders, nothing kept: times faster than {name}"
            line(what, wall[name] / first, least, at_least=True, unit="×")
    line("the same once more: times faster than the first time", filling / again, 4, at_least=True, unit="×")
    if filling / again < 4:  # either will do
        line(
            "the same once more, to reading the files", again / wall[many_folders.READING], 3, at_least=False, unit="×"
        )
    return "\n".join(lines)


_DOCKER_LS = "dockerfile-language-server"


def put(page: str, name: str, text: str) -> str:
    """The page with what stands between the markers of `name` replaced."""
    pattern = re.compile(rf"(<!-- bench:{name} -->\n).*?(<!-- /bench:{name} -->)", re.DOTALL)
    assert pattern.search(page), f"no markers for {name}"
    return pattern.sub(lambda found: f"{found[1]}{text}\n{found[2]}", page)
