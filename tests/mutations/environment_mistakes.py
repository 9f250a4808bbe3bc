"""Mistakes in definitions: names, versions, images, build contexts, what serves."""

import re
from collections.abc import Iterator

from mutants import Good, Place, line_of, mistake, replaced, swap

ENV = "environment"
BOTH = "environment job"
NAME = r"^name: (?!\")([\w.-]+)$"
IMAGE = r"^( *image: )(\"?)([^\s\"]+?)(\"?)$"
TAGGED = r"^( *image: \"?\S+?)(:[\w.-]+)(\"?)$"
OURS = r"^((?: *image: \"?|FROM )mcr\.microsoft\.com/azureml/)(openmpi[\w.-]+)(:\d+\.v\d+)(\"?)"


@mistake("reserved-name-prefix", ENV)
def prefix_of_microsoft(good: Good) -> Iterator[Place]:
    yield from swap(good, NAME, r"name: AzureML-\1")
    yield from swap(good, NAME, r"name: Microsoft\1")


@mistake("name-too-long", ENV)
def long_name(good: Good) -> Iterator[Place]:
    yield from swap(good, NAME, rf"name: \1{'x' * 255}")


@mistake("env-name-not-string", ENV)
def number_as_name(good: Good) -> Iterator[Place]:
    yield from swap(good, NAME, "name: 2024")
    yield from swap(good, NAME, "name: yes")
    yield from swap(good, NAME, "name: [demo]")


@mistake("env-name-characters", ENV)
def blank_or_slash_in_name(good: Good) -> Iterator[Place]:
    yield from swap(good, NAME, r"name: \1 model")
    yield from swap(good, NAME, r"name: team/\1")


@mistake("env-name-missing", ENV)
def no_name(good: Good) -> Iterator[Place]:
    # Said where the name would stand: at the first line.
    if "$schema" in good.text:
        for place in swap(good, r"^name: .*\n", ""):
            yield place._replace(line=0)


@mistake("env-unknown-key", ENV)
def misspelt_key(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^description:", "descripton:")
    yield from swap(good, r"^conda_file:", "conda:")
    yield from swap(good, r"^os_type:", "ostype:")
    yield from swap(good, r"^tags:", "tag:")


@mistake("env-unknown-key", ENV)
def key_of_something_else(good: Good) -> Iterator[Place]:
    yield from swap(good, NAME, r"\g<0>\nenvironment_variables: {MODE: batch}", down=1)
    yield from swap(good, NAME, r"\g<0>\ndocker: {}", down=1)


@mistake("conda-keys-in-env-yaml", ENV)
def conda_keys_at_the_top(good: Good) -> Iterator[Place]:
    if "$schema" in good.text or "image:" in good.text:
        yield from swap(good, NAME, r"\g<0>\nchannels: [conda-forge]", down=1)


@mistake("duplicate-yaml-key", BOTH + " conda")
def key_twice(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^( *)(name|image|channels|environment|command|version): \S.*$", r"\g<0>\n\g<0>")


@mistake("env-version-coerced", ENV)
def version_without_quotes(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^version: \".*\"$", "version: 1.10")
    yield from swap(good, r"^version: \".*\"$", "version: 010")
    yield from swap(good, r"^version: \".*\"$", "version: 2026-11-22")


@mistake("env-version-unsafe", ENV)
def version_that_no_reference_takes(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^version: \"(.*)\"$", r'version: "\1/2"')
    yield from swap(good, r"^version: \"(.*)\"$", r'version: "\1 beta"')
    yield from swap(good, r"^version: \"(.*)\"$", 'version: "latest"')


@mistake("definition-changed-same-version", ENV)
def same_version_with_another_image(good: Good) -> Iterator[Place]:
    at = line_of(good.text, r"^version:")
    if at is not None:
        yield from (each._replace(line=at, compared=True) for each in swap(good, TAGGED, r"\1:20260201.v1\3"))


# Images


@mistake("image-no-tag-or-digest", BOTH)
def no_tag(good: Good) -> Iterator[Place]:
    yield from swap(good, TAGGED, r"\1\3")


@mistake("image-no-tag-or-digest", "dockerfile")
def from_no_tag(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^(FROM [\w./-]+):[\w.-]+", r"\1")


@mistake("image-latest-tag", BOTH)
def latest(good: Good) -> Iterator[Place]:
    yield from swap(good, TAGGED, r"\1:latest\3")


@mistake("image-latest-tag", "dockerfile")
def from_latest(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^(FROM [\w./-]+):[\w.-]+", r"\1:latest")


@mistake("image-blank", BOTH)
def empty_image(good: Good) -> Iterator[Place]:
    yield from swap(good, IMAGE, r'\1""')


@mistake("image-reference-invalid", BOTH)
def capitals_and_schemes_in_image(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^( *image: \"?)([\w.]+/)(\w)(\S*)", r"\1\2Azure\3\4")
    yield from swap(good, IMAGE, r"\1\2https://\3\4")


@mistake("image-reference-invalid", "dockerfile")
def from_a_scheme(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^FROM (?=[a-z])", "FROM https://")


@mistake("azureml-image-tag-format", BOTH + " dockerfile")
def tag_of_another_form(good: Good) -> Iterator[Place]:
    yield from swap(good, OURS, r"\1\2:2025-11-30\4")
    yield from swap(good, OURS, r"\1\2:v1\4")


@mistake("azureml-image-unknown", BOTH + " dockerfile")
def misspelt_repository(good: Good) -> Iterator[Place]:
    yield from swap(good, OURS.replace("(openmpi", "open(mpi"), r"\1opne\2\3\4")


@mistake("base-image-deprecated", BOTH + " dockerfile")
def deprecated_image(good: Good) -> Iterator[Place]:
    yield from swap(good, OURS, r"\1openmpi4.1.0-ubuntu20.04\3\4")
    yield from swap(good, OURS, r"\1openmpi3.1.2-cuda10.1-cudnn7-ubuntu18.04\3\4")


@mistake("azureml-image-stale", BOTH + " dockerfile")
def old_tag(good: Good) -> Iterator[Place]:
    yield from swap(good, OURS, r"\1\2:20230120.v1\4")


@mistake("unsupported-platform", ENV)
def old_system(good: Good) -> Iterator[Place]:
    if "inference_config" not in good.text:  # what serves may stand on anything
        yield from swap(good, IMAGE, r"\1ubuntu:16.04")
        yield from swap(good, IMAGE, r"\1python:3.12-alpine")


@mistake("unresolved-placeholder", BOTH)
def placeholder_left_in(good: Good) -> Iterator[Place]:
    yield from swap(good, IMAGE, r"\1<image>")
    yield from swap(good, TAGGED, r"\1:${TAG}\3")


# What there has to be, and what excludes each other


def is_plain(good: Good) -> bool:
    """Whether a definition has an image and nothing that hangs on it."""
    return "conda_file" not in good.text and "$schema" in good.text


@mistake("docker-option-missing", ENV)
def no_image(good: Good) -> Iterator[Place]:
    if is_plain(good):
        at = line_of(good.text, r"^name:")
        yield from (each._replace(line=at or 0) for each in swap(good, r"^image: .*\n", ""))


@mistake("docker-options-conflict", BOTH)
def image_and_build(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^( *)image: .*$", r"\g<0>\n\1build: {path: .}", down=1)


@mistake("conda-file-with-build", BOTH)
def build_in_place_of_image(good: Good) -> Iterator[Place]:
    at = line_of(good.text, r"^ *conda_file:")
    if at is not None:
        yield from (
            each._replace(line=at, others={beside(good, "Dockerfile"): "FROM ubuntu:22.04\n"})
            for each in swap(good, r"^( *)image: .*$", r"\1build: {path: .}")
        )


@mistake("conda-file-without-image", BOTH)
def conda_file_alone(good: Good) -> Iterator[Place]:
    for found in re.finditer(r"^( *)image: .*\n(?=\1conda_file:)", good.text, re.MULTILINE):
        yield from replaced(good, found.start(), found.end(), "")


def beside(good: Good, name: str) -> str:
    """A file in the folder of another one."""
    return "/".join([*good.name.split("/")[:-1], name])


@mistake("conda-file-not-found", BOTH)
def misspelt_conda_file(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^( *conda_file: )(\S+)$", r"\1absent/\2")
    yield from swap(good, r"^( *conda_file: \S+)\.yml$", r"\1.ylm")


@mistake("conda-file-not-found", BOTH)
def deleted_conda_file(good: Good) -> Iterator[Place]:
    for found in re.finditer(r"^ *conda_file: (\S+)$", good.text, re.MULTILINE):
        name = beside(good, found[1])
        yield Place(good.text, good.text.count("\n", 0, found.start()), {name: None})


@mistake("conda-file-unparsable", BOTH)
def broken_conda_file(good: Good) -> Iterator[Place]:
    for found in re.finditer(r"^ *conda_file: (\S+)$", good.text, re.MULTILINE):
        name = beside(good, found[1])
        broken = good.folder[name].replace("dependencies:", "dependencies: [")
        yield Place(good.text, good.text.count("\n", 0, found.start()), {name: broken})


@mistake("conda-spec-missing", BOTH)
def empty_conda_file(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^( *conda_file:) \S+$", r"\1")
    yield from swap(good, r"^( *conda_file:) \S+$", r"\1 ''")


@mistake("conda-file-wrong-shape", BOTH)
def list_in_place_of_a_conda_file(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^( *conda_file:) \S+$", r"\1 [python=3.12, pip]")


@mistake("packages-in-image-shadowed", ENV)
def conda_file_beside_an_image_with_packages(good: Good) -> Iterator[Place]:
    at = line_of(good.text, r"^ *conda_file:")
    if at is not None:
        image = "mcr.microsoft.com/azureml/curated/sklearn-1.5:12"
        yield from (each._replace(line=at) for each in swap(good, IMAGE, rf"\1{image}"))


# Build contexts


@mistake("build-context-path-missing", BOTH)
def no_path(good: Good) -> Iterator[Place]:
    if "dockerfile_path:" in good.text:
        at = line_of(good.text, r"^ *build:")
        yield from (each._replace(line=at or 0) for each in swap(good, r"^  path: .*\n", ""))
    if "$schema" in good.text:  # else it is by this key that a definition is known
        yield from swap(good, r"^build:\n(?:  .*\n)+", "build: {}\n")


@mistake("build-path-not-found", BOTH)
def misspelt_build_path(good: Good) -> Iterator[Place]:
    if "build:" in good.text:
        yield from swap(good, r"^  path: [\w.]+$", "  path: contxt")


@mistake("build-path-is-file", BOTH)
def file_as_build_path(good: Good) -> Iterator[Place]:
    if "dockerfile_path" not in good.text and "build:" in good.text:
        yield from swap(good, r"^(  path: )(\w+)$", r"\1\2/Dockerfile")
        yield from swap(good, r"^(  path: )\.$", r"\1Dockerfile")


@mistake("build-unknown-key", BOTH)
def key_of_compose(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^build:\n  path: .*$", r"\g<0>\n  target: train", down=2)
    yield from swap(good, r"^build:\n  path: .*$", r"\g<0>\n  args: {PYTHON: '3.12'}", down=2)


@mistake("dockerfile-not-found", BOTH)
def misspelt_dockerfile(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^(  dockerfile_path: \S+)$", r"\1.txt")


@mistake("dockerfile-not-found", BOTH)
def dockerfile_in_small_letters(good: Good) -> Iterator[Place]:
    if "dockerfile_path" not in good.text and "build:" in good.text:
        for name, text in good.folder.items():
            if name.endswith("Dockerfile"):
                others = {name: None, name.replace("Dockerfile", "dockerfile"): text}
                yield Place(good.text, line_of(good.text, r"^  path:") or 0, others)


@mistake("dockerfile-path-outside-context", BOTH)
def dockerfile_above(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^(  dockerfile_path: )(\S+)$", r"\1../\2")
    yield from swap(good, r"^(  dockerfile_path: )(\S+)$", r"\1/opt/\2")


def context_of(good: Good) -> str | None:
    """The folder that a definition is built from, with its slash; "" for its own."""
    found = re.search(r"^build:\n  path: (\S+)$", good.text, re.MULTILINE)
    return None if found is None else "" if found[1] == "." else f"{found[1]}/"


@mistake("build-context-empty", ENV)
def all_of_the_context_ignored(good: Good) -> Iterator[Place]:
    folder = context_of(good)
    if folder:
        yield Place(good.text, line_of(good.text, r"^  path:") or 0, {f"{folder}.amlignore": "*\n"})


@mistake("context-file-ignored-on-upload", ENV)
def dockerfile_ignored(good: Good) -> Iterator[Place]:
    folder = context_of(good)
    if folder is not None:
        # At the path of the Dockerfile where it is written, else at that of the context.
        at = line_of(good.text, r"^  dockerfile_path:") or line_of(good.text, r"^  path:") or 0
        yield Place(good.text, at, {f"{folder}.amlignore": "*ocker*\n"})
        if f"{folder}.amlignore" not in good.folder:
            yield Place(good.text, at, {f"{folder}.gitignore": "*ocker*\n"})


# What else a definition says


@mistake("os-type-invalid", ENV)
def misspelt_system(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^os_type: linux$", "os_type: linus")
    yield from swap(good, r"^os_type: linux$", "os_type: macos")


@mistake("wrong-type", ENV)
def value_of_another_type(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^description: .*$", "description: 3")
    yield from swap(good, r"^tags: .+$", "tags: [training]")
    yield from swap(good, r"^tags:\n  team: retention$", "tags: retention")


@mistake("inference-route-missing", ENV)
def route_removed(good: Good) -> Iterator[Place]:
    at = line_of(good.text, r"^inference_config:") or 0
    route = r"^  (?:liveness|readiness|scoring)_route:.*\n(?:    .*\n)*"
    yield from (each._replace(line=at) for each in swap(good, route, ""))


@mistake("inference-route-incomplete", ENV)
def half_a_route(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^(  \w+_route:)\n    port: .*\n", r"\1\n")
    yield from swap(good, r"^(  \w+_route:\n    port: .*\n)    path: .*\n", r"\1")
    yield from swap(good, r"^(  \w+_route: \{)port: \d+, ", r"\1")


@mistake("inference-route-incomplete", ENV)
def impossible_port(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^    port: \d+$", "    port: 99999")
    yield from swap(good, r"^    port: \d+$", "    port: http")
    yield from swap(good, r"^    path: /(\w+)$", r"    path: \1")


@mistake("inference-startup-route", ENV)
def startup_route(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^inference_config:$", r"\g<0>\n  startup_route: {port: 5001, path: /}", down=1)


@mistake("unknown-key", ENV)
def misspelt_inner_key(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^    port: .*$", r"\g<0>\n    scheme: http", down=1)
    yield from swap(good, r"^  value: 30d$", r"\g<0>\n  days: 30", down=1)


@mistake("value-not-allowed", ENV)
def condition_that_is_none(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^  condition: .*$", "  condition: older_than")
    yield from swap(good, r"^(  condition: created_greater)_than$", r"\1")


# YAML and comments


@mistake("yaml-syntax-error", BOTH + " conda")
def indentation(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^(?=(name|image|version|command): )(?<=\n)", " ")


@mistake("yaml-syntax-error", BOTH + " conda")
def open_quote(good: Good) -> Iterator[Place]:
    lines = good.text.count("\n")
    for place in swap(good, r"^((?:name|version|image|environment): )(?=[\w\"])\"?([^\"\n]+)\"?$", r'\1"\2'):
        # A quote ends where the next one stands: only the last one of a file stays open to the end.
        if '"' not in str(place.text).split("\n", place.line + 1)[-1] and place.line < lines:
            yield place


@mistake("yaml-syntax-error", BOTH + " conda")
def tab(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^  +(?=[\w-])(?!- )", "\t")


@mistake("utf8-decode-error", BOTH + " conda")
def latin_1(good: Good) -> Iterator[Place]:
    for name in ("name", "description", "command", "channels"):
        at = line_of(good.text, rf"^{name}:")
        if at is not None:
            lines = good.text.split("\n")
            lines[at] += " # caf\u00e9"
            yield Place("\n".join(lines).encode("latin-1"), at)


@mistake("ignore-comment-invalid", BOTH + " conda requirements")
def ignored_rule_that_is_none(good: Good) -> Iterator[Place]:
    yield from swap(
        good, r"^(name|image|command|channels|dependencies):[^#\n>]*$", r"\g<0> # envlens: ignore[no-such-rule]"
    )
    yield from swap(good, r"^[\w-]+==[\w.]+$", r"\g<0> # envlens: ignore[unpined-dependency]")


@mistake("unused-ignore", BOTH + " conda requirements")
def ignored_without_need(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^(name|command|channels):[^#\n>]*$", r"\g<0> # envlens: ignore[image-latest-tag]")
    yield from swap(good, r"^[\w-]+==[\w.]+$", r"\g<0> # envlens: ignore[unpinned-dependency]")


@mistake("settings-invalid", "settings")
def settings_that_are_none(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^(ignore|exclude|fail-on) =", r"\1s =")
    yield from swap(good, "unpinned-dependency", "unpined-dependency")
    yield from swap(good, '"warning"', '"warnings"')
    yield from swap(good, '"$', "")
