"""A budget of time holds on a slow machine, and is missed there by what is too slow."""

import time

import pytest

from tests import pace


class Clock:
    """A processor's time that passes as a test says."""

    def __init__(self, monkeypatch, known):
        self.now, self.known = 0.0, known
        monkeypatch.setattr(time, "thread_time", lambda: self.now)
        monkeypatch.setattr(pace, "_known", lambda: self.spend(self.known))

    def spend(self, seconds):
        self.now += seconds


@pytest.mark.parametrize(("slowness", "spent", "tries"), [(1, [4], 1), (0.1, [4], 1), (9, [40], 1), (1, [6, 6, 4], 3)])
def test_what_takes_no_longer_than_it_may_is_asked_until_it_says_so(monkeypatch, slowness, spent, tries):
    clock, asked = Clock(monkeypatch, slowness * pace.KNOWN), iter(spent)
    assert pace.within(5, lambda: clock.spend(next(asked)) or "found") == "found"
    assert list(asked) == spent[tries:]


@pytest.mark.parametrize(("slowness", "spent"), [(1, 6), (0.1, 6), (9, 60)])
def test_what_is_too_slow_by_the_pace_of_the_machine_fails(monkeypatch, slowness, spent):
    clock = Clock(monkeypatch, slowness * pace.KNOWN)
    with pytest.raises(AssertionError, match=rf"took {spent}.00 s, and may take 5 s on a machine"):
        pace.within(5, lambda: clock.spend(spent))
    assert clock.now >= 3 * spent


def test_the_known_piece_of_work_is_done():
    assert pace._known() > 1000
    assert pace.pace() >= 1
