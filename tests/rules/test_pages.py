"""A rule's page tells the truth, its Bad fires the rule, its Good does not. Module, fixture and list agree."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

import fixture_reader as reader
from envlens.core import rules
from envlens.core.features import settings_file
from envlens.core.features.diagnose import Memo, diagnose
from envlens.core.model.conda import CondaSpec
from envlens.core.model.dockerfile import Dockerfile, IndexOption, RunInstall
from envlens.core.model.document import FileKind
from envlens.core.rules import RULES
from envlens.core.rules._rule import Rule
from envlens.core.settings import Settings
from envlens.core.syntax.matchspec import MatchSpec
from envlens.core.syntax.requirements import Requirement
from envlens.core.syntax.requirements_file import Line, RequirementsFile
from envlens.core.syntax.schema import SchemaFailure
from envlens.core.text.diagnostic import Diagnostic, Severity
from envlens.core.text.source import Source
from envlens.host import config

FIXTURES = Path(__file__).parent
MODULES = Path(rules.__file__).parent
SECTIONS = ["Why", "Bad", "Good", "Fix safety"]
# No YAML can show what these find; the tests at the end provoke them.
NOT_AS_YAML = {"utf8-decode-error", "file-too-large", "internal-error", "dockerfile-too-large"}
# What is true only on another day than that of the fixtures.
DAYS = {"python-version-near-eol": date(2027, 8, 1)}
# What only files with packages hold.
ON_PACKAGES = {CondaSpec, MatchSpec, Requirement, Line, RequirementsFile, IndexOption, RunInstall, Dockerfile}
SHOWN = sorted(set(RULES) - NOT_AS_YAML)
# Pages that do not yet tell the truth, and why. Mended ones fail here until they are taken out.


def sections(page: str) -> dict[str, str]:
    """The page's parts by heading; under "" stands what comes before the first."""
    parts = re.split(r"(?m)^## (.+)$", page)
    return {"": parts[0], **dict(zip(parts[1::2], parts[2::2], strict=True))}


def judge(section: str, folder: Path, name: str = "") -> Iterator[Diagnostic]:
    """All findings in the folder that the fences of a section make."""
    case = reader.of_page(section)
    files, earlier = case.files, {file: block.text.encode() for file, block in case.earlier}
    assert files, "no fence"
    assert not any(file.expected for file in files), "a page has no caret lines"
    host = reader.place(
        ((file.name, file.text.encode()) for file in files),
        folder,
        None,
        DAYS.get(name, reader.TODAY),
        earlier,
        case.registered,
    )
    texts = {file.name: file.text for file in files}
    reader.name_plain(host, folder, files)
    ours = [file.name for file in files if file.fence.language != "text"]
    for name, document in reader.documents(host, folder, ours).items():
        if name in config.NAMES:
            yield from settings_file.diagnose(Source(name, texts[name]))
            continue
        assert document is not None, f"{name} is not taken for ours"
        yield from host.diagnose(document)


@pytest.mark.parametrize("name", sorted(RULES))
def test_page_has_its_sections(name: str) -> None:
    page = rules.load(name).page
    parts = sections(page)
    assert list(parts) == ["", *SECTIONS]
    assert all(text.strip() for text in parts.values())
    assert re.fullmatch(r"\n?[A-Za-z`'].*\.\n\n", parts[""]), "one sentence first, and nothing else"
    assert re.search(r"(?m)^Source: \S", parts["Why"])
    assert re.match(r"(Safe|Unsafe|There is no fix)\b", parts["Fix safety"].strip())


@pytest.mark.parametrize("name", SHOWN)
def test_bad_fires_the_rule(name: str, tmp_path: Path) -> None:
    found = list(judge(sections(rules.load(name).page)["Bad"], tmp_path / "demo", name))
    assert name in {each.rule for each in found}


@pytest.mark.parametrize("name", SHOWN)
def test_good_does_not(name: str, tmp_path: Path) -> None:
    found = list(judge(sections(rules.load(name).page)["Good"], tmp_path / "demo", name))
    assert name not in {each.rule for each in found}
    assert not [each.rule for each in found if each.severity is Severity.ERROR]


@pytest.mark.parametrize("name", SHOWN)
def test_bad_differs_by_nothing_else(name: str, tmp_path: Path) -> None:
    found = list(judge(sections(rules.load(name).page)["Bad"], tmp_path / "demo", name))
    # An error of another rule would hide what the page is about; a conda file's own error is the reason of another's,
    # and a signature that has ended is still one that stands in the text.
    others = {each.rule for each in found if each.severity is Severity.ERROR} - {name}
    allowed = {"conda-file-unparsable": {"yaml-syntax-error"}, "forbidden-blob": {"credentials-in-index-url"}}
    assert others <= allowed.get(name, set())


@pytest.mark.parametrize("name", SHOWN)
def test_fix_safety_says_what_the_fixes_are(name: str, tmp_path: Path) -> None:
    text = sections(rules.load(name).page)["Fix safety"].strip()
    found = [
        each for each in judge(sections(rules.load(name).page)["Bad"], tmp_path / "demo", name) if each.rule == name
    ]
    fixes = [fix for each in found for fix in each.fixes]
    if text.startswith("There is no fix"):
        assert not fixes
    elif text.startswith("Unsafe"):
        assert not any(fix.safe for fix in fixes)


def test_list_is_alphabetical() -> None:
    assert list(RULES) == sorted(RULES)


def test_rule_module_and_fixture_match() -> None:
    modules = {path.stem for path in MODULES.glob("[a-z]*.py")}
    assert {module for _, module in RULES.values()} == modules
    assert {name.replace("-", "_") for name in RULES} == modules
    assert {path.stem for path in FIXTURES.glob("*.md")} == set(RULES)


@pytest.mark.parametrize("name", sorted(RULES))
def test_rule_is_loaded_when_what_it_looks_at_is_there(name: str) -> None:
    on, kinds = set(rules.load(name).on), rules.RULES[name][0]
    assert (name in rules.ON_FAILURES) is (on == {SchemaFailure})
    defining = {FileKind.ENVIRONMENT, FileKind.JOB, FileKind.V1}
    assert (name in rules.ON_PACKAGES) is (on <= ON_PACKAGES and bool(defining & set(kinds)))


@pytest.mark.parametrize("name", sorted(RULES))
def test_rule_knows_its_name(name: str) -> None:
    rule = rules.load(name)
    assert isinstance(rule, Rule)
    assert rule.name == name
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name)
    assert rule.check.__module__.rpartition(".")[2] == name.replace("-", "_")


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.md")), ids=lambda path: path.stem)
def test_fixture_is_headed_by_its_rule(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith(f"# {path.stem}\n")


# What no YAML can show


@pytest.mark.parametrize(
    ("data", "at", "byte"),
    [
        ("name: demo\nimage: example.io/base:1\ndescription: café\n".encode("latin-1"), 52, "0xe9"),
        ("name: demo\nimage: example.io/base:1\n".encode("utf-16"), 0, "0xff"),
        (b"name: \xc3\xa9\n\x80", 8, "0x80"),
        (b"\xef\xbb\xbfname: \xc3\xa9\n\x80", 8, "0x80"),
    ],
)
def test_utf8_decode_error(data: bytes, at: int, byte: str, tmp_path: Path) -> None:
    settings, _ = reader.settings_module.parse({"include": ["environment:*.yml"]}, frozenset(RULES))
    host = reader.place([("environment.yml", data)], tmp_path, settings)
    document = host.load(str(tmp_path.resolve() / "environment.yml"))
    assert document is not None
    found = [each for each in host.diagnose(document) if each.rule == "utf8-decode-error"]
    assert [(each.span.start, each.severity) for each in found] == [(at, Severity.ERROR)]
    assert byte in found[0].message


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"numpy==2.1.3\nidna==3.7  # caf\xe9\n", [29]),
        (b"# coding: latin-1\nidna==3.7  # caf\xe9\n", []),
        ("idna==3.7  # caf\u00e9\n".encode("utf-16"), []),
        (b"\xef\xbb\xbfidna==3.7  # caf\xc3\xa9\n", []),
    ],
)
def test_utf8_decode_error_in_a_requirements_file(data: bytes, expected: list[int], tmp_path: Path) -> None:
    host = reader.place([("requirements.txt", data)], tmp_path)
    host.name(str(tmp_path.resolve() / "requirements.txt"))
    document = host.load(str(tmp_path.resolve() / "requirements.txt"))
    assert document is not None
    found = [each for each in host.diagnose(document) if each.rule == "utf8-decode-error"]
    assert [each.span.start for each in found] == expected
    assert all("pip stops here" in each.message for each in found)


def test_utf8_decode_error_in_a_conda_file_is_named_by_both(tmp_path: Path) -> None:
    definition = b"name: demo\nimage: example.io/base:1\nconda_file: train.yml\n"
    host = reader.place([("environment.yml", definition), ("train.yml", b"name: caf\xe9\n")], tmp_path)
    held = reader.documents(host, tmp_path, ["environment.yml", "train.yml"])
    names = {name: [each.rule for each in host.diagnose(held[name])] for name in held}
    assert names == {"environment.yml": ["conda-file-unparsable"], "train.yml": ["utf8-decode-error"]}


@pytest.mark.parametrize("name", ["conda.yml", "environment.yml"])
def test_file_too_large(name: str, tmp_path: Path) -> None:
    settings, _ = reader.settings_module.parse({"max-file-size": 10}, frozenset(RULES))
    host = reader.place([(name, b"dependencies: [numpy]\n")], tmp_path, settings)
    document = host.load(str(tmp_path.resolve() / name))
    assert document is not None
    (found,) = host.diagnose(document)
    assert (found.rule, found.span, found.severity) == ("file-too-large", (0, 0), Severity.WARNING)
    assert "more than 10 bytes" in found.message


@pytest.mark.parametrize(("later", "is_said"), [(180, True), (181, False)])
def test_an_old_list_of_images_says_no_name_is_unknown(later: int, is_said: bool, tmp_path: Path) -> None:
    host = reader.place(
        [("environment.yml", b"name: a\nimage: mcr.microsoft.com/azureml/opnmpi5.0-ubuntu24.04:1\n")], tmp_path
    )
    as_of = next(each.as_of for each in host.facts.catalogues if each.name == "base images")
    host.facts = host.facts._replace(today=as_of + timedelta(days=later))
    document = host.load(str(tmp_path.resolve() / "environment.yml"))
    assert document is not None
    found, not_run = host.judge(document)
    assert ("azureml-image-unknown" in {each.rule for each in found}) is is_said
    assert ("azureml-image-unknown" in {rule for rule, _ in not_run}) is not is_said


@pytest.mark.parametrize(("later", "is_said"), [(180, True), (181, False)])
def test_an_old_list_of_curated_environments_says_no_name_is_unknown(later: int, is_said: bool, tmp_path: Path) -> None:
    text = b"$schema: x/commandJob.schema.json\ncommand: a\nenvironment: azureml:AzureML-sklaern-1.5:3\n"
    host = reader.place([("job.yml", text)], tmp_path)
    as_of = next(each.as_of for each in host.facts.catalogues if each.name == "curated environments")
    host.facts = host.facts._replace(today=as_of + timedelta(days=later))
    document = host.load(str(tmp_path.resolve() / "job.yml"))
    assert document is not None
    found, not_run = host.judge(document)
    assert ("curated-env-unknown" in {each.rule for each in found}) is is_said
    assert ("curated-env-unknown" in {rule for rule, _ in not_run}) is not is_said


def test_internal_error_names_the_rule_and_the_others_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ENVLENS_STRICT")
    broken = rules.load("image-latest-tag")

    def fail(value: object, ctx: object) -> Iterator[object]:
        raise ZeroDivisionError("secret")
        yield

    by_type = rules.rules_by_type

    def with_broken(kind: FileKind, *, failed: bool, packages: bool) -> object:
        found = by_type(kind, failed=failed, packages=packages)
        return {each: [*map(_broken_by(broken, fail), those)] for each, those in found.items()}

    monkeypatch.setattr(rules, "rules_by_type", with_broken)
    host = reader.place([("environment.yml", b"name: 2024\nimage: example.io/base\n")], tmp_path, Settings())
    document = host.load(str(tmp_path.resolve() / "environment.yml"))
    assert document is not None
    told: list[tuple[str, str]] = []
    found = diagnose(
        host.snapshot(document), document, Memo(), lambda rule, error: told.append((rule, type(error).__name__))
    ).diagnostics
    assert [each.rule for each in found] == ["internal-error", "env-name-not-string", "image-no-tag-or-digest"]
    assert "'image-latest-tag' failed with ZeroDivisionError" in found[0].message
    assert "secret" not in found[0].message
    assert told == [("image-latest-tag", "ZeroDivisionError")]


def _broken_by(broken: Rule, fail: object) -> object:
    def replace(rule: Rule) -> Rule:
        return Rule(rule.name, rule.severity, rule.on, fail, rule.page) if rule is broken else rule

    return replace


@pytest.mark.parametrize(
    ("size", "user", "expected"),
    [
        (100 * 1024, None, []),
        (100 * 1024 + 1, None, [(Severity.WARNING, "may refuse more than 100 KB")]),
        (1024 * 1024, "environment.yml", [(Severity.WARNING, "may refuse more than 100 KB")]),
        (1024 * 1024 + 1, "environment.yml", [(Severity.ERROR, "takes 1 MB")]),
        (100 * 1024 + 1, "azureml_environment.json", [(Severity.ERROR, "takes 100 KB")]),
    ],
)
def test_dockerfile_too_large(
    size: int, user: str | None, expected: list[tuple[Severity, str]], tmp_path: Path
) -> None:
    text = b"FROM ubuntu:22.04\n#"
    text += "\u00e9".encode() * ((size - len(text)) // 2) + b" " * ((size - len(text)) % 2)
    name = "BaseDockerfile" if user == "azureml_environment.json" else "Dockerfile"
    users = {
        "environment.yml": b"name: a\nbuild: {path: .}\n",
        "azureml_environment.json": b'{"name": "a", "docker": {"baseImage": null}, "python": {}}',
    }
    files = [(name, text), *([(user, users[user])] if user else [])]
    host = reader.place(files, tmp_path)
    if user is None:
        host.name(str(tmp_path.resolve() / name))
    document = reader.documents(host, tmp_path, [each for each, _ in files])[name]
    assert document is not None
    found = [each for each in host.diagnose(document) if each.rule == "dockerfile-too-large"]
    assert [(each.span, each.severity) for each in found] == [((0, 0), severity) for severity, _ in expected]
    assert all(words in each.message for each, (_, words) in zip(found, expected, strict=True))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("FROM ubuntu:22.04\nRUN echo\n".encode("utf-16"), ["dockerfile-format"]),
        ("FROM ubuntu:22.04\nRUN echo\n".encode("utf-16-le"), ["dockerfile-format"]),
        ("FROM ubuntu:22.04\nRUN echo\n".encode("utf-16-be"), ["dockerfile-format"]),
        # What was run: Docker 20.10 builds these, with BuildKit and without.
        (b"\xef\xbb\xbfFROM ubuntu:22.04\n", []),
        (b"FROM ubuntu:22.04\n# caf\xe9\n", []),
        (b"FROM ubuntu:22.04\nRUN echo caf\xe9\n", []),
    ],
)
def test_encodings_of_a_dockerfile(data: bytes, expected: list[str], tmp_path: Path) -> None:
    host = reader.place([("Dockerfile", data)], tmp_path)
    host.name(str(tmp_path.resolve() / "Dockerfile"))
    document = host.load(str(tmp_path.resolve() / "Dockerfile"))
    assert document is not None
    found = host.diagnose(document)
    assert [each.rule for each in found] == expected
    assert all("UTF-16" in each.message for each in found)
