"""References to environments where a job, component or deployment needs one."""

import re
from collections.abc import Iterable, Iterator

from ...model.reference import PREFIX
from ...syntax.changes import as_scalar
from .context import Path, Place
from .item import Completions, Item, ItemKind, World, make
from .paths import YAML, Wanted, files
from .registered import registered

# Where `environment` stands, by the steps from the root: facts about azure-ai-ml 1.35.2, all job kinds.
_PLACE = re.compile(r"(?:create_job/|job/)*(?:jobs/[^/]+/)*(?:(?:trial|task)/)?environment")
_KIND = re.compile(r"^\$schema\s*:.*/(\w+)(?:\.schema)?\.json", re.MULTILINE)
_HEAD = 4000


def environment_at(path: Path) -> int | None:
    """How many steps of a path in a job lead to its `environment`; None where the path leads elsewhere."""
    for count, step in enumerate(path, 1):
        if step == "environment" and _PLACE.fullmatch("/".join(map(str, path[:count]))):
            return count
    return None


def takes_environment(path: Path, siblings: dict[str, str]) -> bool:
    """Whether the mapping at `path` of a job can have an `environment` of its own."""
    if not siblings or "environment" in siblings or not _PLACE.fullmatch("/".join([*map(str, path), "environment"])):
        return False
    return not {"jobs", "trial", "task", "create_job", "component"} & siblings.keys()


def references(world: World, place: Place, file: str, text: str) -> Completions:
    """Definitions of the folder, what is registered, files, curated environments; at last what is archived."""
    if place.prefix.startswith("file:"):
        return Completions(tuple(files(world, place, Wanted(file, YAML, scheme="file:"))))
    defined = dict(_defined(world))
    offer = registered(world, place.prefix)
    known = defined | {label: "registered" for label in offer.current if label not in defined}
    found = [_item(place, label, known[label]) for label in _versions_first(known)]
    found.append(make(place, "file:", ItemKind.FILE, detail="an environment YAML file beside this one"))
    found += _curated(world, place, text)
    archived = (_item(place, label, "archived") for label in offer.archived if label not in defined)
    found += [each._replace(is_deprecated=True) for each in archived]
    return Completions(tuple(found), offer.is_whole)


def _item(place: Place, label: str, detail: str) -> Item:
    return make(place, label, ItemKind.REFERENCE, label if place.quote else as_scalar(label), detail)


def _defined(world: World) -> Iterator[tuple[str, str]]:
    """References to the definitions of the folder, each with the name of its file."""
    seen: set[str] = set()
    for each in sorted(world.definitions):
        versions = [f":{each.version}"] if each.version else []
        for suffix in [*versions, "@latest"]:
            label = f"azureml:{each.name}{suffix}"
            if label not in seen and each.name:
                seen.add(label)
                yield label, each.path.rpartition("/")[2]


def _versions_first(labels: Iterable[str]) -> list[str]:
    """Names in the order in which they come, of each the versions before what moves with them."""
    names: dict[str, tuple[list[str], list[str]]] = {}
    for label in labels:
        name, _, label_of = label.removeprefix(PREFIX).partition("@")
        versions, moving = names.setdefault(name.partition(":")[0], ([], []))
        (moving if label_of else versions).append(label)
    return [each for both in names.values() for some in both for each in some]


def _curated(world: World, place: Place, text: str) -> Iterator[Item]:
    typed = place.prefix
    kind = _KIND.search(text, 0, _HEAD)
    name = kind[1].lower() if kind else ""
    if "batch" in name or "kubernetes" in name:
        return  # neither takes curated environments
    short = typed.startswith("azureml:") and not typed.startswith("azureml:/")
    for curated in world.facts.curated:
        if not short and curated[0].isupper():
            continue  # a short name of the command line's, not the registry's
        label = f"azureml:AzureML-{curated}@latest" if short else _CURATED.format(curated)
        yield make(place, label, ItemKind.REFERENCE, detail="curated by Microsoft")


_CURATED = "azureml://registries/azureml/environments/{}/labels/latest"
