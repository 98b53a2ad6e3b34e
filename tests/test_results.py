"""What training returns and shows."""

import io
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from nnlit import Dense, Network
from nnlit.results import DivergenceError, Interrupted, history, progress, stops, told


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


@pytest.mark.parametrize(
    ("error", "finite", "back"),
    [
        (DivergenceError("fit: odd"), True, True), (DivergenceError("fit: odd"), False, True),
        (KeyboardInterrupt("now"), True, False), (KeyboardInterrupt("now"), False, True),
    ],
)  # fmt: skip
def test_what_ends_training_carries_what_was_learned(error, finite, back):
    network = Network([Dense(np.eye(2), np.zeros(2))])
    good = [np.full((2, 2), 7.0), np.full(2, 8.0)]
    run = SimpleNamespace(
        network=network, good=good, records=[{"loss": 2.0}, {"loss": 1.0}], is_finite=lambda: finite
    )  # fmt: skip
    with pytest.raises((DivergenceError, Interrupted)) as stopped, stops(run):
        raise error
    assert type(stopped.value) is (DivergenceError if isinstance(error, DivergenceError) else Interrupted)
    assert stopped.value.args == error.args
    assert stopped.value.network is network
    assert stopped.value.history["loss"].tolist() == [2.0, 1.0]
    assert stopped.value.history.index.tolist() == history(run.records).index.tolist()
    assert network.layers[0] == (Dense(*good) if back else Dense(np.eye(2), np.zeros(2)))
    assert stopped.value.__cause__ is None


def test_what_does_not_end_training_passes_through():
    with pytest.raises(ValueError, match="other"), stops(SimpleNamespace()):
        raise ValueError("other")
    with stops(SimpleNamespace()):
        pass
