"""What a conda channel is called, however it is written."""

import re

_ADDRESS = re.compile(r"https?://(?:conda\.anaconda\.org|repo\.anaconda\.com)/(?P<name>[^\s?#]+)", re.IGNORECASE)
_PLATFORM = re.compile(r"/(?:noarch|linux-64)$")
# Anaconda's own; `anaconda` is their copy on anaconda.org.
ANACONDA = frozenset({"defaults", "anaconda", "main", "pkgs/main", "pkgs/r", "r"})
# Those whose names of packages the catalogue was compared with.
KNOWN = ANACONDA | {"conda-forge", "nodefaults", "bioconda", "pytorch"}


def name_of(text: str) -> str:
    """The name of a channel: `https://conda.anaconda.org/conda-forge/linux-64/` is `conda-forge`."""
    found = _ADDRESS.fullmatch(text.strip())
    name = (found["name"] if found else text.strip()).rstrip("/")
    return _PLATFORM.sub("", name).removesuffix("/label/main")
