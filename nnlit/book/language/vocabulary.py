"""The words that a Symbols table is written with: kinds of names, and conditions in a meaning."""

from enum import StrEnum


class Kind(StrEnum):
    """What a name stands for; a shape cell that holds no shape is one of `STATED`."""

    ARRAY = "array"
    NUMBER = "number"
    SIZE = "size"
    INTEGER = "integer"
    LABELS = "labels"
    FUNCTION = "function"
    INDEX = "index"
    KRONECKER = "kronecker"
    SET = "set"
    GRADIENT = "gradient"
    RANDOM = "random"
    EVENT = "event"
    DISTRIBUTION = "distribution"
    MARKED = "marked"  # a letter that has no meaning of its own: what stands above it is a mark, `W^l`


STATED = (Kind.NUMBER, Kind.SIZE, Kind.INTEGER, Kind.FUNCTION, Kind.INDEX, Kind.EVENT, Kind.DISTRIBUTION)
NO_DATA = frozenset(  # a row of these kinds stands for no array
    {Kind.FUNCTION, Kind.INDEX, Kind.KRONECKER, Kind.EVENT, Kind.DISTRIBUTION}
)


class NormKind(StrEnum):
    """Which norm: the root of the sum of squares (of a matrix too: Frobenius), the sum of sizes, the largest size.

    Those with a number below, of a matrix, are to others by how much it stretches a vector at most.
    """

    EUCLIDEAN = "F"
    TWO = "2"
    SUM = "1"
    LARGEST = r"\infty"


class Moment(StrEnum):
    """What is expected: a value, the square of its distance from that, or the product of two such distances."""

    MEAN = "E"
    VARIANCE = "Var"
    COVARIANCE = "Cov"


class Measure(StrEnum):
    """What is measured of distributions."""

    ENTROPY = "H"
    DIVERGENCE = "KL"
    MUTUAL = "I"


FUNCTIONS_BY_NAME = {
    "sigmoid": "sigmoid",
    "logistic": "sigmoid",
    "logistic sigmoid": "sigmoid",
    "softmax": "softmax",
    "softplus": "softplus",
    "relu": "ReLU",
    "rectifier": "ReLU",
    "hyperbolic tangent": r"\tanh",
    "tanh": r"\tanh",
    "exponential": r"\exp",
    "natural logarithm": r"\log",
    "logarithm": r"\log",
    "absolute value": "abs",
    "sign": "sign",
}
"""What a row of the kind `function` may call its symbol, and the function of the language that it then is."""


class Condition(StrEnum):
    """What a meaning may demand of a symbol, besides classes, ranges and chances."""

    ONE_HOT_ROWS = "one-hot rows"
    ONE_HOT = "one-hot"
    ROWS_SUM_TO_ONE = "rows sum to one"
    ENTRIES_SUM_TO_ONE = "entries sum to one"
    POSITIVE = "positive"
    UNIT_INTERVAL = "between 0 and 1"
    BINARY = "0 or 1"
    SIGNS = "-1 or 1"
    HOLDS_ZEROS = "holds exact zeros"
    ONES = "all ones"
    ZEROS = "all zeros"
    IDENTITY = "identity"
    DEFINITE = "symmetric positive definite"
    SYMMETRIC = "symmetric"
    SYMMETRIC_MATRIX = "symmetric matrix"
    A_SYMMETRIC_MATRIX = "a symmetric matrix"
    ORTHOGONAL = "orthogonal"
    IMAGINARY_UNIT = "the imaginary unit"
    KRONECKER_DELTA = "kronecker delta"
    ZERO_OUTSIDE = "zero outside"
    NILPOTENT = "nilpotent"
    COUNTS_FROM_0 = "counts from 0"
    COUNTS_FROM_1 = "counts from 1"
    INCREASING = "increasing"
    DECREASING = "decreasing"
