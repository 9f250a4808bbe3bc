"""What counted for a prediction, for people and for JSON."""

from hashlib import sha256

from .conda_parts import split
from .dump import dump
from .prediction import Counted, Input


def inputs(counted: Counted) -> tuple[Input, ...]:
    """The parts that count, each with the first 32 hex digits of the SHA-256 of its text; lists as dumped."""
    found: list[Input] = []

    def add(part: str, text: str | None, shown: str | None = None) -> None:
        if text is not None:
            found.append(Input(part, shown if shown is not None else text, _digest(text)))

    def add_list(part: str, values: tuple[object, ...]) -> None:
        found.append(Input(part, tuple(map(_shown, values)), _digest(dump(list(values)).text)))

    add("base-image", counted.base_image)
    if counted.conda_text is not None:
        parts = split(counted.conda)
        add_list("channels", parts.channels)
        add_list("conda-packages", parts.packages)
        add_list("pip-packages", parts.pip)
        if parts.rest:
            add("conda", dump(parts.rest).text, ", ".join(map(str, parts.rest)))
    add("dockerfile-path", counted.dockerfile_path)
    if counted.tree is not None:
        count = len(counted.tree.leaves)
        add("build-context", counted.tree.merkle, f"{count} file{'s' * (count != 1)}, {size(counted.tree.size)}")
    add("base-dockerfile", counted.base_dockerfile, _lines(counted.base_dockerfile))
    add("image-registry", counted.image_registry)
    add("spark", counted.spark, "packages and repositories")
    add("r", counted.r, "packages")
    return tuple(found)


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _shown(value: object) -> str:
    """An entry in one line; what is no text as YAML writes it."""
    return value if isinstance(value, str) else dump(value).text.removesuffix("\n...\n").strip().replace("\n", " ")


def _lines(text: str | None) -> str:
    count = len((text or "").splitlines())
    return f"{count} line{'s' * (count != 1)}"


def size(count: int) -> str:
    """Bytes for people: `12 bytes`, `3.4 MB` (decimal units)."""
    if count < 1000:
        return f"{count} byte{'s' * (count != 1)}"
    number, unit = count / 1000, "kB"
    for larger in ("MB", "GB"):
        if number >= 999.95:
            number, unit = number / 1000, larger
    return f"{number:.1f} {unit}"
