"""Mistakes in Dockerfiles and in what lies beside them."""

import re
from collections.abc import Iterator

from mutants import Good, Place, mistake, replaced, swap

DOCKER = "dockerfile"
SOURCE = r"^(COPY )(?!--from)(\S+) (\S+.*)$"


def context_of(good: Good) -> str:
    """The folder that a Dockerfile is built in, with its slash."""
    return "context/" if good.name.startswith("context/") else ""


@mistake("unknown-docker-instruction", DOCKER)
def misspelt_instruction(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^RUN ", "RNU ")
    yield from swap(good, r"^COPY ", "COPPY ")
    yield from swap(good, r"^ENV ", "ENVIRONMENT ")


@mistake("unknown-docker-instruction", DOCKER)
def lost_backslash(good: Good) -> Iterator[Place]:
    yield from swap(good, r" \\\n(?= +&&| *apt-get| *rm )", "\n", down=1)


@mistake("dockerfile-format", DOCKER)
def half_an_instruction(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^(FROM|ENV|COPY|WORKDIR|USER) .*$", r"\1")
    yield from swap(good, r"^ENV (\w+)=\w+$", r"ENV \1")


@mistake("dockerfile-format", DOCKER)
def no_from(good: Good) -> Iterator[Place]:
    yield from swap(good, r"\A(?:#.*\n)?FROM .*\n(?!(?:.*\n)*FROM)", "")


@mistake("dockerfile-too-large", DOCKER)
def long_dockerfile(good: Good) -> Iterator[Place]:
    yield Place(good.text + "# long\n" * 16_000, 0)


@mistake("bare-redirection", DOCKER)
def constraint_without_quotes(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^(RUN .*pip3? install .*)\"([\w-]+)[=>]=([\d.]+).*\"$", r"\1\2>=\3")
    yield from swap(good, r"^(RUN .*pip3? install .*)\"([\w-]+)[=>]=([\d.]+).*\"$", r"\1\2<\3")


@mistake("python-version-unsupported", DOCKER)
def old_python_from_conda(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^FROM mcr\S+$", r"\g<0>\nRUN conda create -y -n train python=3.8 numpy=1.24.4", down=1)


@mistake("conda-command-not-found", DOCKER)
def conda_without_conda(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^FROM (python|ubuntu):\S+$", r"\g<0>\nRUN conda install -y numpy=1.26.4", down=1)


@mistake("copy-source-not-found", DOCKER)
def misspelt_source(good: Good) -> Iterator[Place]:
    if "environment.yml" in good.folder:
        yield from swap(good, SOURCE, r"\1absent-\2 \3")
        yield from swap(good, SOURCE, r"\1../\2 \3")


@mistake("copy-source-not-found", DOCKER)
def comment_behind_copy(good: Good) -> Iterator[Place]:
    if "environment.yml" in good.folder:
        yield from swap(good, r"^COPY (?!--from).*/$", r"\g<0> # what is needed")


@mistake("copy-source-not-found", DOCKER)
def deleted_source(good: Good) -> Iterator[Place]:
    for at, name in sources(good):
        gone = {each: None for each in good.folder if each == name or each.startswith(f"{name}/")}
        yield Place(good.text, at, gone)


@mistake("copy-source-not-found", DOCKER)
def source_hidden_from_docker(good: Good) -> Iterator[Place]:
    for at, name in sources(good):
        short = name.removeprefix(context_of(good))
        yield Place(good.text, at, {f"{context_of(good)}.dockerignore": f"{short}\n"})


@mistake("context-file-ignored-on-upload", DOCKER)
def source_that_is_not_uploaded(good: Good) -> Iterator[Place]:
    for at, name in sources(good):
        short = name.removeprefix(context_of(good))
        yield Place(good.text, at, {f"{context_of(good)}.amlignore": f"{short}\n"})


def sources(good: Good) -> Iterator[tuple[int, str]]:
    """What a COPY takes from the build context of a definition, with its line."""
    if "environment.yml" not in good.folder:
        return
    for found in re.finditer(r"^COPY (?!--)(.*) \S+$", good.text, re.MULTILINE):
        for word in found[1].split():
            name = f"{context_of(good)}{word.rstrip('/')}"
            if any(each == name or each.startswith(f"{name}/") for each in good.folder):
                yield good.text.count("\n", 0, found.start()), name


@mistake("conda-file-not-found", DOCKER)
def copied_under_another_name(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^(RUN conda env create .*-f /tmp/)(\S+)$", r"\1other-\2")


@mistake("requirements-include-missing", DOCKER)
def requirements_under_another_name(good: Good) -> Iterator[Place]:
    if "environment.yml" in good.folder:
        yield from swap(good, r"^(RUN .*pip install .*-r \S*)requirements\.txt$", r"\1requirement.txt")


@mistake("requirements-not-copied", DOCKER)
def requirements_without_copy(good: Good) -> Iterator[Place]:
    for found in re.finditer(r"^COPY .*requirements\.txt.*\n", good.text, re.MULTILINE):
        run = re.compile(r"^RUN .*-r \S*requirements\.txt", re.MULTILINE).search(good.text, found.end())
        if run:
            for place in replaced(good, found.start(), found.end(), ""):
                yield place._replace(line=good.text.count("\n", 0, run.start()) - 1)


@mistake("ignore-comment-invalid", DOCKER)
def ignored_rule_that_is_none(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^(FROM|COPY) ", r"# envlens: ignore[no-such-rule]\n\g<0>")


@mistake("unused-ignore", DOCKER)
def ignored_without_need(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^(WORKDIR|COPY|USER) ", r"# envlens: ignore[image-latest-tag]\n\g<0>")


# Commands


@mistake("apt-get-failed", DOCKER)
def apt_without_update(good: Good) -> Iterator[Place]:
    if "FROM mcr" not in good.text:  # what lists these images have is not known
        yield from swap(good, r"^RUN apt-get update (?:&& )?(?:\\\n *)?(?:&& )?(?=apt-get)", "RUN ")
    yield from swap(good, r"^((?:RUN|   ).*apt-get install) -y", r"\1")


@mistake("make-no-makefile", DOCKER)
def make_without_makefile(good: Good) -> Iterator[Place]:
    if "environment.yml" in good.folder:
        yield from swap(good, r"^FROM mcr\S+$", r"\g<0>\nWORKDIR /opt/build\nRUN make", down=2)


@mistake("command-not-recognized", DOCKER)
def command_that_a_slim_image_lacks(good: Good) -> Iterator[Place]:
    yield from swap(
        good, r"^FROM python:\S+-slim.*$", r"\g<0>\nRUN git clone https://github.com/contoso/churn.git", down=1
    )


@mistake("missing-command-in-build", DOCKER)
def git_requirement_without_git(good: Good) -> Iterator[Place]:
    address = "git+https://github.com/contoso/churn.git@v1.4"
    yield from swap(good, r"^FROM python:\S+-slim.*$", rf"\g<0>\nRUN pip install {address}", down=1)


@mistake("compile-error", DOCKER)
def source_package_without_a_compiler(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^FROM python:\S+-slim.*$", r"\g<0>\nRUN pip install psycopg2==2.9.10", down=1)


@mistake("pip-cannot-uninstall", DOCKER)
def pip_over_apt(good: Good) -> Iterator[Place]:
    if "FROM debian:13" in good.text:
        for pip in ("pip install --upgrade pip", "pip3 install -U pip", "pip install pip==25.2"):
            run = pip.replace("install", "install --break-system-packages")
            yield from swap(good, r"^RUN apt-get .*python3-pip$", rf"\g<0>\nRUN {run}", down=1)
