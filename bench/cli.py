"""Times command lines beside an interpreter that does nothing."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from . import process


@dataclass
class Row:
    """All runs of one command."""

    name: str
    runs: list[process.Run] = field(default_factory=list)

    @property
    def wall(self) -> float:
        """The median in milliseconds."""
        return statistics.median(each.wall for each in self.runs)

    @property
    def cpu(self) -> float:
        """The median processor time in milliseconds."""
        return statistics.median(each.cpu for each in self.runs)

    @property
    def memory(self) -> float:
        """The peak in megabytes."""
        return max(each.memory for each in self.runs)


def compare(
    commands: Mapping[str, Sequence[str]],
    rounds: int,
    limit: float = 60.0,
    *,
    warm: bool = True,
    before: Mapping[str, Callable[[], None]] = MappingProxyType({}),
) -> list[Row]:
    """Runs the commands in turn, round by round; the first round only fills caches, if it is to `warm` them.

    `before` is what is done before each run of a command, and not timed.
    """
    rows = [Row(name) for name in commands]
    for turn in range(rounds + warm):
        for row, command in zip(rows, commands.values(), strict=True):
            if row.name in before:
                before[row.name]()
            taken = process.run(command, limit=limit)
            if turn >= warm:
                row.runs.append(taken)
    return rows
