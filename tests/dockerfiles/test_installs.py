"""Which words of a command are packages, and which are options and their values."""

import pytest

from envlens.core.syntax import install_options, installs, shell
from envlens.core.syntax.dockerfile import parse
from envlens.core.syntax.joined import whole


def tell(script: str) -> list[str]:
    """Each install as `tool subcommand packages | options`; a variable in a word shows as `~`."""
    lines = []
    for it in installs.find(shell.split(whole(script, 0))):
        options = [f"{each.name}={each.value.text}" if each.value else each.name for each in it.options]
        packages = [each.text if each.is_literal else f"~{each.text}" for each in it.packages]
        where = f" in {it.environment.value.text}" if it.environment and it.environment.value else ""
        lines.append(f"{it.tool.value} {it.subcommand}{where}: {' '.join(packages)} | {' '.join(options)}".strip())
        for each in it.options:
            assert script[each.span.start : each.span.end].startswith("-")
    return lines


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("pip install a b==1", ["pip install: a b==1 |"]),
        ("pip3.11 install 'a>=1' \"b[x]<2\"", ["pip install: a>=1 b[x]<2 |"]),
        ("pip install a>=1", ["pip install: a |"]),
        ("/opt/conda/bin/pip install a", ["pip install: a |"]),
        ("$CONDA/bin/pip install a", ["pip install: a |"]),
        ("python -m pip install a", ["pip install: a |"]),
        ("python3.9 -u -X dev -m pip install a", ["pip install: a |"]),
        ("python -Im pip install a", ["pip install: a |"]),
        ("python pip install a", []),
        ("python -c 'pip' install", []),
        ("pip --no-cache-dir -q install a", ["pip install: a | --no-cache-dir --quiet"]),
        (
            "pip install -r a.txt --requirement=b.txt -rc.txt -qr d.txt",
            ["pip install:  | --requirement=a.txt --requirement=b.txt --requirement=c.txt --quiet --requirement=d.txt"],
        ),
        (
            "pip install -i https://x --extra-index-url https://y -f z --trusted-host h a",
            ["pip install: a | --index-url=https://x --extra-index-url=https://y --find-links=z --trusted-host=h"],
        ),
        (
            "pip install -c c.txt -e . -t /t --platform p a",
            ["pip install: a | --constraint=c.txt --editable=. --target=/t --platform=p"],
        ),
        (
            "pip install -U --pre --upgrade-strategy eager a",
            ["pip install: a | --upgrade --pre --upgrade-strategy=eager"],
        ),
        ("pip install -- -x", ["pip install: -x |"]),
        ("pip install -r", ["pip install:  | --requirement"]),
        ("pip install", ["pip install:  |"]),
        ('pip install $PKG "$B==1" git+https://x/y.git@z', ["pip install: ~$PKG ~$B==1 git+https://x/y.git@z |"]),
        ("conda install a=1.* *.conda b={1,2}", ["conda install: a=1.* ~*.conda ~b={1,2} |"]),
        ("pip uninstall -y a; pip freeze; pip list | grep install", []),
        ("pipx install a; apip install b; echo pip install c", []),
        ("uv pip install -r a.txt --system -p 3.9 b", ["uv install: b | --requirement=a.txt --system --python=3.9"]),
        ("uv --cache-dir /c pip install a", ["uv install: a |"]),
        ("uv sync; uv add a; uv pip compile b", []),
        (
            "conda install -y -c conda-forge python=3.8 numpy",
            ["conda install: python=3.8 numpy | --yes --channel=conda-forge"],
        ),
        ("conda create -yn x --file a.txt b", ["conda create: b | --yes --name=x --file=a.txt"]),
        ("conda env create -f env.yml", ["conda env create:  | --file=env.yml"]),
        (
            "mamba env update -n base --file=env.yml --prune",
            ["mamba env update:  | --name=base --file=env.yml --prune"],
        ),
        (
            "micromamba install -r /r -n base -f env.yml -y",
            ["micromamba install:  | --root-prefix=/r --name=base --file=env.yml --yes"],
        ),
        ("conda update a; conda env list; conda activate install", []),
        ("conda run -n x pip install a", ["pip install in x: a |"]),
        ("conda run --no-capture-output -p /env python -m pip install a", ["pip install in /env: a |"]),
        ("micromamba run -n x uv pip install a", ["uv install in x: a |"]),
        (
            "apt-get update && apt-get install -y --no-install-recommends curl git=1:2 -o A::B=c",
            ["apt install: curl git=1:2 | --yes --no-install-recommends --option=A::B=c"],
        ),
        ("apt -yqq install -t bookworm curl", ["apt install: curl | --yes --quiet --quiet --target-release=bookworm"]),
        ("DEBIAN_FRONTEND=noninteractive apt-get install a", ["apt install: a |"]),
        ("sudo -E -u root env A=b -u C pip install a", ["pip install: a |"]),
        ("exec nice -n 5 timeout -k 5 100 pip install a", ["pip install: a |"]),
        ("time pip install a", ["pip install: a |"]),
        ("cat r | xargs -n 1 pip install", ["pip install:  |"]),
        ("if true; then pip install a; else pip install b; fi", ["pip install: a |", "pip install: b |"]),
        ("for x in a b; do pip install $x; done", ["pip install: ~$x |"]),
        ("(cd /x && pip install a) || { pip install b; }", ["pip install: a |", "pip install: b |"]),
        ("pip install a 2>&1 | tee log > x", ["pip install: a |"]),
        ("pip install a # pip install b", ["pip install: a |"]),
        ("pip install a#b", ["pip install: a#b |"]),
        ("pip install a \\\n  b", ["pip install: a b |"]),
        ("echo 'pip install a' && X=$(pip install b)", []),
        ('pip install "a', ["pip install: ~a |"]),
    ],
)
def test_installs(script: str, expected: list[str]) -> None:
    assert tell(script) == expected


@pytest.mark.parametrize(
    ("dockerfile", "expected"),
    [
        ("RUN pip install a && \\\n # why\n pip install \\\n b", ["a", "b"]),
        ("RUN --mount=type=cache,target=/x pip install a", ["a"]),
        ('RUN ["pip", "install", "a", "$b"]', ["a", "$b"]),
        ('RUN ["/bin/bash", "-lc", "pip install a && pip install b"]', ["a", "b"]),
        ('RUN bash -o pipefail -c "pip install a | cat"', ["a"]),
        ("RUN sh script.sh -c 'pip install a'", []),
        ("RUN <<EOF\npip install a\npip install b\nEOF", ["a", "b"]),
        ("RUN <<EOF\n#!/bin/bash -e\npip install a\nEOF", ["a"]),
        ("RUN <<EOF\n#!/usr/bin/env bash\npip install a\nEOF", ["a"]),
        ("RUN <<EOF\n#!/usr/bin/env python3\npip install a\nEOF", []),
        ("RUN bash -e <<EOF\npip install a\nEOF", ["a"]),
        ("RUN python3 <<EOF\npip install a\nEOF", []),
        ("RUN cat <<EOF > x && pip install b\npip install a\nEOF", ["b"]),
        ("RUN <<EOF\ncat > r.txt <<X\npip install a\nX\npip install b\nEOF", ["b"]),
        ("COPY <<EOF /x\npip install a\nEOF", []),
        ("ONBUILD RUN pip install a", ["a"]),
        ("CMD pip install a", ["a"]),
        ("HEALTHCHECK --interval=3s CMD pip install a", ["a"]),
        ('HEALTHCHECK CMD ["pip", "install", "a"]', ["a"]),
        ("ENV A=pip install a", []),
        ('RUN ["pip", "install", "a\\n"]', ["a\n"]),
        ('RUN ["sh", "-c", "pip install \\"a\\""]', ["a"]),
    ],
)
def test_in_a_dockerfile(dockerfile: str, expected: list[str]) -> None:
    tree = parse(f"FROM x\n{dockerfile}\n")
    packages = [word.text for each in tree.instructions for it in installs.of(each) for word in it.packages]
    assert packages == expected


def test_places() -> None:
    text = "FROM x\nRUN pip install 'a>1' nu\\\nmpy \"b\"c --index-url=u\n"
    (it,) = installs.of(parse(text).instructions[1])
    a, numpy, c = it.packages
    assert (text[slice(*a.span)], a.inner) == ("'a>1'", text.index("a>1"))
    assert text[slice(*a.span_of(1, 3))] == ">1"
    assert (text[slice(*numpy.span)], numpy.inner) == ("nu\\\nmpy", None)
    assert (text[slice(*c.span)], c.inner) == ('"b"c', None)
    (url,) = it.values("--index-url")
    assert text[slice(*url.span)] == "u"


def test_what_is_redirected_shows_where() -> None:
    script = "pip install numpy>1.2 scipy"
    (command,) = shell.split(whole(script, 0))
    (redirection,) = command.redirections
    assert [word.text for word in command.words] == ["pip", "install", "numpy", "scipy"]
    assert redirection.operator == ">"
    assert redirection.span.start == command.words[2].span.end
    assert redirection.target is not None
    assert redirection.target.text == "1.2"


def test_options_of_pip_are_those_that_pip_has() -> None:
    """The installed pip is asked which of its options take a value."""
    from pip._internal.commands import create_command

    parser = create_command("install").parser
    options = [option for group in (parser, *parser.option_groups) for option in group.option_list]
    with_value = {name for each in options if each.takes_value() for name in (*each._short_opts, *each._long_opts)}
    switches = {name for each in options if not each.takes_value() for name in (*each._short_opts, *each._long_opts)}
    assert with_value - install_options.PIP.keys() == set()
    assert switches & install_options.PIP.keys() == set()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("COPY $a b", [False, True]),
        ('COPY ["$a", "b"]', [False, True]),
        ('RUN ["$a", "b"]', [True, True]),
        ("ENV A=$b", [False]),
        ("WORKDIR /$a", [False]),
        ("EXPOSE 80 $p", [True, False]),
    ],
)
def test_docker_puts_variables_in_where_it_does(line: str, expected: list[bool]) -> None:
    assert [word.is_literal for word in parse(f"FROM x\n{line}").instructions[1].words] == expected
