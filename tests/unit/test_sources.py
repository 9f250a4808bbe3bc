"""Requirements files are read in the encodings that pip reads, and written back in them."""

from pathlib import Path

import pytest
from pip._internal.req import req_file

import fixture_reader as reader
from envlens.cli import fixing
from envlens.cli.render.result import FileResult, LintResult
from envlens.core.text.source import decode_requirements

TEXT = "# café\r\npandas==2.2.3 # ü\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8"),
        (TEXT.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("utf-32"), "utf-32"),
        (f"# coding: latin-1\n{TEXT}".encode("latin-1"), "latin-1"),
        (f"\n# -*- coding: cp1252 -*-\n{TEXT}".encode("cp1252"), "cp1252"),
        (f"# coding: utf8\n{TEXT}".encode(), "utf-8"),
    ],
)
def test_what_pip_reads(data: bytes, encoding: str) -> None:
    source = decode_requirements("requirements.txt", data)
    assert (source.problem, source.encoding) == (None, encoding)
    assert source.text.endswith(TEXT)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (TEXT.encode("latin-1"), "byte 0xe9 is not UTF-8"),
        (TEXT.encode("utf-16-le"), "byte 0xe9 is not UTF-8"),
        (b"\n\n# coding: latin-1\n" + TEXT.encode("latin-1"), "byte 0xe9 is not UTF-8"),
        (b"x # coding: latin-1\n" + TEXT.encode("latin-1"), "byte 0xe9 is not UTF-8"),
        (b"# coding: utf-17\npandas\n", "it is not written in 'utf-17', as it says"),
        (b"# coding: ascii\n" + TEXT.encode(), "it is not written in 'ascii', as it says"),
        (b"\xff\xfe\x00", "byte 0xff is not UTF-8"),
    ],
)
def test_what_pip_does_not_read(data: bytes, problem: str) -> None:
    assert decode_requirements("requirements.txt", data).problem == problem


def test_pip_agrees(tmp_path: Path) -> None:

    for name, data in {"bom": TEXT.encode("utf-16"), "line": f"# coding: latin-1\n{TEXT}".encode("latin-1")}.items():
        path = tmp_path / name
        path.write_bytes(data)
        assert [each.requirement for each in req_file.parse_requirements(str(path), session=None)] == ["pandas==2.2.3"]


@pytest.mark.parametrize(
    "codec", ["punycode", "idna", "unicode_escape", "raw_unicode_escape", "rot13", "zlib", "hex", "undefined"]
)
def test_codecs_that_are_no_encoding_of_a_file_are_not_asked(codec: str) -> None:
    source = decode_requirements("requirements.txt", f"# coding: {codec}\npandas\n".encode())
    assert (source.encoding, source.problem) == ("utf-8", None)


@pytest.mark.parametrize("order", ["le", "be"])
def test_a_fix_keeps_the_encoding(order: str, tmp_path: Path) -> None:
    mark = "\ufeff".encode(f"utf-16-{order}")
    host = reader.place([("requirements.txt", mark + "a=1.2.3\r\n".encode(f"utf-16-{order}"))], tmp_path)
    path = str(tmp_path.resolve() / "requirements.txt")
    host.name(path)
    document = host.load(path)
    assert document is not None
    result = LintResult((FileResult(path, document.source, host.diagnose(document)),), ())
    assert fixing.write(fixing.mend(host, result, unsafe=False), host.roots) == 1
    assert (tmp_path / "requirements.txt").read_bytes() == mark + "a==1.2.3\r\n".encode(f"utf-16-{order}")


def test_pip_lists_draw_on_the_files_that_they_name(tmp_path: Path) -> None:
    conda = b"channels: [a]\ndependencies:\n- pip:\n  - -r dev.txt\n  - -c https://x.io/c.txt\n  - --constraint=c.txt\n"
    host = reader.place([("conda.yml", conda), ("requirements.txt", b"-c c.txt\n"), ("c.txt", b"a\n")], tmp_path)
    folder = str(tmp_path.resolve())
    host.name(f"{folder}/requirements.txt")
    documents = [host.load(f"{folder}/{name}") for name in ("conda.yml", "requirements.txt")]
    assert documents[0] is not None
    found = [(each.path, each.kind, conda[each.span.start : each.span.end].decode()) for each in documents[0].draws]
    assert found == [("dev.txt", None, "dev.txt"), ("c.txt", None, "c.txt")]
    constraints = host.load(f"{folder}/c.txt")
    assert constraints is not None
    users = host.snapshot(constraints).users
    assert [(each.path.rpartition("/")[2], each.kind, each.as_constraint) for each in users] == [
        ("conda.yml", "conda", False),
        ("requirements.txt", "requirements", True),
    ]
