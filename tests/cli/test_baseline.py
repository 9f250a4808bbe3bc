"""A baseline keeps what is known quiet, whatever lines move, and says what is there no more."""

import json
from pathlib import Path

import pytest

from .running import BASE, CONDA, GOOD, SCHEMA, lines, place, run

UPDATE = ("lint", "--baseline", "known.json", "--update-baseline")
CHECK = ("lint", "--baseline", "known.json", "--format", "concise", "--fail-on", "info")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    place(tmp_path, environment_yml=f"{SCHEMA}name: AzureML-e\nimage: {BASE}\ndescription: é\n", sub__conda_yml=CONDA)
    done = run(tmp_path, *UPDATE)
    assert (done.returncode, done.stderr.decode()) == (0, "envlens: known.json has 6 findings now\n")
    assert done.stdout.decode() == "no findings, 2 files checked, 6 more in the baseline\n"
    return tmp_path


def test_what_is_known_is_quiet(project: Path) -> None:
    done = run(project, *CHECK)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert run(project, "lint").returncode == 1


def test_moved_lines_are_known(project: Path) -> None:
    moved = CONDA.replace("dependencies:\n", "# one\n# two\n\ndependencies:\n").replace("  - scipy\n", "")
    place(project, sub__conda_yml=f"{moved}  -    scipy   # why not\n")
    done = run(project, *CHECK)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_what_is_new_is_reported_and_what_is_one_more_too(project: Path) -> None:
    place(project, sub__conda_yml=CONDA.replace("scipy", "scipy=1.14") + "  - numpy\n  - pandas\n")
    done = run(project, *CHECK)
    assert done.returncode == 1
    places = [line.split(": ")[0] for line in lines(done)]
    assert places == ["sub/conda.yml:7:5", "sub/conda.yml:7:5", "sub/conda.yml:8:5"]
    assert done.stderr.decode() == ("envlens: known.json: 1 finding is there no more: --update-baseline takes it out\n")


def test_the_file_is_made_to_be_read_and_merged(project: Path) -> None:
    text = (project / "known.json").read_text(encoding="utf-8")
    table = json.loads(text)
    assert table["version"] == 1
    assert list(table["findings"]) == ["environment.yml", "sub/conda.yml"]
    assert sorted(table["findings"]["sub/conda.yml"]["unpinned-dependency"].values()) == [1, 2]
    assert text == json.dumps(table, indent=2) + "\n"
    assert "AzureML" not in text, "it quotes nothing"
    stamp = (project / "known.json").stat().st_mtime_ns
    again = run(project, *UPDATE)
    assert again.stderr == b""
    assert (project / "known.json").stat().st_mtime_ns == stamp, "nothing changed, nothing is written"


def test_paths_count_from_the_baseline(project: Path) -> None:
    done = run(project / "sub", "lint", "--baseline", "../known.json", "--fail-on", "info", "..", "conda.yml")
    assert (done.returncode, done.stderr) == (0, b"")


def test_an_update_of_a_part_keeps_the_rest(project: Path) -> None:
    before = json.loads((project / "known.json").read_text())["findings"]
    place(project, sub__conda_yml=CONDA.replace("  - scipy\n", ""))
    run(project, *UPDATE, "environment.yml")
    assert json.loads((project / "known.json").read_text())["findings"] == before
    run(project, *UPDATE, "--select", "image-no-tag-or-digest")
    assert json.loads((project / "known.json").read_text())["findings"] == before
    done = run(project, *CHECK, "--select", "image-no-tag-or-digest")
    assert done.stderr == b"", "a rule that was not asked is not gone"
    run(project, *UPDATE)
    after = json.loads((project / "known.json").read_text())["findings"]
    assert after["environment.yml"] == before["environment.yml"]
    assert list(after["sub/conda.yml"]["unpinned-dependency"].values()) == [2]


def test_a_file_that_cannot_be_read_keeps_what_is_known(project: Path) -> None:
    before = json.loads((project / "known.json").read_text())["findings"]["sub/conda.yml"]
    place(project, sub__conda_yml=CONDA + "a: {b\n")
    done = run(project, *CHECK)
    assert (done.returncode, done.stderr) == (1, b"")
    run(project, *UPDATE)
    place(project, sub__conda_yml=CONDA)
    after = json.loads((project / "known.json").read_text())["findings"]["sub/conda.yml"]
    assert after["unpinned-dependency"].items() >= before["unpinned-dependency"].items()
    assert run(project, *CHECK).returncode == 0


def test_a_file_that_is_gone_is_stale(project: Path) -> None:
    (project / "sub" / "conda.yml").unlink()
    assert "known.json: 4 findings are there no more" in run(project, *CHECK).stderr.decode()
    run(project, *UPDATE)
    assert list(json.loads((project / "known.json").read_text())["findings"]) == ["environment.yml"]


def test_every_format_leaves_out_what_is_known(project: Path) -> None:
    place(project, sub__conda_yml=CONDA + "  - pandas\n")
    done = run(project, "lint", "--baseline", "known.json", "--format", "json")
    assert [each["start"]["line"] for each in json.loads(done.stdout)["findings"]] == [7]
    gitlab = run(project, "lint", "--baseline", "known.json", "--format", "gitlab")
    assert [each["location"]["lines"]["begin"] for each in json.loads(gitlab.stdout)] == [7]


def test_fix_and_ignores_go_with_it(project: Path) -> None:
    place(project, sub__conda_yml=CONDA + "  - pandas\n")
    run(project, "lint", "--baseline", "known.json", "--add-ignores", "--quiet")
    text = (project / "sub" / "conda.yml").read_text()
    assert text == CONDA + "  - pandas  # envlens: ignore[unpinned-dependency]\n"
    assert run(project, *CHECK).returncode == 0


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"version": 1}', '{"version": 1, "findings": {"a": {"b": {"c": "1"}}}}', "[" * 100_000, "\x00",
     '{"version": 1, "findings": {"a": {"b": {"c": -1}}}}', '{"version": 1, "findings": []}'],
)  # fmt: skip
def test_a_file_that_is_no_baseline(content: str, tmp_path: Path) -> None:
    place(tmp_path, environment_yml=GOOD)
    (tmp_path / "known.json").write_text(content)
    for command in (CHECK, UPDATE):
        done = run(tmp_path, *command)
        assert (done.returncode, done.stdout) == (2, b"")
        assert done.stderr.decode() == "envlens: known.json: not a baseline that --update-baseline wrote\n"
    assert (tmp_path / "known.json").read_text() == content


def test_a_baseline_of_another_version_or_none(tmp_path: Path) -> None:
    place(tmp_path, environment_yml=GOOD)
    done = run(tmp_path, *CHECK)
    assert done.returncode == 2
    assert done.stderr.decode() == "envlens: known.json: cannot be read (missing); --update-baseline writes one\n"
    (tmp_path / "known.json").write_text('{"version": 2, "findings": {}}')
    assert b"version 2 is not known" in run(tmp_path, *UPDATE).stderr
