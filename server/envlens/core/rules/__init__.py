"""The list of rules: name → kinds of file, module. By hand, alphabetical, so that a run loads only what it needs.

One module a rule; rules do not know each other. A rule's docstring is its page.
"""

from collections.abc import Iterable
from functools import cache
from importlib import import_module

from ..model.document import FileKind
from ._rule import Rule

_FILE = (FileKind.ENVIRONMENT,)
_ENV = (FileKind.ENVIRONMENT, FileKind.JOB)  # a job may hold environments
_JOB = (FileKind.JOB,)
_V1 = (FileKind.V1,)
_YAML = (FileKind.CONDA, FileKind.ENVIRONMENT, FileKind.JOB)
_CONDA = (*_YAML, FileKind.V1)  # an environment may hold its conda specification inline
_PIP = (*_CONDA, FileKind.REQUIREMENTS, FileKind.DOCKERFILE)
_IMAGE = (*_ENV, FileKind.DOCKERFILE, FileKind.V1)
_ALL = tuple(FileKind)
_COMMENTED = (*_YAML, FileKind.REQUIREMENTS, FileKind.DOCKERFILE)  # JSON has no comments
_SETTINGS = ()  # found in settings files, not in those that are checked

RULES: dict[str, tuple[tuple[FileKind, ...], str]] = {
    "conda-file-not-found": (_ENV, "conda_file_not_found"),
    "conda-file-unparsable": (_ENV, "conda_file_unparsable"),
    "conda-file-without-image": (_ENV, "conda_file_without_image"),
    "conda-file-wrong-shape": (_CONDA, "conda_file_wrong_shape"),
    "conda-keys-in-env-yaml": (_ENV, "conda_keys_in_env_yaml"),
    "docker-option-missing": (_ENV, "docker_option_missing"),
    "docker-options-conflict": (_ENV, "docker_options_conflict"),
    "duplicate-yaml-key": (_YAML, "duplicate_yaml_key"),
    "env-name-missing": (_FILE, "env_name_missing"),
    "env-name-not-string": (_ENV, "env_name_not_string"),
    "env-unknown-key": (_ENV, "env_unknown_key"),
    "env-version-coerced": (_ENV, "env_version_coerced"),
    "file-too-large": (_ALL, "file_too_large"),
    "ignore-comment-invalid": (_COMMENTED, "ignore_comment_invalid"),
    "image-latest-tag": (_IMAGE, "image_latest_tag"),
    "image-no-tag-or-digest": (_IMAGE, "image_no_tag_or_digest"),
    "internal-error": (_ALL, "internal_error"),
    "missing-key": (_ENV, "missing_key"),
    "not-exactly-pinned": (_PIP, "not_exactly_pinned"),
    "os-type-invalid": (_ENV, "os_type_invalid"),
    "pip-invalid-operator": (_PIP, "pip_invalid_operator"),
    "pip-not-listed": (_CONDA, "pip_not_listed"),
    "pip-not-pinned": (_CONDA, "pip_not_pinned"),
    "python-version-multiple": (_CONDA, "python_version_multiple"),
    "python-version-unsupported": (_CONDA, "python_version_unsupported"),
    "reserved-name-prefix": ((*_ENV, *_V1), "reserved_name_prefix"),
    "settings-invalid": (_SETTINGS, "settings_invalid"),
    "unknown-key": (_ENV, "unknown_key"),
    "unpinned-dependency": (_PIP, "unpinned_dependency"),
    "unused-ignore": (_COMMENTED, "unused_ignore"),
    "utf8-decode-error": (_CONDA, "utf8_decode_error"),
    "value-not-allowed": (_ENV, "value_not_allowed"),
    "wrong-type": (_ENV, "wrong_type"),
    "yaml-syntax-error": (_CONDA, "yaml_syntax_error"),
}


def load(name: str) -> Rule:
    """The rule of that name. Raises KeyError for a name that is none."""
    found: Rule = import_module(f".{RULES[name][1]}", __name__).check
    return found


def files_of(name: str) -> str:
    """The kinds of file in which a rule finds something, for people."""
    return ", ".join(RULES[name][0]) or "settings"


def rules_for(kind: FileKind) -> Iterable[Rule]:
    """The rules that look at files of that kind."""
    return _rules_for(kind)


@cache
def _rules_for(kind: FileKind) -> tuple[Rule, ...]:
    return tuple(load(name) for name, (kinds, _) in RULES.items() if kind in kinds)
