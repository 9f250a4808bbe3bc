"""Finds credentials in what is about to be stored. Stricter than the rules: what is stored is there for good.

Beside what `syntax.urls` knows: a token in the place of a user name, addresses whose scheme is misspelt (`https:/…`),
and private keys. Names that stand for a secret are none here either.
"""

import re

from ..syntax.urls import credentials, is_stand_in

_ODD_ADDRESS = re.compile(r"\bhttps?:/{1,3}([^\s/@:\"'<>]{0,200})(?::([^\s/@\"'<>]{0,200}))?@", re.IGNORECASE)
_PRIVATE_KEY = re.compile(r"-----BEGIN (?:[A-Z]{2,10} ){0,2}PRIVATE KEY-----\s+[A-Za-z0-9+/=]{20}")
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
    return None


def _is_token(user: str) -> bool:
    """Whether what stands in the place of a user name is too long and too mixed for one."""
    is_mixed = _DIGIT.search(user) is not None and _LETTER.search(user) is not None
    return len(user) >= _SHORTEST_TOKEN and is_mixed and not is_stand_in(user)


_HEAD = 8 << 10
_OVERLAP = 1 << 10


class Scanner:
    """Looks for credentials in the bytes of a file that come in pieces. Files with a NUL in their head are no text."""

    def __init__(self) -> None:
        self.found: str | None = None
        self._is_text: bool | None = None
        self._last = ""

    @property
    def is_done(self) -> bool:
        """Whether more bytes would tell nothing more."""
        return self._is_text is False or self.found is not None

    def update(self, data: bytes, /) -> None:
        """Takes up more."""
        if self._is_text is None:
            self._is_text = b"\0" not in data[:_HEAD]
        if self.is_done:
            return
        text = self._last + data.decode("utf-8", "replace")
        self.found = credential_in(text)
        self._last = text[-_OVERLAP:]
