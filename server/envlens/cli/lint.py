"""`envlens lint`: checks files and folders, shows or mends what is found."""

import argparse
import gc
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import partial

from ..core.rules import ON_EARLIER
from ..core.text.diagnostic import NotRun, Severity
from ..host.cache import Cache, run_name
from ..host.host import Host, normal
from . import options
from .errors import UsageError
from .files import NOT_OURS, Chosen, choose
from .judging import Run
from .projects import Projects, open_host, roots_of, shown_path
from .render.result import FileResult, LintResult
from .report import emit, say, show

add_arguments = options.add_arguments


def run(args: argparse.Namespace) -> int:
    """Runs the command; the exit code."""
    paths = args.paths or ["."]
    options.check(args, paths)
    if not args.watch:
        gc.disable()  # trees are thousands of tuples without cycles: looking for some took a sixth of a large run
        return _once(args, paths)[0]
    from . import watching

    others = [each for each in (args.config, args.baseline) if each is not None]

    def look() -> watching.Stamps:
        _, host = _once(args, paths)
        return host.stamps()

    return watching.watch(look, [*paths, *others], quiet=args.quiet)


def _once(args: argparse.Namespace, paths: list[str]) -> tuple[int, Host]:
    projects = Projects(args)
    host = open_host(roots_of(paths, args.stdin_filename), projects, args.as_of)
    if args.against is not None:
        from . import looking_back

        host.earlier_of = looking_back.earlier_of(host, args.against)
    return (_show_settings if args.show_settings else _lint)(host, projects, args, paths), host


def _another_host(args: argparse.Namespace, roots: Sequence[str], projects: Projects) -> Host:
    """The host of another process that takes a share of the files; folders and settings are as this one found them."""
    host = open_host(roots, projects, args.as_of)
    for path in args.paths:
        if os.path.isfile(path):
            host.name(normal(path))
    return host


def _run(host: Host, args: argparse.Namespace, projects: Projects) -> Run:
    """A run that only reports may use what earlier runs found; one that writes looks at everything itself."""
    if args.fix or args.diff or args.add_ignores or args.watch or args.against:
        return Run(host, None)
    kept = None
    # Of named files, looking at them takes less than reading what is known of all others.
    if not args.no_cache and any(map(os.path.isdir, args.paths or ["."])):
        kept = Cache("\n".join(host.roots), run_name(args.as_of or date.today()))
    return Run(host, kept, partial(_another_host, args, tuple(host.roots), projects))


def _lint(host: Host, projects: Projects, args: argparse.Namespace, paths: list[str]) -> int:
    is_filter = paths == ["-"] and args.fix
    chosen = _from_stdin(host, args) if paths == ["-"] else choose(host, paths, _run(host, args, projects))
    if projects.problems:
        return _refuse(host, projects, args, has_report=not (is_filter or args.diff))
    if chosen.unusable and not chosen.files:
        raise UsageError("\n".join(chosen.unusable))
    for problem in chosen.unusable:
        say(problem)
    files = tuple(chosen.files)
    # Said to programs that ask what did not run; elsewhere it would stand in every report.
    is_said = args.format == "json" and not args.against
    silent = tuple((rule, NotRun(_NOT_ASKED)) for rule in sorted(ON_EARLIER)) if is_said else ()
    notes = (*chosen.notes, *_obstacles(files))
    result = LintResult(files, notes, complete=not chosen.unusable, not_run=silent)
    if args.diff or is_filter:
        _say_notes(result, args)
    if args.diff or args.fix:
        from . import fixing

        mended = fixing.mend(host, result, unsafe=args.unsafe_fixes)
        if args.diff:
            sys.stdout.write("".join(fixing.diff(mended)))
            return int(any(each.text != each.source.text for each in mended) and not args.exit_zero)
        if is_filter:
            sys.stdout.flush()
            sys.stdout.buffer.write(fixing.as_bytes(mended, chosen.data))
        else:
            _say_count("fixed", fixing.write(mended, host.roots), args)
        result = fixing.after(result, mended)
    if args.baseline is not None:
        result = _without_known(host, result, args)
    elif args.add_ignores:
        result = _with_ignores(host, result, result, args)
    if not is_filter:
        show(result, host, args)
    return 2 if chosen.unusable else int(result.fails and not args.exit_zero)


_NOT_ASKED = "no earlier version was asked for (--against)"
# Of a file in which these find something, the other rules see a part at best.
_UNREADABLE = frozenset({"file-too-large", "utf8-decode-error", "yaml-syntax-error"})


def _without_known(host: Host, result: LintResult, args: argparse.Namespace) -> LintResult:
    """The result without what the baseline knows, which is brought up to date first where that was asked for."""
    from . import baseline

    def judged(file: FileResult, rule: str) -> bool:
        if any(each.rule in _UNREADABLE for each in file.diagnostics):
            return rule in _UNREADABLE  # what else there was may be there still
        is_on = host.settings_for(file.source.path).level(rule, Severity.INFO) is not None
        return is_on and all(rule != name for name, _ in (*result.not_run, *file.not_run))

    known = baseline.load(args.baseline, may_be_missing=args.update_baseline)
    if args.update_baseline:
        known = baseline.update(known, result, judged)
        is_new, count = baseline.save(known), known.known.total()
        if is_new and not args.quiet:
            say(f"{args.baseline} has {count} finding{'s' * (count != 1)} now")
    if args.add_ignores:
        result = _with_ignores(host, result, baseline.apply(known, result, judged), args)
    return baseline.apply(known, result, judged)


def _with_ignores(host: Host, result: LintResult, wanted: LintResult, args: argparse.Namespace) -> LintResult:
    """Writes the comments that silence the findings of `wanted`; the result that the files give then."""
    from . import fixing, ignoring

    changed = ignoring.add(host, result, wanted)
    _say_count("added ignore comments to", fixing.write(changed, host.roots), args)
    return fixing.after(result, changed)


def _refuse(host: Host, projects: Projects, args: argparse.Namespace, *, has_report: bool) -> int:
    """Reports what is wrong in settings files, in place of anything else: what would be checked is not known."""
    if not has_report or not projects.mistakes:
        raise UsageError("\n".join(projects.problems))
    files = tuple(
        FileResult(shown_path(path), each.source, each.diagnostics) for path, each in projects.mistakes.items()
    )
    show(LintResult(files, complete=False), host, args)
    say(f"nothing was checked: mend {' and '.join(file.shown for file in files)} first")
    return 2


def _show_settings(host: Host, projects: Projects, args: argparse.Namespace, paths: list[str]) -> int:
    from . import showing

    text = showing.render(projects, [args.stdin_filename or "." if path == "-" else path for path in paths], args)
    if projects.problems:
        return _refuse(host, projects, args, has_report=True)
    emit(text, args)
    return 0


def _say_count(done: str, count: int, args: argparse.Namespace) -> None:
    if count and not args.quiet:
        say(f"{done} {count} file{'s' * (count != 1)}")


def _say_notes(result: LintResult, args: argparse.Namespace) -> None:
    for note in () if args.quiet else result.notes:
        say(note)


def _obstacles(files: Iterable[FileResult]) -> Iterator[str]:
    """What kept rules from running, each obstacle once."""
    for file in files:
        reasons: dict[str, list[str]] = {}
        for rule, each in file.not_run:
            reasons.setdefault(each.reason, []).append(rule)
        for reason, rules in reasons.items():
            yield f"{file.shown}: {reason}: {', '.join(sorted(rules))} did not run"


def _from_stdin(host: Host, args: argparse.Namespace) -> Chosen:
    if not args.stdin_filename:
        raise UsageError("reading standard input needs --stdin-filename")
    if sys.stdin is None:
        raise UsageError("standard input is closed")
    path, shown = normal(args.stdin_filename), args.stdin_filename
    host.name(path)
    chosen = Chosen()
    limit = host.settings_for(path).max_file_size
    chosen.data = sys.stdin.buffer.read(limit + 1)
    if len(chosen.data) > limit:
        chosen.data += sys.stdin.buffer.read() if args.fix else b""
        document = host.oversized(path)
    else:
        source = host.decode(path, chosen.data)
        host.update(path, source.text)
        document = host.document(path)
        document = document._replace(source=source) if document else None
    if host.is_excluded(path):
        chosen.notes.append(f"{shown}: skipped, an exclude pattern matches it")
    elif document is None:
        chosen.notes.append(f"{shown}: skipped, {NOT_OURS}")
    else:
        fail_on = host.settings_for(path).fail_on
        chosen.files.append(FileResult(shown, document.source, *host.judge(document), fail_on=fail_on))
    return chosen
