"""The base image is no image reference.

## Why
An image is `host:port/repository:tag@digest`: the repository in lower case, no scheme (`https://`) in front, one tag, a
digest of full length. The client sends whatever is written; the image build fails with "invalid reference format".
Source: Docker, the grammar of image references; Azure ML, Troubleshoot environment issues.

## Bad
```yaml environment.yml
name: churn
image: https://mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Good
```yaml environment.yml
name: churn
image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1
```

## Fix safety
Safe where a scheme is taken away; unsafe where the repository is put into lower case.
"""

from collections.abc import Iterator

from ..model.image import ImageReference
from ..model.image_grammar import breach
from ..syntax.joined import Word
from ..text.diagnostic import Edit, Finding, Fix, Severity
from ._rule import Context, rule


@rule("image-reference-invalid", on=ImageReference, severity=Severity.ERROR)
def check(image: ImageReference, ctx: Context) -> Iterator[Finding]:
    text = image.text
    is_literal = not any(char in text for char in "{$<")
    if not text or not is_literal or (isinstance(image.place, Word) and not image.place.is_literal):
        return  # filled in later, or blank
    if ctx.document.source.problem:
        return  # not UTF-8: the characters are not those that are meant
    wrong = breach(text)
    if wrong is None:
        return
    offset = image.place.text.index(text)
    span = image.place.span_of(offset + wrong.start, offset + wrong.end)
    fixes: tuple[Fix, ...] = ()
    if wrong.better is not None and image.place.inner is not None:
        whole = image.place.span_of(offset, offset + len(text))
        fixes = (Fix(wrong.title, (Edit(whole, wrong.better),), wrong.safe),)
    yield Finding(span, f"'{text}' is no image reference, and the image build fails: {wrong.what}", fixes)
