"""The reference to an environment lacks its prefix.

## Why
A text under `environment:` is a reference and begins with `azureml:`, in lower case, or with `file:` for an environment
YAML. The client refuses everything else: a bare name, a path, an image, an id of Azure, an expression.
Source: azure-ai-ml 1.35.2, run.

## Bad
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: python train.py
environment: churn:3
```

## Good
```yaml job.yml
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: python train.py
environment: azureml:churn:3
```

## Fix safety
Safe where only the case of the prefix is mended; otherwise unsafe: what is meant is guessed from the text.
"""

import re
from collections.abc import Iterator

from ..model.placeholder import expression
from ..model.reference import PREFIX, Form, Reference
from ..syntax.changes import replace
from ..text.diagnostic import Edit, Finding, Fix, Severity
from ._rule import Context, rule

_SHORT = re.compile(r"[A-Za-z0-9][\w.-]*(:[\w.-]+|@[\w.-]+)?")
_IMAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*(:\d+/[a-z0-9._/-]+)?(:[\w.-]+)?(@sha256:[0-9a-f]+)?")
_FILE = re.compile(r"(?i)[^\s:]+\.(ya?ml|json)")


@rule("env-ref-missing-prefix", on=Reference, severity=Severity.ERROR)
def check(reference: Reference, ctx: Context) -> Iterator[Finding]:
    if reference.form is not Form.BARE:
        return
    if expression(reference.text):
        message = f"'{reference.text}' is no environment: the client resolves no expression here, and refuses the file"
        yield Finding(reference.scalar.span, message)
    elif reference.is_literal:
        message = f"'{reference.text}' does not begin with 'azureml:' or 'file:': the file is refused when it is loaded"
        yield Finding(reference.scalar.span, message, _fixes(reference))


def _fixes(reference: Reference) -> tuple[Fix, ...]:
    text, scalar = reference.text, reference.scalar
    if text.lower().startswith(PREFIX):
        better = PREFIX + text[len(PREFIX) :]
        return replace(scalar, better, f"use '{better}'", safe=True)
    if text.startswith("/subscriptions/"):
        return replace(scalar, PREFIX + text, "put 'azureml:' in front", safe=False)
    if _FILE.fullmatch(text):
        return replace(scalar, f"file:{text}", f"use the file: 'file:{text}'", safe=False)
    fixes: tuple[Fix, ...] = ()
    short = _SHORT.fullmatch(text)
    if short is not None:
        better = PREFIX + text + ("" if short[1] else "@latest")
        fixes = replace(scalar, better, f"refer to the environment: '{better}'", safe=False)
    if scalar.written is not None and _IMAGE.fullmatch(text) and any(char in text for char in ":/"):
        edit = Edit(scalar.written, f'{{image: "{text}"}}')
        fixes = (*fixes, Fix(f"use it as an image: {edit.text}", (edit,), safe=False))
    return fixes
