"""The image is empty.

## Why
The client refuses `image:` without a value, yet takes `image: ""` and sends it; there is nothing to start from then.
Source: azure-ai-ml 1.35.2, run.

## Bad
```yaml environment.yml
name: churn
image: ""
```

## Good
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Fix safety
Unsafe: it takes a supported image, which may not be the one you need.
"""

from collections.abc import Iterator

from ..model.environment import Environment
from ..syntax.changes import replace
from ..syntax.nodes import Scalar, follow
from ..syntax.scalars import kind_of
from ..syntax.schema import SchemaFailure
from ..text.diagnostic import Finding, Severity
from ._rule import Context, rule


@rule("image-blank", on=(Environment, SchemaFailure), severity=Severity.ERROR)
def check(value: Environment | SchemaFailure, ctx: Context) -> Iterator[Finding]:
    if isinstance(value, SchemaFailure):
        image = follow(value.pair.value) if value.pair and value.path == ("image",) else None
        if isinstance(image, Scalar) and kind_of(image) == "null":
            yield Finding(value.span, "'image' is empty: the file is refused when it is loaded")
        return
    image = follow(value.image_pair.value) if value.image_pair else None
    # Beside 'build' the client drops an empty text.
    if not isinstance(image, Scalar) or kind_of(image) != "str" or image.text.strip() or value.build:
        return
    base = ctx.facts.suggested_image
    fixes = replace(image, base, f"use '{base}'", safe=False) if base else ()
    yield Finding(image.span, "'image' is empty: there is nothing to build from, and the image build fails", fixes)
