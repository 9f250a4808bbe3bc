"""What is known of the packages that bring Azure ML's inference server, and which releases a requirement admits."""

import re
from collections.abc import Sequence
from functools import lru_cache

from ..syntax import ranges, requirements
from ..syntax.ranges import Range
from ..syntax.requirements import Requirement
from .conda import CondaSpec
from .facts import Facts, ServerReleases

SERVER = "azureml-inference-server-http"
_NAMED = re.compile(r"zureml[-_.]+(?:inference|defaults)")


@lru_cache(maxsize=2)  # each command of a Dockerfile asks of its whole text
def is_named(text: str) -> bool:
    """Whether a text may name a server: looked for first, because most files name none."""
    return "zureml" in text and _NAMED.search(text) is not None


def parsed(constraint: str) -> list[Range]:
    """The ranges of a constraint such as `<2.2.0`."""
    return ranges.of_requirement(requirements.parse(f"any{constraint}"))


def admitted(requirement: Requirement, facts: Facts) -> Sequence[ServerReleases]:
    """The releases that may be installed, none where there may be others than those that are known."""
    known = _releases(requirement, facts)
    wanted = ranges.of_requirement(requirement)
    if not known or not ranges.exclude(wanted, parsed(f">{known[-1].last}")):
        return ()
    return [each for each in known if not ranges.exclude(wanted, parsed(f">={each.first},<={each.last}"))]


def _releases(requirement: Requirement, facts: Facts) -> tuple[ServerReleases, ...]:
    return (
        facts.inference_servers().releases.get(requirement.name, ()) if requirement.name.startswith("azureml-") else ()
    )


def admits_newest(requirement: Requirement, facts: Facts) -> bool:
    """Whether the newest release that is known may be installed."""
    known = _releases(requirement, facts)
    return bool(known) and not ranges.exclude(ranges.of_requirement(requirement), parsed(f"=={known[-1].last}"))


def excludes(spec: CondaSpec, name: str, constraint: str) -> bool:
    """Whether the conda part of a specification surely keeps a package out of a range."""
    unwanted = parsed(constraint)
    return any(ranges.exclude(ranges.of_matchspec(each), unwanted) for each, _ in spec.specs_of(name))
