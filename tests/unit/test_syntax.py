"""Trees: nothing raises, spans slice to what they stand for, data equals PyYAML's, depth is no danger."""

import threading
from datetime import date
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

import fixture_reader as reader
from envlens.core.features.diagnose import Memo, diagnose
from envlens.core.index.snapshot import Snapshot
from envlens.core.model.document import FileKind, build
from envlens.core.settings import Settings
from envlens.core.syntax import yaml_tree
from envlens.core.syntax.nodes import Alias, Mapping, Node, Scalar, Sequence, follow
from envlens.core.syntax.scalars import value_of
from envlens.core.text.source import decode
from envlens.host import catalogue

FACTS = catalogue.load_facts(date(2026, 11, 21))
QUICK = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


def judge(data: bytes) -> None:
    """Decodes, parses and diagnoses bytes as both kinds; spans must lie in the text."""
    source = decode("/x/environment.yml", data)
    for kind in FileKind:
        schema = catalogue.environment_schema() if kind is FileKind.ENVIRONMENT else None
        document = build(source, kind, schema)
        snapshot = Snapshot(FACTS, Settings(), {document.path: document}, {})
        for each in diagnose(snapshot, document, Memo(), reader.raising).diagnostics:
            assert 0 <= each.span.start <= each.span.end <= len(source.text)
            for fix in each.fixes:
                assert all(0 <= e.span.start <= e.span.end <= len(source.text) for e in fix.edits)


# Text that looks like YAML: keys, values and signs of ours in any order and indent.
WORDS = st.sampled_from(
    [
        "name",
        "version",
        "image",
        "build",
        "conda_file",
        "path",
        "os_type",
        "tags",
        "dependencies",
        "channels",
        "pip",
        "inference_config",
        "scoring_route",
        "port",
        "$schema",
        "<<",
        "1.10",
        "010",
        "true",
        "null",
        "~",
        "2024-01-01",
        ".inf",
        "1e400",
        "0b2",
        "0x",
        "1:99",
        "demo",
        "example.io/base:1",
        "python=3.8",
        "numpy>=1",
        "torch=2",
        "AzureML-",
        "{{x}}",
        "${{",
        "x",
        "}}",
        "🚀",
        "é",
        "\u2028",
        "\x85",
        "\x00",
        "\ufeff",
        "\ud7ff",
    ]
)
SIGNS = st.sampled_from(
    [
        "\n",
        "\n",
        "\n  ",
        "\n  - ",
        "\n    ",
        "\n- ",
        ": ",
        ": ",
        ":",
        "- ",
        "[",
        "]",
        "{",
        "}",
        ", ",
        "&a ",
        "*a",
        "*b",
        "!!str ",
        "!x ",
        '"',
        "'",
        "|\n",
        ">\n",
        " #",
        "? ",
        "%",
        "@",
        "`",
        "\t",
        "\r\n",
        "\r",
        "---\n",
        "...\n",
        "!!set ",
        "!!binary ",
        "!!int ",
        "\\",
    ]
)
YAMLISH = st.lists(st.one_of(WORDS, SIGNS), max_size=40).map("".join)


@QUICK
@given(st.binary(max_size=200))
@example(b"\xff\xfen\x00")
@example(b"")
@example(b"\xef\xbb\xbf")
def test_any_bytes(data: bytes) -> None:
    judge(data)


@settings(QUICK, max_examples=800)
@given(YAMLISH)
@example("? [a, b]\n: {c: d}\n")
@example("tags: &a {x: *a}\n")
@example("{{a}}: b")
@example("<<: [*a, {b: c}]")
@example("name: !!int x\nversion: !!float y\nos_type: !!bool z\nimage: !!timestamp w\n")
@example("version: 1:99999999999999999999999999999\nname: .nan\n")
@example("inference_config: {scoring_route: [1]}")
@example("dependencies:\n- pip:\n  - - a\n- {pip: x}\n- [a]\n")
def test_yamlish_text(text: str) -> None:
    judge(text.encode("utf-8", "surrogatepass"))


@QUICK
@given(st.text(max_size=80))
def test_any_text(text: str) -> None:
    judge(text.encode("utf-8", "replace"))


def scalars(node: Node | None) -> list[Scalar]:
    found: list[Scalar] = []
    pending = [node] if node is not None else []
    while pending:
        each = pending.pop()
        if isinstance(each, Scalar):
            found.append(each)
        elif isinstance(each, Mapping):
            pending += [part for pair in each.pairs for part in (pair.key, pair.value)]
        elif isinstance(each, Sequence):
            pending += each.items
    return found


@settings(QUICK, max_examples=500)
@given(YAMLISH)
@example("a: 'it''s'\nb: \"x\\ty\"\nc: |\n  text\nd: >-\n  folded\n  text\ne: plain\n  goes on\n")
@example("\ufeffa: b")
@example("a\x85: b\u2028c")
def test_inner_slices_to_the_text(text: str) -> None:
    tree = yaml_tree.parse(text)
    for scalar in scalars(tree.root):
        assert 0 <= scalar.span.start <= scalar.span.end <= len(text)
        if scalar.inner is not None and tree.is_whole:
            assert text[scalar.inner : scalar.inner + len(scalar.text)] == scalar.text
            assert scalar.span.start <= scalar.inner
            assert scalar.inner + len(scalar.text) <= scalar.span.end


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=12)
    | st.sampled_from(
        [
            "yes",
            "1.10",
            "010",
            "0x1f",
            "1_000",
            "1:30",
            "~",
            "null",
            "",
            "=",
            "<<",
            "2024-01-01",
            "*",
            "- a",
            "a: b",
            "a #b",
        ]
    )
    | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcé_1", max_size=5), inner, max_size=4),
    max_leaves=12,
)


def data_of(node: Node | None) -> Any:
    node = follow(node) if node is not None else None
    if node is None:
        return None
    if isinstance(node, Scalar):
        return value_of(node)
    if isinstance(node, Sequence):
        return [data_of(item) for item in node.items]
    assert isinstance(node, Mapping)
    return {data_of(pair.key): data_of(pair.value) for pair in node.pairs}


@settings(QUICK, max_examples=300)
@given(VALUES, st.sampled_from([None, True, False]), st.sampled_from([None, "'", '"', "|", ">"]))
def test_data_equals_what_pyyaml_reads(value: Any, flow: bool | None, style: str | None) -> None:
    text = yaml.safe_dump(value, default_flow_style=flow, default_style=style, allow_unicode=True)
    tree = yaml_tree.parse(text)
    assert tree.is_whole
    assert data_of(tree.root) == yaml.safe_load(text)


@settings(QUICK, max_examples=500)
@given(YAMLISH)
def test_what_pyyaml_reads_we_read_alike(text: str) -> None:
    tree = yaml_tree.parse(text)
    assume(not any(problem.limit for problem in tree.problems))
    try:
        expected = yaml.load(text, yaml.SafeLoader)
    except (yaml.YAMLError, ValueError, KeyError, OverflowError, TypeError, AttributeError, IndexError):
        assert not tree.is_whole or "{{" in text or "!" in text
        return
    assert tree.is_whole, tree.problems
    plain = all(each.tag is None for each in scalars(tree.root))
    assume(plain and "<<" not in text and "!!" not in text and "=" not in text.split())
    assert data_of(tree.root) == expected


@pytest.mark.parametrize(
    "text",
    [
        "a: [1, 2.5, 0o7, 07, 1_0, 1:30, .inf, -.5, 1e3, 1.e+3]\n",
        "a: &x [1]\nb: *x\n",
        "- yes\n- No\n- 'on'\n- \"off\"\n- ~\n-\n",
        "a: 2024-01-01\nb: 2024-01-01 10:00:00\nc: 2024-01-01T10:00:00Z\n",
        "a: |\n  x\n  y\nb: >-\n  x\n  y\n\n  z\n",
        "%YAML 1.1\n---\na: b\n...\n",
        "",
        "# only a comment\n",
        "? a\n: b\n",
        "{a: b, c: , d}\n",
        "a:\n- b\n- c: d\n  e: f\n",
        "a: b\r\nc: d\r\n",
    ],
)
def test_data_of_hand_written_documents(text: str) -> None:
    tree = yaml_tree.parse(text)
    assert tree.is_whole
    assert data_of(tree.root) == yaml.safe_load(text)


DEEP = [
    "[" * 1_000_000,
    "{" * 1_000_000,
    "- " * 1_000_000,
    "a: {" * 300_000,
    "[" * 400_000 + "]" * 400_000,
    "? " * 1_000_000,
    "".join(f"{' ' * depth}a:\n" for depth in range(1000)),
    "!!str " * 100_000,
    "name: *a\n" * 20_000,
]


@pytest.mark.parametrize("text", DEEP, ids=lambda text: text[:5].strip() or "blank")
def test_depth_is_a_problem_and_no_crash(text: str) -> None:
    assert yaml_tree.parse(text).problems


def test_depth_on_a_small_stack() -> None:
    failed: list[BaseException] = []

    def work() -> None:
        try:
            for text in DEEP:
                judge(text[:20_000].encode())
            yaml_tree.parse(DEEP[0])
        except BaseException as error:  # noqa: BLE001 (told to the test, which fails)
            failed.append(error)

    before = threading.stack_size(512 * 1024)
    try:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join(60)
    finally:
        threading.stack_size(before)
    assert not thread.is_alive()
    assert not failed


def test_alias_bombs_are_not_expanded() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
    judge("\n".join([*lines, "tags: *a59", "conda_file: {dependencies: *a59}"]).encode())


def test_an_alias_is_known_only_when_its_anchor_is_finished() -> None:
    tree = yaml_tree.parse("a: &a [*a]\nb: *a\n")
    root = tree.root
    assert isinstance(root, Mapping)
    inside = root.pairs[0].value
    assert isinstance(inside, Sequence)
    assert isinstance(inside.items[0], Alias)
    assert inside.items[0].target is None
    later = root.pairs[1].value
    assert isinstance(later, Alias)
    assert later.target is inside


@pytest.mark.parametrize(
    "text", ["[!!str, a]", "{a: !!str}", "[!x]", "a: [!!int 1, !!str, b]", "a: '!,'", "a: !!str ,b"]
)
def test_a_tag_ends_where_pyyaml_says_so(text: str) -> None:
    try:
        yaml.safe_load(text)
        is_read = True
    except yaml.YAMLError:
        is_read = False
    assert yaml_tree.parse(text).is_whole is is_read


def test_numbers_of_any_length_take_no_time() -> None:
    tree = yaml_tree.parse("a: " + "1:" * 500_000 + "1")
    assert "longer than Python reads" in tree.problems[0].message
