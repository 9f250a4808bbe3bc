"""Requirements files: the parts of a line are those of pip itself, and what pip takes we do not call an error."""

import contextlib
import io
import random
from datetime import date
from optparse import Values
from pathlib import Path

import pytest
from packaging.markers import InvalidMarker, Marker
from pip._internal.exceptions import CommandError
from pip._internal.req import req_file
from pip._internal.req.constructors import install_req_from_line

import fixture_reader as reader
from envlens.core.model.document import FileKind, build
from envlens.core.model.facts import Facts
from envlens.core.rules import load
from envlens.core.rules._rule import Context
from envlens.core.syntax import markers, requirements, requirements_file, urls
from envlens.core.text.diagnostic import Finding
from envlens.core.text.source import Source

CTX = Context(build(Source("x", ""), FileKind.REQUIREMENTS, None), Facts(date(2026, 11, 21)), lambda _: None)
# Options whose values pip keeps together, by the name that we give them; its versions differ in the others.
STORED = {
    "extra_index_urls": "--extra-index-url",
    "no_index": "--no-index",
    "constraints": "--constraint",
    "requirements": "--requirement",
    "editables": "--editable",
    "find_links": "--find-links",
    "prefer_binary": "--prefer-binary",
    "require_hashes": "--require-hashes",
    "pre": "--pre",
    "trusted_hosts": "--trusted-host",
}
PIECES = [
    *("numpy", "a==1", "-r", "-c", "--hash", "=", "sha256:abc", "--hash=sha256:0", "-e", ".", "--index-url"),
    *("https://x.io/simple", "--extra-index", "--pre", "--no-index", "--no", "#", "# c", "\\", "\\\n", "\n", "'"),
    *('"', "'a b'", '"a\\"b"', " ", "  ", "\t", "-", "--", "-x", "-rfoo.txt", "-r=foo", ";", "${VAR}", "\u00a0"),
    *(
        "\x0c",
        "\u2028",
        "-ifoo",
        "--foo",
        "--require",
        "--requirem",
        "--trusted-host=x",
        "--prefer-binary=1",
        "é",
        "-é",
    ),
]


def texts(seed: int, count: int) -> list[str]:
    chance = random.Random(seed)
    return [
        "".join(chance.choice(PIECES) + chance.choice(["", " ", " "]) for _ in range(chance.randint(1, 7)))
        for _ in range(count)
    ]


Parts = tuple[str, frozenset[tuple[str, str | None]]] | None


def by_pip(text: str) -> list[Parts]:
    parse = req_file.get_line_parser(None)
    found: list[Parts] = []
    for _, line in req_file.preprocess(text):
        try:
            with contextlib.redirect_stderr(io.StringIO()):
                arguments, options = parse(line)
        except (req_file.OptionParsingError, CommandError):
            found.append(None)
        else:
            found.append((arguments.strip(), frozenset(stored(options))))
    return found


def stored(options: Values) -> set[tuple[str, str | None]]:
    found: set[tuple[str, str | None]] = set()
    for attribute, name in STORED.items():
        value = getattr(options, attribute)
        if value:
            found |= {(name, None)} if value is True else {(name, each) for each in value}
    for algorithm, digests in (options.hashes or {}).items():
        found |= {("--hash", f"{algorithm}:{digest}") for digest in digests}
    return found | ({("--index-url", options.index_url)} if options.index_url else set())


def by_us(text: str) -> list[Parts]:
    found: list[Parts] = []
    for line in requirements_file.parse(text).lines:
        if line.wrong:
            found.append(None)
            continue
        whole = line.joined.text.strip()
        arguments = whole.partition(" -")[0].strip() if line.requirement else ""
        indexes = [each.value for each in line.options if each.name == "--index-url" and each.value]
        others = {(each.name, each.value) for each in line.options if each.name != "--index-url"}
        found.append((arguments, frozenset(others | ({("--index-url", indexes[-1])} if indexes else set()))))
    return found


@pytest.mark.parametrize("seed", range(4))
def test_lines_are_taken_apart_as_pip_does(seed: int) -> None:
    for text in texts(seed, 700):
        assert by_us(text) == by_pip(text), repr(text)


def test_spans_of_options_lie_on_their_text() -> None:
    text = (
        "-r a.txt --index-url='https://x.io' \\\n  --find-links \"a b\" --hash sha256:0 # c\nnumpy --hash=sha256:00\n"
    )
    found = [option for line in requirements_file.parse(text).lines for option in line.options]
    shown = [(text[slice(*each.name_span)], text[slice(*each.value_span)]) for each in found]
    assert shown == [
        ("-r", "a.txt"),
        ("--index-url", "https://x.io"),
        ("--find-links", "a b"),
        ("--hash", "sha256:0"),
        ("--hash", "sha256:00"),
    ]


OPERATORS = ["==", "===", "!=", "<=", ">=", "<", ">", "~=", "=", "=>", "!", "@"]
VERSIONS = ["1", "1.0", "1.*", "1.0a1", "1.0+local.1", "1!2.0", "v1", "", "1.0-1", "01.0"]
TAILS = ["", "", "", ";", "; python_version < '3'", ";foo", "; os_name in 'a b'", " 2", ","]


def requirement(chance: random.Random) -> str:
    text = chance.choice(["a", "numpy", "a-b", "a.b", "a_b", "_a", "a_", "1a"])
    text += chance.choice(["", "", "", "[x]", "[x,y]", " [x] ", "[]"])
    parts = [chance.choice(OPERATORS) + " " * chance.randint(0, 1) + chance.choice(VERSIONS) for _ in range(3)]
    return (text + ",".join(parts[: chance.randint(0, 3)]) + chance.choice(TAILS)).strip()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("seed", range(3))
def test_what_pip_takes_is_no_error(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    chance = random.Random(seed)
    judged = [errors(line) for line in {requirement(chance) for _ in range(500)} if taken(line)]
    assert judged
    assert [each for each in judged if each] == []


def taken(line: str) -> bool:
    try:
        install_req_from_line(line)
    except Exception:  # noqa: BLE001 - old versions let errors of their libraries through
        return False
    # What pip before 24.1 takes, and then finds nothing for: it compares such versions as text.
    return all(each.version for each in requirements.parse(line).specifiers if each.operator not in {">=", ">", "!="})


def errors(line: str) -> list[str]:
    names = ("pip-invalid-operator", "requirement-marker-invalid", "invalid-wheel-filename")
    found = [each for name in names for each in load(name).check(requirements.parse(line), CTX)]
    return [f"{line!r}: {each.message}" for each in found if isinstance(each, Finding) and each.severity is None]


WORDS = [
    *("python_version", "sys_platform", "os.name", "extra", "foo", "'3.8'", '"linux"', "3.8", "<", ">=", "==", "in"),
    *("not", "not in", "and", "or", "(", ")", "'", "===", "~=", "=", "AND", "[", "and(", "not  in", "'a'in", "inx"),
]


@pytest.mark.parametrize("seed", range(3))
def test_markers_are_those_of_packaging(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(1500):
        text = marker(chance)
        assert (markers.problem(text) is None) == is_marker(text), repr(text)


def marker(chance: random.Random) -> str:
    words = ["python_version", "<", "'3'"]
    for _ in range(chance.randint(0, 2)):
        words += [chance.choice(["and", "or"]), "sys_platform", chance.choice(["==", "in", "not in"]), '"x"']
    for _ in range(chance.randint(0, 2)):
        words.insert(chance.randint(0, len(words)), chance.choice(WORDS))
    return chance.choice([" ", "", " "]).join(words)


def is_marker(text: str) -> bool:
    try:
        Marker(text)
    except InvalidMarker:
        return False
    return True


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("https://user:pa55word@x.io/y", "https://***@x.io/y"),
        ("git+https://user:pa55word@x.io/y", "git+https://***@x.io/y"),
        ("'https://a:b1@x.io', 'https://c:d2@y.io'", "'https://***@x.io', 'https://***@y.io'"),
        ("https://x.io/t/ab-0123456789/main", "https://x.io/t/***/main"),
        ("https://x.io/y?a=b&sig=abc%3D&c=d", "https://x.io/y?a=b&sig=***&c=d"),
        ("https://user:${TOKEN}@x.io", "https://user:${TOKEN}@x.io"),
        ("https://user@x.io", "https://user@x.io"),
        ("ssh://git@x.io", "ssh://git@x.io"),
    ],
)
def test_credentials_are_left_out(text: str, left: str) -> None:
    assert urls.redacted(text) == left


# Pages: pip itself fails at Bad and takes Good.


def lists(name: str, section: str) -> dict[str, str]:
    """The requirements files of a page's section; a `pip:` list counts as one."""
    body = load(name).page.partition(f"## {section}\n")[2].partition("\n## ")[0]
    found = {}
    for block in reader.fences(body.split("\n")):
        text = block.text
        if block.language == "yaml":
            text = "\n".join(line.strip().removeprefix("- ") for line in text.partition("- pip:\n")[2].split("\n"))
        found[block.words[0]] = text
    return found


def take(files: dict[str, str], folder: Path) -> list[str]:
    """The requirements that pip makes of the first file. Raises what pip raises."""
    for name, text in files.items():
        (folder / name).write_text(text)
    first = next(iter(files))
    found = req_file.parse_requirements(str(folder / first), session=None)  # type: ignore[arg-type]
    return [str(install_req_from_line(each.requirement).req) for each in found]


REFUSED = ["pip-invalid-operator", "pip-unknown-option", "requirement-marker-invalid", "requirements-include-missing"]


@pytest.mark.parametrize("name", [*REFUSED, "invalid-wheel-filename"])
def test_pip_refuses_bad_and_takes_good(name: str, tmp_path: Path) -> None:
    with pytest.raises(Exception), contextlib.redirect_stderr(io.StringIO()):  # noqa: B017, PT011 - pip has many
        take(lists(name, "Bad"), tmp_path)
    assert take(lists(name, "Good"), tmp_path)


def test_pip_ignores_without_a_word(tmp_path: Path) -> None:
    assert take(lists("requirement-ignored", "Bad"), tmp_path) == []
    assert take(lists("requirement-ignored", "Good"), tmp_path) == ["idna==3.7"]
