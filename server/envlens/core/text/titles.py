"""Titles of fixes and actions, with notes in brackets behind them."""


def noted(title: str, *notes: str | None) -> str:
    """A title with notes behind it, in the brackets that it may end in already."""
    said = "; ".join(filter(None, notes))
    if not said:
        return title
    return f"{title[:-1]}; {said})" if title.endswith(")") and " (" in title else f"{title} ({said})"
