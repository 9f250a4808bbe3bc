"""Dockerfiles put together at random from what they are made of, the same ones at each run."""

import random

PIECES = (
    """
FROM a|FROM|from b AS c|FROM --platform=x a|RUN|RUN a|RUN pip install x|ENV|ENV a=b|ENV a b|LABEL x="y z"|LABEL|ARG
ARG x=1 y
COPY|COPY a b|COPY --from=x a b|ADD|CMD|CMD ["a", "b"]|["a"|["a", 1]|[]|ENTRYPOINT|ONBUILD|ONBUILD RUN x|ONBUILD ENV a
HEALTHCHECK|HEALTHCHECK NONE|HEALTHCHECK --interval=3s CMD x|SHELL|SHELL ["x"]|USER|USER a b|WORKDIR /x|EXPOSE 80 90
VOLUME|VOLUME ["/a"]|STOPSIGNAL|MAINTAINER x|FOO bar|--from=x|--mount=type=cache,target="a b"|--link|--|-x|"a b"|'c d'
"|'
$|${|}|${x:-y}|$x|${x#y}|<<EOF|<<-EOF|<<"EOF"|<<'EOF'|3<<X|<<|<|EOF|X|a|b=c|=|é|🚀|&&|;|#|# c|[|]|%|/|{|`|\\\\|\\
""".strip()
    .replace("\n", "|")
    .split("|")
)
GLUE = [
    "\n",
    "\n",
    "\n",
    "\n",
    "\n\t",
    "\n  ",
    "\n\n",
    "\r\n",
    " ",
    " ",
    " ",
    "  ",
    "\t",
    "",
    "",
    " \\\n",
    "\\\n",
    "\\ \n# x\n",
    " \\\n\n",
]
TOPS = [
    "",
    "",
    "FROM a\n",
    "FROM a\n",
    "# escape=`\n",
    "# syntax=x\nFROM a\n",
    "# escape=\\\n# escape=`\n",
    "# x=y\n",
    "#\n",
    "\ufeffFROM a\n",
]


def make(count: int, seed: int) -> list[str]:
    """`count` texts, no two the same."""
    choose = random.Random(seed)
    made: dict[str, None] = {}
    while len(made) < count:
        pieces = [choose.choice(PIECES) + choose.choice(GLUE) for _ in range(choose.randint(1, 12))]
        made[choose.choice(TOPS) + "".join(pieces)] = None
    return list(made)
