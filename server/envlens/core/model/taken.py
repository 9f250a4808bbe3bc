"""What is wrong with a file that a RUN installs from: nothing brought it there, or it is not in the build context."""

from .context import BuildContext
from .dockerfile import Dockerfile, Origin, Taken
from .facts import FileState


def is_absent(origin: Origin, context: BuildContext | None) -> bool:
    """Whether a file is surely not there. `context` is None if not known."""
    looked = [context.looked.get(each) if context else None for each in origin.candidates]
    return origin.is_sure and all(
        each is not None and (each.state is FileState.MISSING or each.hidden_by is not None) for each in looked
    )


def defect(taken: Taken, dockerfile: Dockerfile, context: BuildContext | None) -> str | None:
    """Why the file is not there when the command runs, None where it is, or may be. `context` is None if not known.

    One mistake is said once: what a line that Docker refuses or a COPY without its source was to bring is not known.
    """
    if not taken.origin.is_sure or dockerfile.tree.problems or (context and _has_absent_source(dockerfile, context)):
        return None
    written = taken.word.text
    if not taken.candidates:
        folder = taken.path.rpartition("/")[0] or "/" if taken.path else ""
        where = "" if written.startswith("/") else f" into '{folder}'"
        return f"no COPY or ADD before this brings '{written}'{where}"
    if context is None or not is_absent(taken.origin, context):
        return None
    hidden_by = next(filter(None, [context.looked[each].hidden_by for each in taken.candidates]), None)
    if hidden_by:
        return f"'{hidden_by}' leaves '{written}' out of the build context, so that no COPY brings it"
    return f"'{written}' is not in the build context, so that no COPY brings it"


def _has_absent_source(dockerfile: Dockerfile, context: BuildContext) -> bool:
    looked = [context.looked.get(path) for path in dockerfile.copied_paths]
    return any(each and (each.state is FileState.MISSING or each.hidden_by is not None) for each in looked)
