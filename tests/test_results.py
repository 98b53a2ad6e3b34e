"""What training returns and shows."""

import io
import sys

import pytest

from nnlit.results import progress, told


class Screen(io.StringIO):
    """A terminal that remembers what was drawn."""

    def isatty(self):
        return True


def drawn(monkeypatch, epochs, begun=0):
    """What a bar draws on a screen for epochs that take no time."""
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    records = [{"loss": 1.0}] * begun
    numbers = []
    for epoch in progress(records, epochs):
        numbers.append(epoch)
        records.append({"loss": 1 / epoch})
    return numbers, screen.getvalue()


def test_a_bar_is_drawn_ten_times_a_second_at_most_and_wiped_at_the_end(monkeypatch):
    numbers, text = drawn(monkeypatch, 2000)
    assert numbers == list(range(1, 2001))
    assert 0 < text.count("\r") < 400
    assert "0/2000" in text
    assert " epochs/s" in text or "? epochs" in text
    assert text.endswith("\r")
    assert "\n" not in text


def test_a_bar_begins_where_training_was(monkeypatch):
    numbers, text = drawn(monkeypatch, 3, begun=2)
    assert numbers == [3, 4, 5]
    assert "2/5" in text


def test_no_bar_without_a_screen(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    assert list(progress([{"loss": 1.0}], 2)) == [2, 3]
    assert stream.getvalue() == ""


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({"loss": 0.123456}, "loss 0.1235"),
        ({"loss": 1.0, "validation_loss": 2.0}, "loss 1, validation 2"),
        ({"loss": 1.0, "validation_accuracy": 0.5}, "loss 1 and 50.00%"),
    ],
)
def test_a_record_in_words(record, words):
    assert told(record) == words
