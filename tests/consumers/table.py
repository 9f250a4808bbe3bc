"""Which rule's failure is shown by which consumer, and why no consumer is run for the others.

A line of `PROOFS` says: `consumer` fails on the Bad of the rule's page, in words that `pattern` finds, and takes its
Good.
A new rule gets a line there, or stands under a reason in `NOT_RUN`; then `pytest tests/consumers --update`.
"""

from enum import StrEnum
from typing import NamedTuple


class Consumer(StrEnum):
    """What is run."""

    SDK = "azure-ai-ml"
    PIP = "pip"
    ENGINE = "Docker engine"
    HADOLINT = "hadolint"


SDK, PIP, ENGINE, HADOLINT = Consumer


class Proof(NamedTuple):
    """A consumer that fails on the rule's Bad, and how it says so (a regular expression)."""

    rule: str
    consumer: Consumer
    pattern: str


_NO_DOCKERFILE = r"(?:Dockerfile|Dockerfile path): .*no such file or directory|failed to read dockerfile.*"
_INVALID = r"invalid reference format|failed to parse stage name .*"
PROOFS = (
    Proof("apt-get-failed", ENGINE, r"Unable to locate package git"),
    Proof("arm-id-unversioned", SDK, r"id for environment is invalid"),
    Proof("bare-redirection", ENGINE, r"can't open .?2|2: No such file"),
    Proof("build-context-empty", SDK, r"EmptyDirectoryError: Directory context is empty"),
    Proof("build-context-path-missing", ENGINE, _NO_DOCKERFILE),
    Proof("build-path-is-file", ENGINE, r"context must be a directory.*|walk \.: not a directory"),
    Proof("build-path-not-found", SDK, r"Can't find directory or file in resolved absolute path: contxt"),
    Proof("build-unknown-key", SDK, r'"dockerfile": \[\s*"Unknown field\.'),
    Proof("command-not-recognized", ENGINE, r"git: not found"),
    Proof("conda-command-not-found", ENGINE, r"conda: not found"),
    Proof("conda-file-not-found", SDK, r"No such file or directory: conda-train\.yml"),
    Proof("conda-file-unparsable", SDK, r"Error while parsing yaml file: train\.yml"),
    Proof("conda-file-without-image", SDK, r"Docker image or Dockerfile is required"),
    Proof("conda-file-wrong-shape", SDK, r"TypeError: expected str, bytes or os\.PathLike object, not list"),
    Proof("conda-keys-in-env-yaml", SDK, r"you are trying to specify a conda file"),
    Proof("conda-spec-missing", SDK, r'"conda_file": \[\s*"Field may not be null'),
    Proof("conflicting-pins", PIP, r"Cannot install idna==3\.6 and idna==3\.7|conflicting dependencies"),
    Proof("context-file-ignored-on-upload", ENGINE, _NO_DOCKERFILE),
    Proof("copy-source-not-found", ENGINE, r"COPY failed: .*requirments\.txt.*|requirments\.txt.*not found"),
    Proof("docker-option-missing", SDK, r"Docker image or Dockerfile is required"),
    Proof("docker-options-conflict", SDK, r"Docker image or Dockerfile should be provided not both"),
    Proof("dockerfile-format", ENGINE, r"FROM requires either one or three arguments"),
    Proof("dockerfile-not-found", ENGINE, _NO_DOCKERFILE),
    Proof("dockerfile-path-outside-context", ENGINE, _NO_DOCKERFILE),
    Proof("env-file-not-found", SDK, r"No such file or directory: envs/churn\.yml"),
    Proof("env-missing-in-command", SDK, r"environment[\\\"]+: \[\s*[\\n\s]*[\\\"]+Missing data for required field"),
    Proof("env-name-missing", SDK, r'"name": \[\s*"Missing data for required field'),
    Proof("env-name-not-string", SDK, r'"name": \[\s*"Not a valid string'),
    Proof("env-ref-malformed", SDK, r"Failed to extract version when parsing asset churn"),
    Proof("env-ref-missing-prefix", SDK, r"please provide either of the following prefixed with 'azureml:'"),
    Proof("env-ref-no-version", SDK, r"Failed to extract version when parsing asset churn"),
    Proof("env-ref-unknown-label", SDK, r"Asset churn with version label prod does not exist"),
    Proof("env-ref-version-and-label", SDK, r"no environments/churn:3 in this workspace"),
    Proof("env-unknown-key", SDK, r'"descripton": \[\s*"Unknown field'),
    Proof("forbidden-blob", PIP, r"HTTP error 403 while getting|403 Client Error: Forbidden"),
    Proof("image-blank", ENGINE, r"FROM requires either one or three arguments"),
    Proof("image-latest-tag", HADOLINT, r"DL3007 .*"),
    Proof("image-no-tag-or-digest", HADOLINT, r"DL3006 .*"),
    Proof("image-reference-invalid", ENGINE, _INVALID),
    Proof("incompatible-python-version", PIP, r"Ignored the following versions that require a different python.*"),
    Proof("inference-route-incomplete", SDK, r'"path": \[\s*"Missing data for required field'),
    Proof("inference-route-missing", SDK, r'"liveness_route": \[\s*"Missing data for required field'),
    Proof("inference-server-flask-conflict", PIP, r"azureml-inference-server-http 0\.6\.1 depends on flask==1\.0\.3"),
    Proof("inference-startup-route", SDK, r'"startup_route": \[\s*"Unknown field'),
    Proof("insecure-index", PIP, r"pkgs\.example\.com is not a trusted or secure host and is being ignored"),
    Proof(
        "invalid-wheel-filename",
        PIP,
        r"churn-1\.4\.whl.*(?:not a valid|Invalid) wheel filename|Invalid wheel filename.*churn-1\.4",
    ),
    Proof(
        "k8s-deployment-registry-ref", SDK, r"Registry reference for environments is not supported for K8SDeployment"
    ),
    Proof("local-path-in-conda-file", PIP, r"\./churn is not a valid editable requirement"),
    Proof("make-no-makefile", ENGINE, r"No rule to make target 'all'"),
    Proof("missing-command-in-build", ENGINE, r"Cannot find command 'git'"),
    Proof("missing-python-module", PIP, r"No matching distribution found for json"),
    Proof("os-type-invalid", SDK, r"Value 'macos' passed is not in set \['linux', 'windows'\]"),
    Proof("pip-interactive-auth", PIP, r"EOFError: EOF when reading a line"),
    Proof("pip-invalid-operator", PIP, r"Invalid requirement: '?pandas=2\.2\.3.*"),
    Proof("pip-unknown-option", PIP, r"no such option: --no-cache-dir"),
    Proof(
        "requirement-marker-invalid", PIP, r"Invalid marker: 'python_version < 3\.11'.*|Expected a marker variable.*"
    ),
    Proof("requirements-include-missing", PIP, r"Could not open requirements file: .*'base\.txt'"),
    Proof("requirements-include-missing", ENGINE, r"Could not open requirements file: .*'requirements\.txt'"),
    Proof("unknown-docker-instruction", ENGINE, r"unknown instruction: &&"),
    Proof("unknown-key", SDK, r'"values": \[\s*"Unknown field'),
    Proof("unpinned-dependency", HADOLINT, r"DL3013 .*"),
    Proof("unresolved-placeholder", ENGINE, _INVALID),
    Proof("utf8-decode-error", SDK, r"UnicodeDecodeError: .*invalid continuation byte"),
    Proof("value-not-allowed", SDK, r"Value passed is not a data binding string: never"),
    Proof("wrong-type", SDK, r'"tags": \[\s*"Not a valid mapping type'),
    Proof("yaml-syntax-error", SDK, r"Error while parsing yaml file: environment\.yml"),
)


class Reason(StrEnum):
    """Why no consumer is run for a rule, in a word, and what the word means."""

    SERVICE = "service: only Azure ML itself, or a registry of images, can say no"
    CONDA = "conda: it is conda that judges, and the tests have none; see tests/unit/test_conda_verdict.py"
    CONTENTS = "contents: what fails lies in a true package or image, and the tests have stand-ins"
    UNREPRODUCIBLE = "unreproducible: nothing fails today, and another day may bring another image"
    MISTAKEN = "mistaken: nothing fails, and the result is hardly what was meant"
    DATED = "dated: nothing fails yet, what it rests on ends"
    SECRET = "secret: nothing fails, and a secret lies open"
    OURS = "envlens: it is about envlens's own files, comments and limits"


NOT_RUN: dict[Reason, tuple[str, ...]] = {
    Reason.SERVICE: (
        "azureml-image-tag-format",
        "azureml-image-unknown",
        "batch-env-missing-packages",
        "conda-file-with-build",
        "curated-env-in-batch",
        "curated-env-unknown",
        "dockerfile-too-large",
        "env-name-characters",
        "env-ref-colon-latest",
        "environment-not-found",
        "inference-server-missing",
        "name-too-long",
        "registry-ref-malformed",
        "registry-ref-singular",
        "registry-ref-wrong-asset",
        "reserved-name-prefix",
        "unsupported-platform",
    ),
    Reason.CONDA: (
        "conda-bad-spec",
        "conda-communication-error",
        "conda-package-not-found",
        "conda-spec-invalid",
        "conda-timeout",
        "conda-unknown-key",
        "python-version-malformed",
        "python-version-multiple",
    ),
    Reason.CONTENTS: (
        "compile-error",
        "horovod-build",
        "inference-server-too-old",
        "mpi4py-build",
        "pip-cannot-uninstall",
    ),
    Reason.UNREPRODUCIBLE: (
        "conda-channels-missing",
        "definition-changed-same-version",
        "extra-index-url",
        "floating-env-ref",
        "not-exactly-pinned",
        "order-changes-hash",
        "pip-not-listed",
        "pip-not-pinned",
        "python-version-missing",
    ),
    Reason.MISTAKEN: (
        "archived-environment",
        "defaults-channel",
        "duplicate-requirement",
        "duplicate-yaml-key",
        "env-version-coerced",
        "env-version-unsafe",
        "inference-config-on-training-env",
        "inference-server-flask-pinned",
        "inline-env-named",
        "packages-in-image-shadowed",
        "requirement-ignored",
        "spark-env-image-ignored",
    ),
    Reason.DATED: (
        "azureml-image-stale",
        "base-image-deprecated",
        "curated-env-retired",
        "python-version-near-eol",
        "python-version-unsupported",
        "v1-format-retired",
    ),
    Reason.SECRET: ("credentials-in-index-url",),
    Reason.OURS: (
        "file-too-large",
        "ignore-comment-invalid",
        "internal-error",
        "settings-invalid",
        "unused-ignore",
    ),
}


def rules_of(consumer: Consumer) -> list[str]:
    """The rules that a consumer shows, each once."""
    return sorted({each.rule for each in PROOFS if each.consumer is consumer})
