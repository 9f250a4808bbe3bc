"""So many conda packages without a version that the solver may not come to an end.

## Why
conda weighs every version of every package against all others. With more than 25 packages of which more than half have
no version, that can take longer than the build may, or more memory than it has: Azure ML then reports a conda timeout,
or that conda ran out of memory. Newer conda (from 23.10, with the libmamba solver) is far quicker, so this is a hint
only.
Source: Azure ML, Troubleshoot environment issues (Conda timeout, Out of memory); the bounds are ours.

## Bad
```yaml conda.yml
channels: [conda-forge]
dependencies: [python=3.12, pip=24.3, numpy, scipy, pandas, polars, pyarrow, dask, numba, joblib, lightgbm, xgboost,
  catboost, scikit-learn, shap, optuna, matplotlib, seaborn, plotly, bokeh, jupyterlab, ipykernel, requests, pyyaml,
  tqdm, rich, sqlalchemy, psutil]
```

## Good
```yaml conda.yml
channels: [conda-forge]
dependencies: [python=3.12, pip=24.3, numpy=2.1, pandas=2.2, scikit-learn=1.5, lightgbm=4.5]
```

## Fix safety
There is no fix: the right versions are not in the text. Packages that nothing imports can go.
"""

from collections.abc import Iterator

from ..model.conda import CondaSpec
from ..syntax.nodes import find
from ..syntax.pins import Pin
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule

_MANY = 25


@rule("conda-timeout", on=CondaSpec, severity=Severity.INFO)
def check(spec: CondaSpec, ctx: Context) -> Iterator[Finding]:
    if len(spec.entries) <= _MANY:
        return
    named = spec.by_name
    last = (named[name][-1].spec for name in named)
    loose = sum(each is not None and each.pin is Pin.NONE for each in last)
    pair = find(spec.node, "dependencies")
    if len(named) <= _MANY or 2 * loose <= len(named) or pair is None:
        return
    message = f"{loose} of {len(named)} conda packages have no version: the solver may run out of time or of memory"
    yield Finding(pair.key.span, message)
