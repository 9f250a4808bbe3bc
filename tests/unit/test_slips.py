"""Which names are slips of the pen for which, and that candidates are found without comparing all with all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envlens.core.text.slips import forms, is_slip

NAME = st.text(alphabet="abcdtrain-_1A", min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("churn_training", "churn-training"),
        ("ChurnTraining", "churn-training"),
        ("traning", "training"),
        ("trainning", "training"),
        ("trainign-cpu", "training-cpu"),
        ("tralning-1", "training-1"),
    ],
)
def test_slips(written: str, meant: str) -> None:
    assert is_slip(written, meant)
    assert set(forms(written)) & set(forms(meant))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("train-cpu", "train-gpu"),
        ("train-1", "train-2"),
        ("train1", "train"),
        ("trainer", "train"),
        ("model-a", "model-b"),
        ("env-dev", "env-prod"),
        ("trains", "train"),
        ("trained", "trainer"),
        ("sklearn-1.5", "sklearn-15"),
        ("train", "train"),
        ("", "train"),
    ],
)
def test_other_names(written: str, meant: str) -> None:
    assert not is_slip(written, meant)


@given(NAME, NAME)
def test_what_is_a_slip_shares_a_form(one: str, other: str) -> None:
    assert not is_slip(one, other) or set(forms(one)) & set(forms(other))
    assert is_slip(one, other) == is_slip(other, one)


def test_long_names_cost_little() -> None:
    assert len(list(forms("a" * 1_000_000))) == 1
    assert not is_slip("a" * 1_000_000, "a" * 999_999)
