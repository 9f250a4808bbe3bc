"""The memory of bounded size."""

from envlens.core.text.recent import Recent


def test_the_oldest_go_first() -> None:
    recent: Recent[int, str] = Recent(2)
    for at in range(5):
        recent.put(at, str(at))
    assert [at for at in range(5) if recent.get(at)] == [2, 3, 4]


def test_what_is_asked_for_stays() -> None:
    recent: Recent[int, str] = Recent(2)
    for at in range(20):
        recent.put(at, str(at))
        if at:
            assert recent.get(1) == "1"
    assert recent.get(18) == "18"
    assert recent.get(10) is None
