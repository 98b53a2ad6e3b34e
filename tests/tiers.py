"""Of the variants of a test, those that a plain run leaves out: `pytest --long` and .ci/run try all.

Every kind of case keeps one that is always run, but for what takes seconds in processes of its own: the build of the
site on one core beside that on two, and the tools that make texts with faults and wrong versions of the library. Where
the cases of a test are of one kind, its mark `long_but_one_in` says how many are (tests/conftest.py); here they are
counted from the first on, or named. Examples, displayed equations and tagged lines of pages, and the contract that all
layers, losses and rules keep, are never long. Of random examples a plain run tries a quarter.
"""

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import settings


def mostly_long(cases: Iterable[Any], plain: int | Iterable[Any] = 1) -> list[Any]:
    """The cases of a parameter; but for the first ones, or those that are named, they are long."""
    every = list(cases)
    short = every[:plain] if isinstance(plain, int) else [*plain]
    assert all(case in every for case in short), short
    return [case if case in short else _long(case) for case in every]


def tries(count: int) -> int:
    """How many examples Hypothesis tries: `count` in a long run, a part of them in a plain one (tests/conftest.py)."""
    return max(1, count * settings().max_examples // 100)


def _long(case: Any) -> Any:
    """A case that is long; one of several arguments is a tuple."""
    return pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=pytest.mark.long)
