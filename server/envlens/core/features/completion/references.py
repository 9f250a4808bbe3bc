"""References to environments where a job, component or deployment needs one."""

import re
from collections.abc import Iterator

from ...syntax.changes import as_scalar
from .context import Path, Place
from .item import Item, ItemKind, World, make
from .paths import YAML, Wanted, files

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


def references(world: World, place: Place, file: str, text: str) -> Iterator[Item]:
    """Definitions of the folder, files, curated environments."""
    typed = place.prefix
    if typed.startswith("file:"):
        yield from files(world, place, Wanted(file, YAML, scheme="file:"))
        return
    seen: set[str] = set()
    for each in sorted(world.definitions):
        versions = [f":{each.version}"] if each.version else []
        for suffix in [*versions, "@latest"]:
            label = f"azureml:{each.name}{suffix}"
            if label not in seen and each.name:
                seen.add(label)
                written = label if place.quote else as_scalar(label)
                yield make(place, label, ItemKind.REFERENCE, written, detail=each.path.rpartition("/")[2])
    yield make(place, "file:", ItemKind.FILE, detail="an environment YAML file beside this one")
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
