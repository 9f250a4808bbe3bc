"""The lists of a conda specification as typed values: channels, conda packages, pip packages, and what else stands."""

from typing import NamedTuple


class CondaParts(NamedTuple):
    """What stands in a conda specification, in order. `rest` is everything under other keys, without `name`."""

    channels: tuple[object, ...]
    packages: tuple[object, ...]
    pip: tuple[object, ...]
    rest: dict[object, object]


LISTS = ("channels", "dependencies")
PIP_LIST = "pip: (the list)"
"""Stands among the conda packages where the list for pip stands."""
NEXT_PIP_LIST = "pip: (the next list)"
"""Stands among the packages for pip where another list of them begins."""
MARKS = (PIP_LIST, NEXT_PIP_LIST)


def split(conda: object) -> CondaParts:
    """The parts of a specification; what is of another shape than these lists ends up in `rest`."""
    if not isinstance(conda, dict):
        return CondaParts((), (), (), {} if conda is None else {"": conda})
    rest = {key: value for key, value in conda.items() if key != "name" and not (key in LISTS and type(value) is list)}
    channels, dependencies = conda.get("channels"), conda.get("dependencies")
    packages: list[object] = []
    pip: list[object] = []
    lists = 0
    for item in dependencies if isinstance(dependencies, list) else ():
        if isinstance(item, dict) and set(item) == {"pip"} and isinstance(item["pip"], list):
            pip += [NEXT_PIP_LIST, *item["pip"]] if lists else item["pip"]
            packages.append(PIP_LIST)
            lists += 1
        else:
            packages.append(item)
    return CondaParts(tuple(channels) if isinstance(channels, list) else (), tuple(packages), tuple(pip), rest)
