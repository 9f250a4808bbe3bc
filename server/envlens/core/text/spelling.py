"""Finds what a misspelt word was meant to be."""

from collections.abc import Iterable


def nearest(word: str, candidates: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The candidate most like `word`, None where none is at least `cutoff` (0 to 1) like it."""
    from difflib import get_close_matches  # only here: most files have no mistake of this kind

    return next(iter(get_close_matches(word, list(candidates), n=1, cutoff=cutoff)), None)
