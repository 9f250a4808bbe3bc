"""What conda reads and refuses, as its own `MatchSpec` says (source of 2026-08, run over these lists).

conda is no package that can be installed here, so that its verdicts are kept; `¶` stands for a blank at a line's end.
"""

import pytest

from envlens.core.syntax.conda_verdict import problem

TAKEN = """\
numpy
numpy=1.26
numpy==1.26
numpy =1.26
numpy = 1.26
numpy  = 1.26
numpy   =1.26
numpy >= 1.26
numpy  >=1.26,<2
numpy=>1.26
numpy=<1.26
numpy!=1.*
numpy~=1.26
numpy=1.26.4=py312_0
numpy 1.26.4 py312_0
numpy 1.26.4=py312_0
numpy==1.26.4 py*
numpy=
numpy>
numpy=1.26.*
numpy=*
numpy *
numpy=1.*.4
numpy=1.2.
numpy=v1.2
numpy=latest
numpy=1.0+cu1
numpy=1!2
numpy=1.0-1
numpy=1_
openssl=1.1.1w
jpeg=9e
foo bar
conda-forge::numpy
conda-forge/linux-64::numpy=1
https://x.io/c::numpy
pandas[all]
pandas[all]=1
numpy[version='>=1']
numpy(>=1)
numpy>=1.2 if linux
numpy # comment
numpy#c
_libgcc_mutex
ruamel.yaml
python=3.x
python=3,11
python=3.11
*
numpy*
::numpy
""".splitlines()
REFUSED = """\
numpy  >=  1.26
numpy<>1
numpy~=1.*
numpy~1.26
numpy=1.26.4=
numpy>=1.26,
numpy,>=1
numpy>=1,,<2
numpy>=
numpy==
numpy= ¶
numpy=1..2
numpy=a!2
numpy=1!2!3
numpy=1-2_3
numpy=_1
foo@1
foo/bar
é
-r x.txt
--pre
git+https://x.io/y.git
./numpy
numpy[version='1.x.']
numpy[version=]
numpy[a=b]
numpy>=1)
numpy(
numpy==1.0;python_version<'3'
numpy >1 <2
numpy>1 <2 foo bar
=3.12
=1
[version=1]
@x
""".splitlines()


@pytest.mark.parametrize("text", TAKEN)
def test_what_conda_takes_is_no_problem(text: str) -> None:
    assert problem(text.replace("¶", "")) is None


@pytest.mark.parametrize("text", REFUSED)
def test_what_conda_refuses_is_one_with_a_place(text: str) -> None:
    text = text.replace("¶", "")
    found = problem(text)
    assert found is not None
    assert 0 <= found.span.start < found.span.end <= len(text)
