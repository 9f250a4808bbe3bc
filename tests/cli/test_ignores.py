"""`--add-ignores` silences what is found and nothing else, and changes no value."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

import fixture_reader as reader

from .running import SCHEMA, place, run

FIXTURES = Path(__file__).parents[1] / "rules"


def found(folder: Path) -> list[tuple[str, str, str]]:
    done = run(folder, "lint", "--format", "json")
    return [(each["path"], each["rule"], each["message"]) for each in json.loads(done.stdout)["findings"]]


CASES = {
    "behind the line": ("image: a\nos_type: mac", "image: a  # envlens: ignore[image-no-tag-or-digest]\n"
                        "os_type: mac  # envlens: ignore[os-type-invalid]"),
    "two on a line": (
        "image: a:1\nconda_file: {channels: [c], dependencies: [python=3.12, numpy, pip=24, {pip: [a=1]}]}\n",
        "image: a:1\nconda_file: {channels: [c], dependencies: [python=3.12, numpy, pip=24, {pip: [a=1]}]}"
        "  # envlens: ignore[unpinned-dependency, pip-invalid-operator]\n",
    ),
    "behind another comment": ("image: a # why\n", "image: a # why  # envlens: ignore[image-no-tag-or-digest]\n"),
    "into a comment": (
        "image: a # envlens: ignore[ wrong-type ] because\n",
        "image: a # envlens: ignore[ wrong-type, image-no-tag-or-digest ] because\n",
    ),
    "into a comment above": (
        "# envlens: ignore[wrong-type] because\nimage: a\n",
        "# envlens: ignore[wrong-type, image-no-tag-or-digest] because\nimage: a\n",
    ),
    "above a text of several lines": (
        "image: a:1\n  \nos_type: >\n  mac\n  os\n",
        "image: a:1\n  \n# envlens: ignore[os-type-invalid]\nos_type: >\n  mac\n  os\n",
    ),
    "above a plain text of several lines": (
        "image: a:1\nos_type: mac\n  os\n",
        "image: a:1\n# envlens: ignore[os-type-invalid]\nos_type: mac\n  os\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("case", CASES)
def test_where_the_comment_goes(case: str, end: str, tmp_path: Path) -> None:
    before, after = (f"{SCHEMA}name: a\n{text}".replace("\n", end) for text in CASES[case])
    path = tmp_path / "environment.yml"
    path.write_bytes(before.encode())
    done = run(tmp_path, "lint", "--add-ignores")
    assert path.read_bytes().decode() == after
    assert done.stderr.decode() == "envlens: added ignore comments to 1 file\n"
    left = [rule for _, rule, _ in found(tmp_path)]
    assert set(left) <= {"unused-ignore"}
    assert yaml.safe_load(before) == yaml.safe_load(after)


PLAIN = {
    "requirements.txt": (
        "numpy\nscipy \\\n  >=1 \\\n  --hash=sha256:a\n# why\nflask # web\n",
        "numpy  # envlens: ignore[unpinned-dependency]\n# envlens: ignore[not-exactly-pinned]\n"
        "scipy \\\n  >=1 \\\n  --hash=sha256:a\n# why\n"
        "flask # web  # envlens: ignore[unpinned-dependency]\n",
    ),
    "Dockerfile": (
        "# syntax=docker/dockerfile:1\nFROM example.io/a\nRUN pip install numpy==1 && \\\n    pip install scipy\n"
        "RUN <<EOF\npip install flask\nEOF\n",
        "# syntax=docker/dockerfile:1\n# envlens: ignore[image-no-tag-or-digest]\nFROM example.io/a\n"
        "RUN pip install numpy==1 && \\\n    # envlens: ignore[unpinned-dependency]\n    pip install scipy\n"
        "# envlens: ignore[unpinned-dependency]\nRUN <<EOF\npip install flask\nEOF\n",
    ),
    "azureml_environment.json": ('{\n"name": "AzureML-a"\n}\n', '{\n"name": "AzureML-a"\n}\n'),
}


@pytest.mark.parametrize("name", PLAIN)
def test_files_that_are_no_yaml(name: str, tmp_path: Path) -> None:
    before, after = PLAIN[name]
    (tmp_path / name).write_text(before)
    found_before = run(tmp_path, "lint", "--format", "json", name)
    assert json.loads(found_before.stdout)["findings"], "there is something to silence"
    run(tmp_path, "lint", "--add-ignores", name)
    assert (tmp_path / name).read_text() == after


def test_inside_a_text_there_is_no_place(tmp_path: Path) -> None:
    text = f"{SCHEMA}name: a\nimage: a:1\nconda_file: {{dependencies: [python=3.12, 'num\n  py']}}\n"
    place(tmp_path, environment_yml=text)
    before = found(tmp_path)
    run(tmp_path, "lint", "--add-ignores")
    after = (tmp_path / "environment.yml").read_text()
    assert yaml.safe_load(after) == yaml.safe_load(text)
    assert all(each in before for each in found(tmp_path))


@pytest.mark.parametrize("text", ["tags: {a", "\tname: a\n", "a: *b\n"])
def test_a_file_that_cannot_be_read_is_left_alone(text: str, tmp_path: Path) -> None:
    place(tmp_path, environment_yml=f"{SCHEMA}name: AzureML\n{text}")
    before = (tmp_path / "environment.yml").read_bytes()
    done = run(tmp_path, "lint", "--add-ignores", "--format", "concise")
    assert (done.returncode, done.stderr) == (1, b"")
    assert (tmp_path / "environment.yml").read_bytes() == before
    assert b"yaml-syntax-error" in done.stdout


def test_comments_about_comments_are_not_silenced(tmp_path: Path) -> None:
    place(tmp_path, environment_yml=f"{SCHEMA}name: a\nimage: a:1 # envlens: ignore[image-latest-tag]\n")
    before = (tmp_path / "environment.yml").read_text()
    run(tmp_path, "lint", "--add-ignores")
    assert (tmp_path / "environment.yml").read_text() == before


def test_all_fixtures_fall_silent_and_keep_their_values(tmp_path: Path) -> None:
    """Every file that any rule's fixture has: what is left is what no comment can reach, and nothing is new."""
    from envlens.cli import ignoring
    from envlens.cli.render.result import FileResult, LintResult
    from envlens.core.features.suppress import ABOUT_COMMENTS

    silenced = left = 0
    for number, case in enumerate(each for path in sorted(FIXTURES.glob("*.md")) for each in reader.read(path)):
        folder = tmp_path / str(number)
        files = ((each.name, each.text.encode()) for each in case.files)
        host = reader.place(files, folder, case.settings, registered=case.registered)
        for name, document in reader.documents(host, folder, (each.name for each in case.files)).items():
            if document is None:
                continue
            before = host.judge(document)
            result = LintResult((FileResult(name, document.source, *before),))
            (changed,) = ignoring.add(host, result, result)
            wanted = [each for each in before.diagnostics if each.rule not in ABOUT_COMMENTS]
            rest = [each for each in changed.left.diagnostics if each.rule not in ABOUT_COMMENTS]
            assert {(each.rule, each.message) for each in rest} <= {(each.rule, each.message) for each in wanted}
            silenced += len(wanted) - len(rest)
            left += len(rest) * document.is_whole
            if document.kind.is_yaml and document.is_whole and changed.text != document.source.text:
                assert values(changed.text) == values(document.source.text), f"{case.path.stem}: {case.title}"
    assert silenced > 20 * left, "most findings can be silenced"


def values(text: str) -> Any:
    return [(type(each), getattr(each, "value", None)) for each in yaml.parse(text, yaml.CSafeLoader)]
