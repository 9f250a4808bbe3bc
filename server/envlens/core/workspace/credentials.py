"""Finds credentials in what is about to be stored. Stricter than the rules: what is stored is there for good.

Beside what `syntax.urls` knows: a token in the place of a user name, addresses whose scheme is misspelt (`https:/…`),
private keys, a `.netrc`, and tokens and account keys that are known by their look. A password that looks like any other
word is not known. Names that stand for a secret are none here either.
"""

import codecs
import re
from itertools import pairwise

from ..syntax.urls import credentials, is_stand_in

_ODD_ADDRESS = re.compile(r"\bhttps?:/{1,3}([^\s/@:\"'<>]{0,200})(?::([^\s/@\"'<>]{0,200}))?@", re.IGNORECASE)
# In JSON its line ends are written out; one that is encrypted may have headers.
_PRIVATE_KEY = re.compile(
    r"-----BEGIN (?:[A-Z]{2,10} ){0,2}PRIVATE KEY(?: BLOCK)?-----(?:\s|\\[nr])+"
    r"(?:[A-Za-z-]{2,20}: [^\r\n]{0,200}\s+){0,4}[A-Za-z0-9+/=]{20}"
)
_NETRC = re.compile(r"\bmachine\s+\S+\.\S+\s+login\s+\S+\s+password\s+(?P<value>[^\s$%{<]\S*)")
_TOKEN = re.compile(r"\b(?:gh[oprsu]_[A-Za-z0-9]{36}|github_pat_\w{50}|glpat-[\w-]{20}|pypi-AgE[\w-]{40})")
_TOKEN_STARTS = ("gho_", "ghp_", "ghr_", "ghs_", "ghu_", "github_pat_", "glpat-", "pypi-AgE")
_ACCOUNT_KEY = re.compile(r"(?:AccountKey|SharedAccessKey)=(?P<value>[A-Za-z0-9+/]{40,}={1,2})")
_EMULATORS_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq"  # Azurite's, the same for all
# `AWS_SECRET_ACCESS_KEY=…` of an .env, a Dockerfile, a table of tags.
_ASSIGNED = re.compile(
    r"\b[A-Z][A-Z0-9_]*(?:SECRET|PASSWORD|TOKEN|ACCESS_?KEY|API_?KEY)[\"']?[ \t]*[=:][ \t]*[\"']?"
    r"(?P<value>[A-Za-z0-9+=_][A-Za-z0-9/+=_.-]{19,})"
)
_ASSIGNED_WORDS = ("SECRET", "PASSWORD", "TOKEN", "KEY")
_SHORTEST_TOKEN = 20
_DIGIT, _LETTER = re.compile(r"\d"), re.compile(r"[A-Za-z]")


def credential_in(text: str) -> str | None:
    """What credential a text holds, in words that quote nothing; None for none."""
    if ":/" in text:
        if credentials(text):
            return "an address with a password, a token or a signature"
        for found in _ODD_ADDRESS.finditer(text) if "@" in text else ():
            user, password = found.groups()
            if (password and not is_stand_in(password)) or (password is None and _is_token(user)):
                return "an address with a password or a token"
    if "-----BEGIN" in text and _PRIVATE_KEY.search(text):
        return "a private key"
    if any(start in text for start in _TOKEN_STARTS):
        for token in _TOKEN.finditer(text):
            if _is_token(token[0]):
                return "a token"
    if "AccessKey=" in text or "AccountKey=" in text:
        for key in _ACCOUNT_KEY.finditer(text):
            if not key["value"].startswith(_EMULATORS_KEY):
                return "the key of an account"
    if any(word in text for word in _ASSIGNED_WORDS):
        for assigned in _ASSIGNED.finditer(text):
            if _is_random(assigned["value"]):
                return "a password, a token or a key"
    if "machine" in text and "password" in text:
        for entry in _NETRC.finditer(text):
            if not is_stand_in(entry["value"].strip("\"'")):
                return "a password"
    return None


def _is_token(user: str) -> bool:
    """Whether what stands in the place of a user name is too long and too mixed for one."""
    is_mixed = _DIGIT.search(user) is not None and _LETTER.search(user) is not None
    return len(user) >= _SHORTEST_TOKEN and is_mixed and not is_stand_in(user)


def _is_random(value: str) -> bool:
    """Whether a value is mixed as words and paths are not: in small and capital letters and digits."""
    is_mixed = _is_token(value) and not (value.islower() or value.isupper())
    return is_mixed and sum(a.isdigit() is not b.isdigit() for a, b in pairwise(value)) >= _MANY_TURNS


_MANY_TURNS = 4
_HEAD = 8 << 10
_OVERLAP = 1 << 10


class Scanner:
    """Looks for credentials in the bytes of a file that come in pieces.

    Files with a NUL in their head are no text, but for UTF-16 with its mark, which pip and PowerShell read and write.
    """

    def __init__(self) -> None:
        self.found: str | None = None
        self._is_text: bool | None = None
        self._last = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    @property
    def is_done(self) -> bool:
        """Whether more bytes would tell nothing more."""
        return self._is_text is False or self.found is not None

    def update(self, data: bytes, /) -> None:
        """Takes up more."""
        if self._is_text is None:
            is_wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
            if is_wide:
                self._decoder = codecs.getincrementaldecoder("utf-16")("replace")
            self._is_text = is_wide or b"\0" not in data[:_HEAD]
        if self.is_done:
            return
        text = self._last + self._decoder.decode(data)
        self.found = credential_in(text)
        self._last = text[-_OVERLAP:]
