"""Whole definitions to begin with. With their defaults they register and build, and no rule has anything to say."""

from collections.abc import Iterator

from ...model.facts import Facts
from .context import Place
from .item import Item, ItemKind, escaped, indented, matching
from .values import conda_lines, images

_SCHEMA = "\\$schema: https://azuremlschemas.azureedge.net/latest/environment.schema.json"


def definitions(facts: Facts, place: Place) -> Iterator[Item]:
    """The kinds of environment definition, for an empty file."""
    image = escaped(next((each.label for each in images(facts, place)), ""))
    head = (_SCHEMA, "name: ${1:my-environment}", 'version: "${2:1}"')
    conda = [f"  {line}" for line in conda_lines(facts, 4)]
    yield _item(
        place,
        "environment: image and conda",
        "a base image with packages on top",
        (*head, f"image: ${{3:{image}}}", "conda_file:", *conda),
    )
    build = ("build:", "  path: ${3:.}", "  dockerfile_path: ${4:Dockerfile}")
    yield _item(place, "environment: build context", "an image built from a Dockerfile of yours", (*head, *build))
    routes = ("inference_config:", *(f"  {line}" for line in _ROUTES))
    yield _item(
        place,
        "environment: image that serves",
        "an image with a web server of its own",
        (*head, "image: ${3:myregistry.azurecr.io/serve:1.0.0}", *routes),
    )


def conda_file(facts: Facts, place: Place) -> Iterator[Item]:
    """A conda file, for an empty file."""
    yield _item(place, "conda file", "channels and packages", conda_lines(facts, 1))


_ROUTES = (
    "liveness_route:",
    "  port: ${4:5001}",
    "  path: ${5:/}",
    "readiness_route:",
    "  port: ${6:5001}",
    "  path: ${7:/}",
    "scoring_route:",
    "  port: ${8:5001}",
    "  path: ${9:/score}",
)


def _item(place: Place, label: str, detail: str, lines: tuple[str, ...]) -> Item:
    text = indented(lines, place.column - place.margin) + "\n$0"
    about = "snippet:" + label
    # Typed text is a key or the name of the thing: both find it.
    filter_text = matching(place.prefix, f"{label} name image conda_file build channels dependencies")
    return Item(label, ItemKind.SNIPPET, text, place.span, detail, filter_text, about, is_snippet=True)
