"""Which grammar a text follows, where nobody has said it yet: a file that is empty or has only just been begun."""

import re
from enum import StrEnum

from ...model.conda import CONDA_KEYS
from ...model.document import DEFAULT_CONDA_NAMES, FileKind
from ...model.environment import KEYS
from ...model.job import JobKind


class Grammar(StrEnum):
    """What may stand in a file; the values are those of `FileKind` where there is one."""

    ENVIRONMENT = "environment"
    CONDA = "conda"
    JOB = "job"
    REQUIREMENTS = "requirements"
    DOCKERFILE = "dockerfile"
    NEW = "new"  # YAML without any key yet


_SCHEMA = re.compile(r"^\$schema[ \t]*:[ \t]*(\S+)", re.MULTILINE)
_KEY = re.compile(r"^([A-Za-z_$][\w$-]*)[ \t]*:(?=[ \t\r\n]|\Z)", re.MULTILINE)
_CONTENT = re.compile(r"^(?!---|%|[ \t]*#)[^\r\n]*\S[^\r\n]*", re.MULTILINE)
_WORD = re.compile(r"[ \t]*[$\w-]*[ \t]*:?[ \t]*")
_TYPES = re.compile(r"^type[ \t]*:[ \t]*(?:command|spark|sweep|pipeline|parallel)\b", re.MULTILINE)
_REFERENCE = re.compile(r"^environment[ \t]*:[ \t]*[\"']?(?:azureml:|file:)", re.MULTILINE)
_TELLING = frozenset({"image", "conda_file", "build", "inference_config", "os_type"})
_HEAD = 20_000


def grammar_of(path: str, text: str, kind: FileKind | None, offset: int) -> Grammar | None:
    """The grammar of a text; None for somebody else's. `kind` is what the file is known to be, if it is.

    The line at `offset` is being typed: a key on it that is none yet does not make it somebody else's.
    """
    if kind is not None and str(kind) in {each.value for each in Grammar}:
        return Grammar(str(kind))
    name = path.rpartition("/")[2].lower()
    if not name.endswith((".yml", ".yaml")) and ":" not in path:
        return None
    head = text[:_HEAD]
    schema = _SCHEMA.search(head)
    if schema:
        stem = schema[1].strip("\"'/#").rpartition("/")[2].lower().split(".")[0]
        if stem == "environment":
            return Grammar.ENVIRONMENT
        return Grammar.JOB if stem in set(JobKind) else None
    start = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
    typed = {found[1] for found in [_KEY.match(text, start)] if found}
    keys = set(_KEY.findall(head))
    return _by_keys(name, head, keys) or (_by_keys(name, head, keys - typed) if keys - typed else None)


def _by_keys(name: str, head: str, keys: set[str]) -> Grammar | None:
    is_named = "env" in name or name in DEFAULT_CONDA_NAMES
    if not keys:
        content = _CONTENT.findall(head.removeprefix("\ufeff"))
        is_new = len(content) <= 1 and all(_WORD.fullmatch(line) for line in content)
        return Grammar.NEW if is_new else None
    if _TYPES.search(head) or _REFERENCE.search(head) or {"command", "compute"} <= keys:
        return Grammar.JOB
    if "endpoint_name" in keys and keys & {"model", "instance_type", "code_configuration", "environment"}:
        return Grammar.JOB
    if keys & {"channels", "dependencies"} and keys <= set(CONDA_KEYS):
        return Grammar.CONDA
    if keys <= set(KEYS) and (is_named or keys & _TELLING):
        return Grammar.CONDA if "conda" in name and keys <= set(CONDA_KEYS) else Grammar.ENVIRONMENT
    return None
