"""A decimal that is printed on a page has to be a correct rounding of what the code gives."""

import doctest

import pytest

from nnlit.book.source.roundings import NUMBER, RoundingChecker, rounded

ROUNDINGS = [
    ("0.9", "0.896"),
    ("0.86", "0.8649"),
    ("-0.12", "-0.1234"),
    ("+1.50", "1.4951"),
    ("1e-04", "0.000138"),
    ("6e+02", "571.3"),
    ("2.5e-3", "0.00254999"),
    ("3.", "2.7"),
    (".5", "0.45"),
    ("450546000.0", "450546000.00000006"),
    ("[[1.0, -0.0], [2, 0.25]]", "[[1.04, 0.0], [2, 0.2536]]"),
    ("0.35", "0.345"),  # a number at the edge may be written both ways
    ("0.34", "0.345"),
    ("0.34", "0.3450000001"),  # and so on another processor
    ("0.35", "0.3449999999"),
]
NO_ROUNDINGS = [
    ("0.8", "0.896"),  # a unit of the last digit is not enough
    ("0.8", "0.862"),
    ("0.86", "0.8551 and 1"),
    ("0.86", "0.8653"),
    ("0.86", "0.8547"),
    ("0.1", "-0.1"),
    ("1e-04", "0.00016"),
    ("3.", "3.6"),
    ("3", "3.0"),
    ("3", "4"),
    ("35", "34"),
    ("[1.0, 2.0]", "[1.0]"),
    ("[1.0, 2.0]", "[2.0, 1.0]"),
    ("1.0 a", "1.0 b"),
    ("1.5", "nan"),
    ("1.5", "inf"),
]


@pytest.mark.parametrize(("want", "got"), ROUNDINGS)
def test_a_rounding_is_taken(want, got):
    assert RoundingChecker().check_output(want, got, NUMBER)


@pytest.mark.parametrize(("want", "got"), NO_ROUNDINGS)
def test_what_is_no_rounding_is_not_taken(want, got):
    assert not RoundingChecker().check_output(want, got, NUMBER)


def test_without_the_flag_every_digit_counts():
    assert not RoundingChecker().check_output("0.9", "0.896", 0)
    assert RoundingChecker().check_output("0.9", "0.9", 0)


def test_digits_may_end_in_dots():
    flags = NUMBER | doctest.ELLIPSIS
    assert RoundingChecker().check_output("claimed 0.1257..., measured 2", "claimed 0.12579, measured 2", flags)
    assert not RoundingChecker().check_output("claimed 0.1256..., measured 2", "claimed 0.12579, measured 2", flags)


def test_every_number_stands_where_it_stood():
    assert rounded("0.33 0.1 99.5 2", "0.333333 0.1234 99.49999 2") == "0.33 0.1 99.5 2"
