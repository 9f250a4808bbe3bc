"""The list of rules: name → kinds of file, module. By hand, alphabetical, so that a run loads only what it needs.

One module a rule; rules do not know each other. A rule's docstring is its page.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module

from ..model.document import FileKind
from ._rule import Rule

_FILE = (FileKind.ENVIRONMENT,)
_ENV = (FileKind.ENVIRONMENT, FileKind.JOB)  # a job may hold environments
_JOB = (FileKind.JOB,)
_V1 = (FileKind.V1,)
_NAMED = (*_ENV, *_V1)
_YAML = (FileKind.CONDA, FileKind.ENVIRONMENT, FileKind.JOB)
_CONDA = (*_YAML, FileKind.V1)  # an environment may hold its conda specification inline
_PIP = (*_CONDA, FileKind.REQUIREMENTS, FileKind.DOCKERFILE)
_DOCKER = (FileKind.DOCKERFILE,)
_IMAGE = (*_ENV, FileKind.DOCKERFILE, FileKind.V1)
_ALL = tuple(FileKind)
_COMMENTED = (*_YAML, FileKind.REQUIREMENTS, FileKind.DOCKERFILE)  # JSON has no comments
_SETTINGS = ()  # found in settings files, not in those that are checked

RULES: dict[str, tuple[tuple[FileKind, ...], str]] = {
    "apt-get-failed": (_DOCKER, "apt_get_failed"),
    "archived-environment": (_ENV, "archived_environment"),
    "arm-id-unversioned": (_JOB, "arm_id_unversioned"),
    "azureml-image-stale": (_IMAGE, "azureml_image_stale"),
    "azureml-image-tag-format": (_IMAGE, "azureml_image_tag_format"),
    "azureml-image-unknown": (_IMAGE, "azureml_image_unknown"),
    "bare-redirection": (_DOCKER, "bare_redirection"),
    "base-image-deprecated": (_IMAGE, "base_image_deprecated"),
    "batch-env-missing-packages": (_JOB, "batch_env_missing_packages"),
    "build-context-empty": (_ENV, "build_context_empty"),
    "build-context-path-missing": (_ENV, "build_context_path_missing"),
    "build-path-is-file": (_ENV, "build_path_is_file"),
    "build-path-not-found": (_ENV, "build_path_not_found"),
    "build-unknown-key": (_ENV, "build_unknown_key"),
    "command-not-recognized": (_DOCKER, "command_not_recognized"),
    "compile-error": (_DOCKER, "compile_error"),
    "conda-bad-spec": ((*_CONDA, *_DOCKER), "conda_bad_spec"),
    "conda-channels-missing": (_CONDA, "conda_channels_missing"),
    "conda-command-not-found": (_DOCKER, "conda_command_not_found"),
    "conda-communication-error": ((*_CONDA, *_DOCKER), "conda_communication_error"),
    "conda-file-not-found": ((*_ENV, *_DOCKER), "conda_file_not_found"),
    "conda-file-unparsable": (_ENV, "conda_file_unparsable"),
    "conda-file-with-build": (_ENV, "conda_file_with_build"),
    "conda-file-without-image": (_ENV, "conda_file_without_image"),
    "conda-file-wrong-shape": (_CONDA, "conda_file_wrong_shape"),
    "conda-keys-in-env-yaml": (_ENV, "conda_keys_in_env_yaml"),
    "conda-package-not-found": (_CONDA, "conda_package_not_found"),
    "conda-spec-invalid": (_CONDA, "conda_spec_invalid"),
    "conda-spec-missing": (_ENV, "conda_spec_missing"),
    "conda-timeout": (_CONDA, "conda_timeout"),
    "conda-unknown-key": (_CONDA, "conda_unknown_key"),
    "conflicting-pins": (_PIP, "conflicting_pins"),
    "context-file-ignored-on-upload": ((*_ENV, *_DOCKER), "context_file_ignored_on_upload"),
    "copy-source-not-found": (_DOCKER, "copy_source_not_found"),
    "credentials-in-index-url": (_PIP, "credentials_in_index_url"),
    "curated-env-in-batch": (_JOB, "curated_env_in_batch"),
    "curated-env-retired": (_JOB, "curated_env_retired"),
    "curated-env-unknown": (_JOB, "curated_env_unknown"),
    "defaults-channel": (_CONDA, "defaults_channel"),
    "definition-changed-same-version": (_ENV, "definition_changed_same_version"),
    "docker-option-missing": (_ENV, "docker_option_missing"),
    "docker-options-conflict": (_ENV, "docker_options_conflict"),
    "dockerfile-format": (_DOCKER, "dockerfile_format"),
    "dockerfile-not-found": (_ENV, "dockerfile_not_found"),
    "dockerfile-path-outside-context": (_ENV, "dockerfile_path_outside_context"),
    "dockerfile-too-large": (_DOCKER, "dockerfile_too_large"),
    "duplicate-requirement": (_PIP, "duplicate_requirement"),
    "duplicate-yaml-key": (_YAML, "duplicate_yaml_key"),
    "env-file-not-found": (_JOB, "env_file_not_found"),
    "env-missing-in-command": (_JOB, "env_missing_in_command"),
    "env-name-characters": (_NAMED, "env_name_characters"),
    "env-name-missing": (_FILE, "env_name_missing"),
    "env-name-not-string": (_ENV, "env_name_not_string"),
    "env-ref-colon-latest": (_JOB, "env_ref_colon_latest"),
    "env-ref-malformed": (_JOB, "env_ref_malformed"),
    "env-ref-missing-prefix": (_JOB, "env_ref_missing_prefix"),
    "env-ref-no-version": (_JOB, "env_ref_no_version"),
    "env-ref-unknown-label": (_JOB, "env_ref_unknown_label"),
    "env-ref-version-and-label": (_JOB, "env_ref_version_and_label"),
    "env-unknown-key": (_ENV, "env_unknown_key"),
    "env-version-coerced": (_ENV, "env_version_coerced"),
    "env-version-unsafe": (_ENV, "env_version_unsafe"),
    "environment-not-found": (_JOB, "environment_not_found"),
    "extra-index-url": (_PIP, "extra_index_url"),
    "file-too-large": (_ALL, "file_too_large"),
    "floating-env-ref": (_JOB, "floating_env_ref"),
    "forbidden-blob": (_PIP, "forbidden_blob"),
    "horovod-build": ((*_CONDA, *_DOCKER), "horovod_build"),
    "ignore-comment-invalid": (_COMMENTED, "ignore_comment_invalid"),
    "image-blank": (_ENV, "image_blank"),
    "image-latest-tag": (_IMAGE, "image_latest_tag"),
    "image-no-tag-or-digest": (_IMAGE, "image_no_tag_or_digest"),
    "image-reference-invalid": (_IMAGE, "image_reference_invalid"),
    "incompatible-python-version": (_CONDA, "incompatible_python_version"),
    "inference-config-on-training-env": (_FILE, "inference_config_on_training_env"),
    "inference-route-incomplete": (_ENV, "inference_route_incomplete"),
    "inference-route-missing": (_ENV, "inference_route_missing"),
    "inference-server-flask-conflict": (_PIP, "inference_server_flask_conflict"),
    "inference-server-flask-pinned": (_PIP, "inference_server_flask_pinned"),
    "inference-server-missing": (_JOB, "inference_server_missing"),
    "inference-server-too-old": (_PIP, "inference_server_too_old"),
    "inference-startup-route": (_ENV, "inference_startup_route"),
    "inline-env-named": (_JOB, "inline_env_named"),
    "insecure-index": (_PIP, "insecure_index"),
    "internal-error": (_ALL, "internal_error"),
    "invalid-wheel-filename": (_PIP, "invalid_wheel_filename"),
    "k8s-deployment-registry-ref": (_JOB, "k8s_deployment_registry_ref"),
    "local-path-in-conda-file": (_CONDA, "local_path_in_conda_file"),
    "make-no-makefile": (_DOCKER, "make_no_makefile"),
    "missing-command-in-build": (_DOCKER, "missing_command_in_build"),
    "missing-python-module": (_PIP, "missing_python_module"),
    "mpi4py-build": ((*_ENV, *_DOCKER), "mpi4py_build"),
    "name-too-long": (_NAMED, "name_too_long"),
    "not-exactly-pinned": (_PIP, "not_exactly_pinned"),
    "order-changes-hash": (_CONDA, "order_changes_hash"),
    "os-type-invalid": (_ENV, "os_type_invalid"),
    "packages-in-image-shadowed": (_ENV, "packages_in_image_shadowed"),
    "pip-cannot-uninstall": (_DOCKER, "pip_cannot_uninstall"),
    "pip-interactive-auth": (_PIP, "pip_interactive_auth"),
    "pip-invalid-operator": (_PIP, "pip_invalid_operator"),
    "pip-not-listed": (_CONDA, "pip_not_listed"),
    "pip-not-pinned": (_CONDA, "pip_not_pinned"),
    "pip-unknown-option": (_PIP, "pip_unknown_option"),
    "python-version-malformed": (_CONDA, "python_version_malformed"),
    "python-version-missing": (_CONDA, "python_version_missing"),
    "python-version-multiple": ((*_CONDA, *_DOCKER), "python_version_multiple"),
    "python-version-near-eol": (_CONDA, "python_version_near_eol"),
    "python-version-unsupported": ((*_CONDA, *_DOCKER), "python_version_unsupported"),
    "registry-ref-malformed": (_JOB, "registry_ref_malformed"),
    "registry-ref-singular": (_JOB, "registry_ref_singular"),
    "registry-ref-wrong-asset": (_JOB, "registry_ref_wrong_asset"),
    "requirement-ignored": (_PIP, "requirement_ignored"),
    "requirement-marker-invalid": (_PIP, "requirement_marker_invalid"),
    "requirements-include-missing": (_PIP, "requirements_include_missing"),
    "reserved-name-prefix": (_NAMED, "reserved_name_prefix"),
    "settings-invalid": (_SETTINGS, "settings_invalid"),
    "spark-env-image-ignored": (_JOB, "spark_env_image_ignored"),
    "unknown-docker-instruction": (_DOCKER, "unknown_docker_instruction"),
    "unknown-key": (_ENV, "unknown_key"),
    "unpinned-dependency": (_PIP, "unpinned_dependency"),
    "unresolved-placeholder": (_ENV, "unresolved_placeholder"),
    "unsupported-platform": (_IMAGE, "unsupported_platform"),
    "unused-ignore": (_COMMENTED, "unused_ignore"),
    "utf8-decode-error": ((*_CONDA, FileKind.REQUIREMENTS), "utf8_decode_error"),
    "v1-format-retired": (_V1, "v1_format_retired"),
    "value-not-allowed": (_ENV, "value_not_allowed"),
    "wrong-type": (_ENV, "wrong_type"),
    "yaml-syntax-error": (_CONDA, "yaml_syntax_error"),
}

# Rules that look at what the JSON schema refuses, and at nothing else.
ON_FAILURES = frozenset(
    {
        "build-unknown-key",
        "conda-keys-in-env-yaml",
        "env-name-missing",
        "env-name-not-string",
        "env-unknown-key",
        "inference-route-missing",
        "inference-startup-route",
        "os-type-invalid",
        "unknown-key",
        "value-not-allowed",
    }
)

# Rules that look at packages, and at nothing else: definitions without an inline conda specification hold none.
ON_PACKAGES = frozenset(
    {
        "conda-bad-spec",
        "conda-channels-missing",
        "conda-communication-error",
        "conda-package-not-found",
        "conda-spec-invalid",
        "conda-timeout",
        "conda-unknown-key",
        "conflicting-pins",
        "credentials-in-index-url",
        "defaults-channel",
        "duplicate-requirement",
        "extra-index-url",
        "forbidden-blob",
        "horovod-build",
        "incompatible-python-version",
        "inference-server-flask-conflict",
        "inference-server-flask-pinned",
        "inference-server-too-old",
        "insecure-index",
        "invalid-wheel-filename",
        "local-path-in-conda-file",
        "missing-python-module",
        "not-exactly-pinned",
        "order-changes-hash",
        "pip-interactive-auth",
        "pip-invalid-operator",
        "pip-not-listed",
        "pip-not-pinned",
        "pip-unknown-option",
        "python-version-malformed",
        "python-version-missing",
        "python-version-multiple",
        "python-version-near-eol",
        "python-version-unsupported",
        "requirement-ignored",
        "requirement-marker-invalid",
        "requirements-include-missing",
        "unpinned-dependency",
    }
)

# Rules that compare a file with what stood in it earlier.
ON_EARLIER = frozenset({"definition-changed-same-version", "order-changes-hash"})


def load(name: str) -> Rule:
    """The rule of that name. Raises KeyError for a name that is none."""
    found: Rule = import_module(f".{RULES[name][1]}", __name__).check
    return found


def files_of(name: str) -> str:
    """The kinds of file in which a rule finds something, for people."""
    return ", ".join(RULES[name][0]) or "settings"


@cache
def rules_by_type(kind: FileKind, *, failed: bool, packages: bool) -> Mapping[type, tuple[Rule, ...]]:
    """The rules that look at files of that kind, by the model types that they are offered.

    `failed` says whether the JSON schema refuses something, `packages` whether there are any: most files are fine, and
    most definitions keep their packages elsewhere, so that they need not load half of the rules.
    """
    found: dict[type, tuple[Rule, ...]] = {}
    left_out = (ON_FAILURES if not failed else frozenset()) | (ON_PACKAGES if not packages else frozenset())
    for name, (kinds, _) in RULES.items():
        if kind in kinds and name not in left_out:
            rule = load(name)
            found |= {each: (*found.get(each, ()), rule) for each in rule.on}
    return found
