"""What the tests of the embedded workspace ask of every refusal."""

from collections.abc import Callable

import pytest

from envlens.core.workspace.port import WorkspaceError


def says(work: Callable[[], object]) -> str:
    with pytest.raises(WorkspaceError) as raised:
        work()
    text = str(raised.value)
    assert "\n" not in text
    assert "locked" not in text
    return text
