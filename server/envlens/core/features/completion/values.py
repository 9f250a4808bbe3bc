"""Values: images, Python versions, channels, packages, paths, and what the schema gives as examples."""

import re
from collections.abc import Iterator
from datetime import date

from ...model.facts import Facts, PythonRelease
from ...syntax import matchspec
from ...syntax.changes import as_scalar
from .context import Path, Place, Typing
from .item import Item, ItemKind, World, indented, make, matching
from .keys import keys, shape_of
from .paths import YAML, Wanted, files, folders

# What conda-forge users and Azure ML's own samples list.
_CHANNELS = {
    "conda-forge": "community packages, built together",
    "nodefaults": "leaves Anaconda's own channels out",
    "nvidia": "CUDA libraries",
    "pytorch": "PyTorch up to 2.5",
    "defaults": "Anaconda's own channels",
}
_PIP_PACKAGES = {
    "azureml-mlflow": "tracks runs in the workspace",
    "azureml-inference-server-http": "serves scoring scripts",
    "mlflow-skinny": "MLflow without its heavy parts",
    "azure-ai-ml": "Azure ML's SDK v2",
}
_PYTHON = re.compile(r"python[ ]?(?:==|>=|<=|~=|=|<|>)[ ]?")
# Values that differ from one definition to the next: an example of them would be somebody else's.
_OWN = {"name", "description", "id", "creation_context", "latest_version", "intellectual_property", "prefix"}
_YEARS_OF_SUPPORT = 5


def at_schema(world: World, place: Place, where: Path, file: str, hidden: frozenset[str] = frozenset()) -> list[Item]:
    """What fits at `where` in the schema of environment YAML. `file` is the file in which it stands."""
    node = world.schema.description(where)
    if place.typing is Typing.VALUE and where[1:] and not node and place.ends_in_colon:
        above = world.schema.description(where[:-1])
        if shape_of(above) is str and not above.get("properties"):
            return list(_values(world, place.with_key(), where[:-1], file))
    is_item = bool(where) and isinstance(where[-1], int) and not place.siblings  # on the line below its dash
    if place.typing is Typing.VALUE or is_item:
        return list(_values(world, place, where, file))
    if place.siblings.get("pip") == "" and where[:2] == ("conda_file", "dependencies"):
        # The list of `- pip:` may begin at the key's own column.
        return list(_values(world, place._replace(before="- "), (*where, "pip", 0), file))
    if node.get("properties"):
        return [*keys(world.schema, where, place, hidden), *_inline_conda(world, place, where)]
    if shape_of(node) is list:
        return list(_values(world, place._replace(before="- "), (*where, 0), file))
    return list(_values(world, place, where, file)) if shape_of(node) is str else []


def _inline_conda(world: World, place: Place, where: Path) -> Iterator[Item]:
    """`conda_file` has two forms: its key alone is a path's, this one the specification itself."""
    if where or place.is_flow or place.quote or place.has_colon or {"conda_file", "build"} & place.siblings.keys():
        return
    text = indented(
        ("conda_file:", *(f"  {line}" for line in conda_lines(world.facts, 1))), place.column - place.margin
    )
    label = "conda_file: (inline)"
    yield Item(
        label,
        ItemKind.SNIPPET,
        place.before + text,
        place.span,
        "Conda specification",
        matching(place.prefix, label),
        "key:conda_file",
        is_snippet=True,
    )


def conda_lines(facts: Facts, first: int) -> tuple[str, ...]:
    """A conda specification as the lines of a snippet whose places are numbered from `first`."""
    # Not the very newest: packages for it are still missing in the months after its release.
    supported = [each.minor for each in pythons(facts)]
    python = (supported[2:] or supported or ["3.12"])[0]
    return (
        "channels:",
        "  - conda-forge",
        "dependencies:",
        f"  - python=${{{first}:{python}}}",
        "  - pip=25.0.1",
        "  - pip:",
        f"      - ${{{first + 1}:mlflow-skinny==2.22.1}}",
    )


def _values(world: World, place: Place, where: Path, file: str) -> Iterator[Item]:
    match tuple("*" if isinstance(each, int) else each for each in where):
        case ("image",):
            yield from images(world.facts, place)
        case ("conda_file",):
            yield from files(world, place, Wanted(file, YAML))
        case ("build", "path"):
            yield from folders(world, place, file)
        case ("build", "dockerfile_path"):
            yield from files(world, place, Wanted(file, below=place.siblings.get("path") or "."))
        case ("conda_file", "channels", "*"):
            for name, detail in _CHANNELS.items():
                if name not in place.items:
                    yield make(place, name, ItemKind.VALUE, detail=detail)
        case ("conda_file", "dependencies", "*"):
            yield from _dependencies(world.facts, place)
        case ("conda_file", "dependencies", "*", "pip", "*"):
            yield from pip_packages(place)
        case _:
            yield from _examples(world, place, where)


def _examples(world: World, place: Place, where: Path) -> Iterator[Item]:
    if where[-1:] and where[-1] in _OWN:
        return
    node = world.schema.description(where)
    for example in node.get("examples", ())[: 1 if where == ("version",) else None]:
        if isinstance(example, str):
            yield make(place, example, ItemKind.VALUE, example if place.quote else as_scalar(example))
        elif isinstance(example, int):
            yield make(place, str(example), ItemKind.VALUE)


def images(facts: Facts, place: Place) -> Iterator[Item]:
    """The supported base images with their newest dated tags: without a GPU first, those of unknown tags last."""
    ranked = sorted(
        facts.images.values(),
        key=lambda each: (
            each.newest_tag is None,
            "cuda" in each.repository,
            [-number for number in _numbers(f"{each.ubuntu} {each.repository}")],
        ),
    )
    for image in [*ranked, *facts.inference_images.values()]:
        label = f"{image.repository}:{image.newest_tag}" if image.newest_tag else image.repository
        detail = f"{image.contents}, Ubuntu {image.ubuntu}" if image.ubuntu else image.contents
        yield make(place, label, ItemKind.IMAGE, detail=detail)._replace(about=f"image:{image.repository}")


def _dependencies(facts: Facts, place: Place) -> Iterator[Item]:
    names = {spec.name for each in place.items if (spec := matchspec.parse(each))}
    if "python" not in names:
        typed = _PYTHON.match(place.prefix)
        start = typed[0] if typed else "python="
        for release in pythons(facts):
            detail = f"supported until {release.end_of_life:%B %Y}"
            yield make(place, f"{start}{release.minor}", ItemKind.PACKAGE, detail=detail)
    if "pip" not in names:
        yield make(place, "pip", ItemKind.PACKAGE, "pip=", detail="needed for a list of pip packages")
    if not place.is_flow and not place.quote:
        below = place.column - place.margin + len(place.before.strip(" ")) * 2 + 2
        text = place.before + indented(["pip:", "- $0"], below + (place.before == " "))
        filter_text = matching(place.prefix, "pip:")
        yield Item("pip:", ItemKind.SNIPPET, text, place.span, "pip packages", filter_text, _PIP_ABOUT, is_snippet=True)


_PIP_ABOUT = "key:conda_file/dependencies/*/pip"


def pip_packages(place: Place) -> Iterator[Item]:
    """Azure ML's own packages; the version is the user's to choose."""
    present = {re.split(r"[^\w.-]", each, maxsplit=1)[0].lower() for each in place.items}
    for name, detail in _PIP_PACKAGES.items():
        if name not in present:
            yield make(place, name, ItemKind.PACKAGE, f"{name}==", detail=detail)


def pythons(facts: Facts) -> list[PythonRelease]:
    """The Python versions that are out and supported, newest first."""
    today = facts.today
    latest = date(today.year + _YEARS_OF_SUPPORT, today.month, 28 if today.month == 2 else 30)
    supported = [each for each in facts.pythons.values() if today <= each.end_of_life <= latest]
    return sorted(supported, key=lambda each: _numbers(each.minor), reverse=True)


def _numbers(text: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", text)]
