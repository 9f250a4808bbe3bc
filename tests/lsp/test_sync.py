"""The text of open files: encodings, increments, bursts, versions."""

import json
import random
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from .wire import (
    BASE,
    CONDA,
    ENVIRONMENT,
    SCHEMA,
    Message,
    Wire,
    apply_edits,
    change_message,
    edit,
    edits_of,
    frame,
    position,
    range_of,
)

ENCODINGS = ("utf-8", "utf-16", "utf-32")
# All in one line, behind characters of one to four bytes and one or two UTF-16 units.
FLOW = (
    '{"$schema": "https://azuremlschemas.azureedge.net/latest/environment.schema.json", '
    f'name: "🚗𝔘é\u0301中\u200d", image: "{BASE}", descripton: "🚙", os_type: "mäc𝕆s"}} # 🚗'
)


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Wire]:
    (tmp_path / "conda.yml").write_text(CONDA, encoding="utf-8")
    with Wire(tmp_path) as wire:
        yield wire


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_ranges_are_right_to_the_unit(encoding: str, tmp_path: Path) -> None:
    capabilities = {"general": {"positionEncodings": [encoding]}}
    with Wire(tmp_path, capabilities=capabilities) as wire:
        assert wire.capabilities["positionEncoding"] == encoding
        uri = wire.open(tmp_path / "environment.yml", FLOW)
        found = {each["code"]: each["range"] for each in wire.diagnostics(uri)}
        assert found["env-unknown-key"] == range_of(FLOW, "descripton", encoding)
        assert found["os-type-invalid"] in (range_of(FLOW, "mäc𝕆s", encoding), range_of(FLOW, '"mäc𝕆s"', encoding))

        at = position(FLOW, FLOW.index("descripton"), encoding)
        assert "env-unknown-key" in wire.hover(uri, at["line"], at["character"])
        (action, *_) = wire.actions(uri, found["env-unknown-key"])
        mended = apply_edits(FLOW, edits_of(action, uri), encoding)
        assert mended == FLOW.replace("descripton", "description")

        wire.change(uri, 2, edit(FLOW, "descripton", "description", encoding), edit(mended, "mäc𝕆s", "linux", encoding))
        assert wire.rules(uri) == ["env-name-characters"]
        text = mended.replace("mäc𝕆s", "linux")
        wire.change(uri, 3, edit(text, "🚗𝔘", "AzureML-x", encoding))
        reserved = next(each for each in wire.diagnostics(uri) if each["code"] != "env-name-characters")
        assert reserved["code"] == "reserved-name-prefix"
        assert "é\u0301中" in reserved["message"]


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [(["utf-8", "utf-16"], "utf-8"), (["utf-32", "utf-8"], "utf-32"), ([], "utf-16"), (["ebcdic", "utf-8"], "utf-8")],
)
def test_the_first_encoding_that_both_have(offered: list[str], chosen: str) -> None:
    with Wire(capabilities={"general": {"positionEncodings": offered}}) as wire:
        assert wire.capabilities["positionEncoding"] == chosen


def test_only_real_line_ends_count(tmp_path: Path, wire: Wire) -> None:
    """Form feed and its like end no line for LSP: an edit below a comment that holds one lands where it should."""
    for number, (odd, end) in enumerate(product("\x0c\x0b\x1c\x85\u2028\u2029🚗", ("\n", "\r\n", "\r"))):
        text = end.join(["# first", f"# a{odd}b", "name: demo", f"image: {BASE}", "conda_file: conda.yml", ""])
        uri = wire.open(tmp_path / f"environment{number}.yml", text)
        wire.settle()
        longer = text.replace(f"{odd}b", f"{odd}{odd}c")
        wire.change(uri, 2, edit(text, f"{odd}b", f"{odd}{odd}c"), edit(longer, "demo", "AzureML-x"))
        longer = longer.replace("demo", "AzureML-x")
        wire.change(uri, 3, edit(longer, f"a{odd}{odd}c", "x"))
        (found,) = wire.diagnostics(uri)
        assert found["code"] == "reserved-name-prefix"
        assert found["range"] == range_of(longer.replace(f"a{odd}{odd}c", "x"), "AzureML-x")


def test_several_ranges_in_one_message_apply_in_order(tmp_path: Path, wire: Wire) -> None:
    uri = wire.open(tmp_path / "environment.yml", ENVIRONMENT)
    texts = [ENVIRONMENT, ENVIRONMENT.replace("demo", "a\nversion: '1'"), ""]
    texts[2] = texts[1].replace("version: '1'\n", "")
    wire.change(
        uri,
        2,
        edit(texts[0], "demo", "a\nversion: '1'"),
        edit(texts[1], "version: '1'\n", ""),
        edit(texts[2], "name: a", "name: Microsoft-a"),
        "name: whole\n",
        edit("name: whole\n", "whole\n", f"Microsoft-b\nimage: {BASE}\n"),
    )
    (found,) = wire.diagnostics(uri)
    assert "Microsoft-b" in found["message"]
    assert found["range"]["end"] == {"line": 0, "character": 17}


PIECES = (
    "name: AzureML-x", "image: example.io/a", "conda_file: conda.yml", "descripton: x", "tags: {a: 🚗}", "os_type: mac",
    "  ", "\n", "\r\n", "\r", "\x0c", "\u2028", "\u0085", "🚗", "𝔘", "é", "# note 🚗", ":", "-", "'", "[", "\t",
    "\nversion: 1.50\n", "\r\nlabels: 1\r\n", "\ufeff", "\n# envlens: ignore[os-type-invalid]\n",
)  # fmt: skip


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_random_increments_equal_the_full_text(encoding: str, tmp_path: Path) -> None:
    rng = random.Random(f"envlens {encoding}")
    settings = {"include": ["environment:*.yml"]}  # the kind is stated, so that nonsense has findings too
    with Wire(tmp_path, capabilities={"general": {"positionEncodings": [encoding]}}, settings=settings) as wire:
        text = SCHEMA + ENVIRONMENT
        edited = wire.open(tmp_path / "edited.yml", text)
        seen = set()
        for version in range(2, 202):
            changes: list[Message] = []
            for _ in range(rng.choice((1, 1, 1, 2, 4))):
                start, end = sorted(rng.randrange(len(text) + 1) for _ in range(2))
                end = min(end, start + rng.choice((0, 0, 0, 1, 2, 8)))
                if any(text[at - 1 : at + 1] == "\r\n" for at in (start, end)):
                    continue  # LSP has no position between the two
                new = "".join(rng.choice(PIECES) for _ in range(rng.choice((0, 1, 1, 2))))
                where = {"start": position(text, start, encoding), "end": position(text, end, encoding)}
                changes.append({"range": where, "text": new})
                text = text[:start] + new + text[end:]
            if len(text) > 1500 or version % 40 == 0:
                text = SCHEMA + ENVIRONMENT
                changes.append({"text": text})
            if changes:
                wire.change(edited, version, *changes)
            if version % 4 == 0:
                fresh = wire.open(tmp_path / f"fresh{version}.yml", text)
                found = wire.diagnostics(fresh)
                same = json.dumps(wire.diagnostics(edited)).replace(edited, fresh) == json.dumps(found)
                assert same, text
                seen |= {each["code"] for each in found}
                symbols = [
                    wire.request("textDocument/documentSymbol", {"textDocument": {"uri": uri}})
                    for uri in (fresh, edited)
                ]
                assert symbols[0] == symbols[1], text
                wire.close(fresh)
        assert len(seen) > 4, "the changes prove nothing when they all give the same finding"


def test_publishes_carry_the_version(tmp_path: Path, wire: Wire) -> None:
    uri = wire.open(tmp_path / "environment.yml", ENVIRONMENT, version=7)
    wire.settle()
    wire.change(uri, 9, ENVIRONMENT + "# one\n")
    wire.settle()
    versions = [each.get("version") for each in wire.published(uri)]
    assert versions[0] == 7
    assert versions[-1] == 9
    assert versions == sorted(versions)


def test_a_burst_of_edits_is_published_once(tmp_path: Path, wire: Wire) -> None:
    """200 keystrokes that arrive together: nobody needs the findings of the first 199."""
    uri = wire.open(tmp_path / "environment.yml", ENVIRONMENT)
    wire.settle()
    before = len(wire.published(uri))
    text, messages = ENVIRONMENT, []
    for version in range(2, 202):
        old = text
        text = text.replace("name: ", "name: x") if version < 201 else text.replace("name: ", "name: AzureML-")
        change = {"range": range_of(old, "name: "), "text": "name: x" if version < 201 else "name: AzureML-"}
        messages.append(change_message(uri, version, change))
    wire.send_raw(b"".join(map(frame, messages)))
    (found,) = wire.diagnostics(uri)
    published = wire.published(uri)[before:]
    assert sum(each["version"] < 201 for each in published) <= 3
    assert published[-1]["version"] == 201
    assert published[-1]["diagnostics"] == [found]
    assert found["range"] == range_of(text, "AzureML-" + "x" * 199 + "demo")


def test_reopening_takes_the_new_text(tmp_path: Path, wire: Wire) -> None:
    uri = wire.open(tmp_path / "environment.yml", ENVIRONMENT.replace("demo", "AzureML-x"))
    assert wire.rules(uri) == ["reserved-name-prefix"]
    wire.close(uri)
    assert wire.diagnostics(uri) == []
    wire.open(tmp_path / "environment.yml", ENVIRONMENT, version=1)
    assert wire.diagnostics(uri) == []


def test_open_change_close_in_one_go(tmp_path: Path, wire: Wire) -> None:
    """A file that is closed before anything was published gets no findings afterwards."""
    uri = (tmp_path / "environment.yml").as_uri()
    item = {"uri": uri, "languageId": "yaml", "version": 1, "text": ENVIRONMENT.replace("demo", "AzureML-x")}
    opened = {"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": item}}
    closed = {"jsonrpc": "2.0", "method": "textDocument/didClose", "params": {"textDocument": {"uri": uri}}}
    wire.send_raw(frame(opened) + frame(change_message(uri, 2, item["text"] + "#\n")) + frame(closed))
    assert wire.diagnostics(uri) == []
