"""What is wrong with a file that a RUN installs from: nothing brought it there, or it is not in the build context."""

from .context import BuildContext
from .dockerfile import Taken
from .facts import FileState


def defect(taken: Taken, context: BuildContext | None) -> str | None:
    """Why the file is not there when the command runs, None where it is, or may be. `context` is None if not known."""
    if not taken.origin.is_sure:
        return None
    written = taken.word.text
    if not taken.candidates:
        folder = taken.path.rpartition("/")[0] or "/" if taken.path else ""
        where = "" if written.startswith("/") else f" into '{folder}'"
        return f"no COPY or ADD before this brings '{written}'{where}"
    looked = [context.looked.get(each) if context else None for each in taken.candidates]
    hidden_by = None
    for each in looked:
        if each is None or (each.state is not FileState.MISSING and each.hidden_by is None):
            return None
        hidden_by = hidden_by or each.hidden_by
    if hidden_by:
        return f"'{hidden_by}' leaves '{written}' out of the build context, so that no COPY brings it"
    return f"'{written}' is not in the build context, so that no COPY brings it"
