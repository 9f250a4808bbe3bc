"""Findings as JUnit XML, which Azure Pipelines, Jenkins and GitLab show as tests.

A file is a test suite. A finding that fails the run is a failed test, one that does not a passed test with a text, a
rule that could not run a skipped one. A file without findings is one passed test, so that it is seen to be checked.
"""

import re
from xml.etree import ElementTree as Xml

from ...core.text.diagnostic import Diagnostic, NotRun
from .result import FileResult, Report, place_of

# What XML 1.0 cannot hold, however it is written.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report) -> str:
    """One XML document."""
    suites = [_suite(file) for file in report.result.files]
    if report.result.not_run:
        suites.append(_summed("envlens", [_skipped(rule, each, "envlens") for rule, each in report.result.not_run]))
    root = Xml.Element("testsuites", {"name": "envlens", **_sums(suites), "time": "0"})
    root.extend(suites)
    Xml.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{Xml.tostring(root, encoding="unicode")}\n'


def _suite(file: FileResult) -> Xml.Element:
    name = _clean(file.shown)
    cases = [_finding(file, each, name) for each in file.diagnostics]
    cases += [_skipped(rule, each, name) for rule, each in file.not_run]
    return _summed(name, cases or [_case("no findings", name)])


def _skipped(rule: str, each: NotRun, name: str) -> Xml.Element:
    case = _case(rule, name)
    Xml.SubElement(case, "skipped", message=_clean(each.reason))
    return case


def _summed(name: str, cases: list[Xml.Element]) -> Xml.Element:
    """A suite of cases."""
    counts = {
        "tests": len(cases),
        "failures": sum(case.find("failure") is not None for case in cases),
        "errors": 0,
        "skipped": sum(case.find("skipped") is not None for case in cases),
    }
    suite = Xml.Element("testsuite", {"name": name, **{key: str(count) for key, count in counts.items()}, "time": "0"})
    suite.extend(cases)
    return suite


def _finding(file: FileResult, each: Diagnostic, name: str) -> Xml.Element:
    place = place_of(file.source, each.span)
    case = _case(f"{each.rule} ({place.line}:{place.column})", name)
    message = _clean(each.message)
    text = f"{name}:{place.line}:{place.column}: {each.severity.label}[{each.rule}] {message}"
    if each.severity >= file.fail_on:
        Xml.SubElement(case, "failure", message=message, type=each.severity.label).text = text
    else:
        Xml.SubElement(case, "system-out").text = text
    return case


def _case(name: str, file: str) -> Xml.Element:
    return Xml.Element("testcase", name=name, classname=file, file=file, time="0")


def _sums(suites: list[Xml.Element]) -> dict[str, str]:
    keys = ("tests", "failures", "errors", "skipped")
    return {key: str(sum(int(suite.get(key, "0")) for suite in suites)) for key in keys}


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
