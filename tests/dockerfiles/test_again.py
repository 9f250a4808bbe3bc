"""A file that is read with what is known of an earlier version is read as if nothing were known."""

import random
from itertools import accumulate

import case_reader
import docker_texts
import pytest

from envlens.core.model import dockerfile_reader
from envlens.core.model.dockerfile import Dockerfile, Known, RunInstall
from envlens.core.syntax import commands, installs
from envlens.core.syntax.dockerfile import Before, parse

TEXTS = [*(case.text for case in case_reader.read()), *docker_texts.make(300, seed=31)]
TYPED = ["", "x", " ", "\n", "\\", "\\\n", "#", "<<EOF\n", "EOF\n", "FROM a\n", "# escape=`\n", "RUN pip a\n", "é🚀"]


def edited(text: str, choose: random.Random) -> str:
    start = choose.randint(0, len(text))
    end = min(len(text), start + choose.choice([0, 0, 1, 2, 20]))
    return text[:start] + choose.choice(TYPED) + text[end:]


def standing(found: Dockerfile) -> Dockerfile:
    """The same, each install as it was first read where it stands."""

    def there(each: RunInstall) -> RunInstall:
        assert each.span == each.install.command.span
        return each._replace(home=each.install, by=0)

    def taken(name: str) -> tuple[object, ...]:
        return tuple(each._replace(install=there(each.install)) for each in getattr(found, name))

    moved = {name: taken(name) for name in ("requirements", "conda_files", "archives")}
    return found._replace(installs=tuple(map(there, found.installs)), **moved)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("limit", [4096, 3])
def test_an_edit(seed: int, limit: int) -> None:
    choose = random.Random(seed)
    known = Known(limit)
    for original in TEXTS:
        before = None
        for text in accumulate(range(6), lambda text, _: edited(text, choose), initial=original):
            anew = dockerfile_reader.build(text)
            assert standing(dockerfile_reader.build(text, known)) == anew, text
            assert standing(dockerfile_reader.build(text, known, before)) == anew, (before and before.text, text)
            before = Before(text, anew.tree)


def test_something_is_known() -> None:
    known = Known()
    text = "FROM a\nRUN pip install b\nRUN cat <<EOF\nEOF\n"
    before = dockerfile_reader.build(text, known).tree.instructions
    after = dockerfile_reader.build(text, known).tree.instructions
    assert [old is new for old, new in zip(before, after, strict=True)] == [True, True, False]


def test_commands_and_installs_are_where_they_stand() -> None:
    """What is kept of a script, wherever it stood, is told of the place where it stands now."""
    script = 'RUN FOO=1 pip install "a==1" \\\n  b>2 2>&1 && bash -c "conda install c" | uv pip install \'d\'\n'
    for above in ("", "# é\n", "ENV A=1\n" * 3):
        text = f"FROM x\n{above}{script}"
        it = parse(text).instructions[-1]
        run = commands.of(it)
        for word in (word for command in run for word in (*command.words, *command.assignments)):
            assert word.text in text[word.span.start : word.span.end]
            assert word.inner is None or text.startswith(word.text, word.inner)
        assert [text[each.span.start : each.span.end].partition(" ")[0] for each in run] == ["FOO=1", "conda", "uv"]
        assert [found.command for found in installs.find(run)] == list(run)
        assert all(found.command is command for found, command in zip(installs.find(run), run, strict=True))
