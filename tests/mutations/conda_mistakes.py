"""Mistakes in conda specifications, in files of their own or inside definitions and jobs."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from mutants import Entry, Good, Place, conda_packages, edited, followed, line_of, listed, mistake, replaced, swap

CONDA = "conda environment job"


def pythons(good: Good) -> Iterator[Entry]:
    """The entries for python."""
    for found in re.finditer(r"(?<=[ \"\[])python=3\.12(\.\d+)?", good.text):
        yield Entry(found[0], found.start(), found.end())


def block_pythons(good: Good) -> Iterator[Entry]:
    """The entries for python that stand on lines of their own."""
    return (each for each in listed(good, "conda") if each.text.startswith("python="))


@mistake("python-version-missing", CONDA)
def python_without_version(good: Good) -> Iterator[Place]:
    yield from edited(good, pythons(good), "=.*", "")


@mistake("python-version-missing", CONDA)
def no_python(good: Good) -> Iterator[Place]:
    # Said of the entry that is the first one then.
    for each in block_pythons(good):
        start = good.text.rindex("\n", 0, each.start) + 1
        end = good.text.index("\n", each.end) + 1
        if re.match(r" *- ", good.text[end:]):  # else the list would be empty
            yield from replaced(good, start, end, "")


@mistake("python-version-multiple", CONDA)
def python_twice(good: Good) -> Iterator[Place]:
    yield from followed(good, block_pythons(good), lambda _: "python=3.13")
    yield from followed(good, block_pythons(good), lambda _: "conda-forge::python=3.11")


@mistake("python-version-unsupported", CONDA)
def python_past_its_end(good: Good) -> Iterator[Place]:
    for version in ("3.8", "3.9.18", "2.7"):
        yield from edited(good, pythons(good), "=.*", f"={version}")


@mistake("python-version-near-eol", CONDA)
def python_soon_past_its_end(good: Good) -> Iterator[Place]:
    yield from (each._replace(day=date(2027, 8, 1)) for each in edited(good, pythons(good), "=.*", "=3.11"))


@mistake("python-version-malformed", CONDA)
def python_with_another_sign(good: Good) -> Iterator[Place]:
    for wrong in ("python-3.12", "python=3.x", "python:3.12"):
        yield from edited(good, block_pythons(good), ".*", wrong)
    yield from edited(good, block_pythons(good), r"=3\.", "=3,")


@mistake("conda-channels-missing", CONDA)
def no_channels(good: Good) -> Iterator[Place]:
    for found in re.finditer(r"^( *)channels:(?: .*\n|\n(?:\1 *- .*\n)+)", good.text, re.MULTILINE):
        text = good.text[: found.start()] + good.text[found.end() :]
        # Said of the packages, which come from nowhere then.
        yield Place(text, line_of(text, r"^ *dependencies:") or 0)


@mistake("conda-channels-missing", CONDA)
def empty_channels(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^( *channels:)\n(?: *- (?!python).*\n)+", r"\1 []\n")


@mistake("conda-unknown-key", CONDA)
def misspelt_conda_key(good: Good) -> Iterator[Place]:
    if is_drawn(good):  # else it is by these keys that a file is known
        yield from swap(good, r"^( *)(channel)s:", r"\1\2:")
        yield from swap(good, r"^( *)(depend)e(ncies):", r"\1\2a\3:")
    if good.kind == "conda":
        yield from swap(good, r"^name:", "Name:")


@mistake("conda-spec-invalid", CONDA)
def mapping_in_place_of_a_package(good: Good) -> Iterator[Place]:
    bare = (each for each in conda_packages(good) if good.text[each.start - 1] == " ")
    yield from edited(good, bare, "=", ": ")


@mistake("conda-spec-invalid", CONDA)
def pip_list_at_one_level(good: Good) -> Iterator[Place]:
    for found in re.finditer(r"^( *)- pip:\n((?:\1 +- .*(?:\n|$))++)(?! *#)", good.text, re.MULTILINE):
        moved = re.sub(r"(?m)^ +- ", f"{found[1]}- ", found[2])
        if not re.search("[;@[#]", moved):  # what conda cannot read is an error of its own
            yield from replaced(good, found.start(2), found.end(2), moved, down=-1)


@mistake("conda-spec-invalid", CONDA)
def scalar_for_pip(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^( *- pip:)\n +- ([^\n\"';]+)\n(?! *[-#])", r"\1 \2\n")


@mistake("conda-bad-spec", CONDA)
def what_only_pip_reads(good: Good) -> Iterator[Place]:
    yield from edited(good, (each for each in conda_packages(good) if '"' not in each.text), "=.*", r"@1.2")
    yield from edited(good, conda_packages(good), "$", "; python_version < '3.13'")


@mistake("conda-bad-spec", "dockerfile")
def create_without_env(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^RUN conda env create -n (\w+) -f (\S+)$", r"RUN conda create -n \1 -f \2")


@mistake("unpinned-dependency", CONDA)
def conda_package_without_version(good: Good) -> Iterator[Place]:
    yield from edited(good, conda_packages(good), "[ =<>].*", "")


@mistake("not-exactly-pinned", CONDA)
def conda_package_with_a_range(good: Good) -> Iterator[Place]:
    exact = (each for each in conda_packages(good) if re.fullmatch(r"[\w-]+=[\d.]+", each.text))
    yield from edited(good, exact, "=", ">=")


@mistake("order-changes-hash", "conda")
def another_order(good: Good) -> Iterator[Place]:
    entries = [each for each in conda_packages(good) if good.text[each.end : each.end + 1] == "\n"]
    for one, other in pairwise(entries):
        if good.text[one.end : other.start].count("\n") == 1 and "#" not in good.text[one.end : other.start]:
            text = good.text[: one.start] + other.text + good.text[one.end : other.start] + one.text
            for place in replaced(good, 0, len(good.text), text + good.text[other.end :]):
                yield place._replace(line=good.text.count("\n", 0, one.start), compared=True)


@mistake("pip-not-listed", CONDA)
def no_pip(good: Good) -> Iterator[Place]:
    for place in swap(good, r"^ *- pip[>=]=?[\d.]+\n(?=(?: *- .*\n)*? *- pip:)", ""):
        lines = str(place.text).split("\n")
        # Said of the list for pip.
        yield place._replace(line=next(at for at in range(place.line, len(lines)) if lines[at].endswith("- pip:")))


@mistake("pip-not-pinned", CONDA)
def pip_without_version(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^( *- pip)[>=]=?[\d.]+$", r"\1")


@mistake("local-path-in-conda-file", CONDA)
def folder_beside_a_conda_file(good: Good) -> Iterator[Place]:
    for path in ("-e .", "./churn", "dist/churn-1.4-py3-none-any.whl"):
        yield from followed(good, drawn_pip(good), lambda _, path=path: path)


def drawn_pip(good: Good) -> Iterator[Entry]:
    """What pip is to install where a definition draws on the list: a conda file alone may be used where it works."""
    yield from (listed(good, "pip") if is_drawn(good) else ())


def is_drawn(good: Good) -> bool:
    """Whether a specification stands in a definition, or in a file that one draws on."""
    drawn = rf"conda_file: {re.escape(good.name.split('/')[-1])}$"
    return good.kind != "conda" or any(
        re.search(drawn, text, re.MULTILINE) for name, text in good.folder.items() if name != good.name
    )


@mistake("defaults-channel", CONDA)
def defaults_before_conda_forge(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^( *)- conda-forge$", r"\1- defaults\n\g<0>")
    yield from swap(good, r"^( *)- conda-forge$", r"\1- anaconda\n\g<0>")


@mistake("conda-communication-error", CONDA)
def misspelt_channel(good: Good) -> Iterator[Place]:
    yield from edited(good, listed(good, "channels"), "conda-forge", "conda-froge")


@mistake("conda-package-not-found", CONDA)
def package_that_only_pip_has(good: Good) -> Iterator[Place]:
    yield from followed(good, block_pythons(good), lambda _: "azureml-dataset-runtime=1.60.0")


@mistake("conda-timeout", CONDA)
def many_packages_without_versions(good: Good) -> Iterator[Place]:
    # Said of the key: no one package is the reason.
    at = line_of(good.text, r"^ *dependencies:") or 0
    for each in block_pythons(good):
        dash = f"\n{each.indent}- "
        end = good.text.index("\n", each.end)
        yield Place(good.text[:end] + "".join(f"{dash}package{n}" for n in range(60)) + good.text[end:], at)
