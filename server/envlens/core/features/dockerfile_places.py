"""What stands at the places of a Dockerfile: for its outline and hover."""

from ..model.dockerfile import Dockerfile
from ..model.image import ImageReference
from ..syntax.dockerfile import Instruction, Stage
from ..syntax.matchspec import MatchSpec
from ..syntax.requirements import LineKind, Requirement
from ..syntax.urls import redacted
from ..text.span import Span
from .symbol import Symbol, SymbolKind

# Docker's reference of the Dockerfile.
_KEYWORDS = {
    "ADD": "Copies files of the build context, or what a URL leads to, into the image; local archives are unpacked.",
    "ARG": "Declares a variable of the build. Before the first FROM only FROM sees it; in a stage it is gone after it.",
    "CMD": "What a container runs by default. The last one counts.",
    "COPY": "Copies files of the build context, or with `--from` of another stage or image, into the image.",
    "ENTRYPOINT": "The program that a container runs; CMD gives its arguments. The last one counts.",
    "ENV": "Sets environment variables, for what follows in the build and for the containers.",
    "EXPOSE": "Says on which ports a container listens. It opens none.",
    "FROM": "Begins a stage with a base image, or with an earlier stage. The last stage becomes the image.",
    "HEALTHCHECK": "How to find out whether a container works.",
    "LABEL": "Adds metadata to the image.",
    "MAINTAINER": "The author of the image. Deprecated: a LABEL does it.",
    "ONBUILD": "An instruction that runs when another image is built on this one.",
    "RUN": "Runs a command while the image is built, and keeps what it changes as a layer.",
    "SHELL": "The shell of the RUN, CMD and ENTRYPOINT that follow in shell form.",
    "STOPSIGNAL": "The signal that stops a container.",
    "USER": "The user for the RUN, CMD and ENTRYPOINT that follow.",
    "VOLUME": "Declares mount points for data that outlives a container.",
    "WORKDIR": "The directory for what follows. It is made if it is not there.",
}
_MAX_DETAIL = 80


def outline(dockerfile: Dockerfile) -> list[Symbol]:
    """What stands before the first FROM, then the stages with their instructions."""
    tree = dockerfile.tree
    first = tree.stages[0].source.span.start if tree.stages else None
    before = [each for each in tree.instructions if first is None or each.span.start < first]
    return [*map(_instruction, before), *map(_stage, tree.stages)]


def _stage(stage: Stage) -> Symbol:
    image = stage.image.text if stage.image else ""
    last = stage.instructions[-1] if stage.instructions else stage.source
    selection = stage.name or stage.image
    children = tuple(map(_instruction, stage.instructions))
    return Symbol(
        stage.name.text if stage.name else image or "FROM",
        image if stage.name else "",
        SymbolKind.ENVIRONMENT if children else SymbolKind.KEY,
        Span(stage.source.span.start, last.span.end),
        selection.span if selection else stage.source.keyword_span,
        children,
    )


def _instruction(it: Instruction) -> Symbol:
    detail = redacted(" ".join(it.args.text[: 2 * _MAX_DETAIL].split()))[:_MAX_DETAIL]
    return Symbol(it.keyword, detail, SymbolKind.KEY, it.span, it.keyword_span)


def find(dockerfile: Dockerfile, offset: int) -> tuple[Span, ImageReference | MatchSpec | Requirement | str] | None:
    """The image, the package or, as Markdown, the instruction whose keyword stands at an offset."""
    for base in dockerfile.bases:
        if base.image is not None and base.word.span.contains(offset):
            return base.word.span, base.image
    for package, joined in dockerfile.packages:
        span = joined.span_of(0, len(joined.text))
        if span.contains(offset) and (isinstance(package, MatchSpec) or package.kind is LineKind.REQUIREMENT):
            return span, package
    for it in dockerfile.tree.instructions:
        for each in (it, it.inner) if it.inner is not None else (it,):
            text = _KEYWORDS.get(each.keyword)
            if text and each.keyword_span.contains(offset):
                return each.keyword_span, f"**{each.keyword}**\n\n{text}"
    return None
