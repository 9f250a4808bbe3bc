"""Build contexts of any shape: ignore files, links, names of all kinds."""

import os
import random
from pathlib import Path

NAMES = [
    *("a", "A", "b", "B.txt", "b.txt", "ab", "a-b", "a_b", "aB", "a b", "data", "Data", "keep", "keep.txt", "x.log"),
    *(
        "Y.LOG",
        "Ä",
        "å",
        "ß",
        "SS",
        "é",
        "e\u0301",
        "Σ",
        "σς",
        "İ",
        "日本",
        "#x",
        "!y",
        "[z]",
        "*",
        "\\w",
        "a\nb",
        "tail\n",
    ),
    *("Dockerfile", "Dockerfile.dev", ".hidden", ".gitignore", ".amlignore", ".dockerignore"),
]
NO_TEXT = [os.fsdecode(b"\xff\xfe"), os.fsdecode(b"caf\xe9.log")]
PATTERNS = [
    *(
        "*",
        "**",
        "data",
        "data/",
        "/data",
        "data/*",
        "!data/keep.txt",
        "!keep",
        "!keep.txt",
        "*.log",
        "!*.log",
        "*.txt",
    ),
    *(
        "a*",
        "[ab]",
        "[!a]",
        "[!ab]*",
        "a?b",
        "**/b",
        "a/**",
        "**/",
        "/**",
        "!/**/a",
        "a/",
        "!a/",
        "# c",
        "",
        "\\#x",
        "\\!y",
    ),
    *("\\[z]", "Data", "D*", "Dockerfile*", "!Dockerfile", "*.LOG", "keep/", "!keep/x.log", ".amlignore", ".gitignore"),
    *(".*", "link*", "!link*", "../other", "../*", "ab/../a", "./a", "a//b", "日本", "é", "*a*b*", "[a-z]", "[+-9]"),
    *("data/**/keep.txt", "/a/b", "b/a", "tail"),
]
REFUSED = ["!", "\\", "[c-a]", "x\\"]


class Maker:
    """Makes contexts by chance. Beside each lies a folder `other`, which links may lead to."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def context(self, folder: Path) -> Path:
        """One in a new folder."""
        context, other = folder / self.chance.choice(["ctx", "Ctx Ä"]), folder / "other"
        for each in (context, other):
            each.mkdir(parents=True)
        self.fill(other, 2)
        self.fill(context, 0)
        if self.chance.random() < 0.5:
            for _ in range(self.chance.randint(1, 4)):
                self.link(context, other)
        ignore = context / ".amlignore"
        if self.chance.random() < 0.6 and not os.path.lexists(ignore):
            if self.chance.random() < 0.05:
                (other / "ignore").write_bytes(self.patterns())
                ignore.symlink_to("../other/ignore")
            else:
                ignore.write_bytes(self.patterns())
        return context

    def fill(self, folder: Path, depth: int) -> None:
        names = self.chance.sample(NAMES, self.chance.randint(0 if depth else 2, 7))
        if self.chance.random() < 0.01:
            names.append(self.chance.choice(NO_TEXT))
        for name in names:
            path = folder / name
            if name in {".gitignore", ".amlignore"} and self.chance.random() < 0.8:
                path.write_bytes(self.patterns())
            elif self.chance.random() < 0.33 and depth < 4:
                path.mkdir()
                self.fill(path, depth + 1)
            else:
                path.write_bytes(self.chance.choice([b"", b"x", b"line\n", b"crlf\r\n", self.chance.randbytes(40)]))

    def link(self, context: Path, other: Path) -> None:
        folders = [context, *(path for path in context.rglob("*") if path.is_dir() and not path.is_symlink())]
        folder = self.chance.choice(folders)
        path = folder / self.chance.choice(["link", "link2", "a", "keep", "data", "x.log"])
        if os.path.lexists(path):
            return
        if self.chance.random() < 0.05:
            path.symlink_to(self.chance.choice(["nothing", path.name, ".", ".."]))
            return
        target = self.chance.choice([other, *context.rglob("*"), *other.rglob("*")])
        path.symlink_to(os.path.relpath(target, folder) if self.chance.random() < 0.5 else target)

    def patterns(self) -> bytes:
        choice = self.chance.choice
        known = PATTERNS if self.chance.random() < 0.97 else [*PATTERNS, *REFUSED]
        end = choice(["\n", "\n", "\r\n", "\r"])
        lines = [f"{choice(['', ' '])}{choice(known)}{choice(['', ' '])}" for _ in range(self.chance.randint(1, 5))]
        data = (end.join(lines) + choice(["", end])).encode()
        return choice([b"", b"", b"", b"\xef\xbb\xbf"]) + data + (b"\xff" if self.chance.random() < 0.02 else b"")
