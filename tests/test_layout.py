"""A network as a description and arrays: what is written, and what is refused before anything is built."""

import json
from dataclasses import dataclass

import numpy as np
import pytest

import nnlit
from nnlit import Dense, Dropout, Layer, Network, ReLU, Scale, Shift, layout
from nnlit.layout import AnyLayer, built, described, described_value, rebuilt

NETWORK = Network([Scale(0.5), Dense(np.eye(2), np.zeros(2)), Network([ReLU(), Dropout(0.25)]), Shift(1, 28)])


def node(kind, **values):
    return {"layer": kind, "fields": values}


def text_of(network, **more):
    return json.dumps({"nnlit": 1, "network": network} | more).encode()


def test_a_network_and_its_description_lead_to_each_other():
    text, arrays = described(NETWORK)
    found = json.loads(text)
    assert found.keys() == {"nnlit", "network"}
    assert (found["nnlit"], found["network"]["layer"]) == (1, "Network")
    scale, dense, inner, shift = found["network"]["fields"]["layers"]["tuple"]
    assert scale == node("Scale", factor=0.5)
    assert dense == node("Dense", W={"array": "network.layers.1.W"}, b={"array": "network.layers.1.b"})
    assert inner["fields"]["layers"] == {"tuple": [node("ReLU"), node("Dropout", rate=0.25)]}
    assert shift == node("Shift", pixels=1, side=28)
    assert arrays.keys() == {"network.layers.1.W", "network.layers.1.b"}
    assert rebuilt(text, arrays, Network) == NETWORK
    assert rebuilt(text_of(dense), arrays, Dense) == NETWORK.layers[1]
    assert AnyLayer.__bound__ is Layer


def test_numbers_of_numpy_are_arrays_and_come_back_as_numbers():
    arrays = {}
    named = described_value((np.float32(0.5), np.arange(2)), "a", arrays)
    assert named == {"tuple": [{"array": "a.0"}, {"array": "a.1"}]}
    assert arrays["a.0"].shape == ()
    number, row = built(named, arrays)
    assert (type(number), number) == (np.float32, 0.5)
    assert row.tolist() == [0, 1]
    assert described_value("text", "a", arrays) == "text"
    assert built([1, 2], arrays) == [1, 2]


DENSE = node("Dense", W={"array": "W"}, b={"array": "b"})
REFUSED = {  # a description, and why it is none
    text_of(DENSE, nnlit=2): "it is not of format 1", text_of(DENSE, more=1): "it is not of format 1",
    b"[]": "it is not of format 1", b"3": "it is not of format 1", b'{"nnlit": 1}': "it is not of format 1",
    text_of(DENSE, checkpoint=1): "it is the checkpoint of a training; nnlit.resume or `nnlit train --resume` goes on",
    b"[NaN]": "it holds NaN", b"[-Infinity]": "it holds -Infinity",
    text_of(node("Frog")): "no layer is called 'Frog' here; import or define its class before loading",
    text_of(node("Layer")): "no layer is called 'Layer' here", text_of(node("fit")): "no layer is called 'fit' here",
    text_of(node("Adam", learning_rate=0.1)): "no layer is called 'Adam' here",
    text_of(node("ReLU")): "it is a ReLU, not a Network",
    text_of(node("Dropout", rate="a")): "Dropout.rate is str, where <class 'float'> is expected",
    text_of(node("Dropout", rate=True)): "Dropout.rate is bool, where <class 'float'> is expected",
    text_of(node("Shift", pixels=1.5)): "Shift.pixels is float, where <class 'int'> is expected",
    text_of(node("Shift", pixels=True)): "Shift.pixels is bool, where <class 'int'> is expected",
    text_of(node("Dropout", rate={"array": "nan"})): "Dropout.rate holds NaN or infinity",
    text_of(node("Dropout", rate={"array": "W"})): "Dropout.rate is float64, where <class 'float'> is expected",
    text_of(node("Dense", W={"array": "nan"}, b={"array": "b"})): "Dense.W holds NaN or infinity",
    text_of(node("Dense", W=[[1.0]], b={"array": "b"})):
        "Dense.W is list, where an array of floating-point numbers is expected",
    text_of(node("Dense", W={"array": "whole"}, b={"array": "b"})):
        "Dense.W is int64, where an array of floating-point numbers is expected",
    text_of(node("Dense", W={"array": "complex"}, b={"array": "b"})):
        "Dense.W is complex128, where an array of floating-point numbers is expected",
    text_of(node("Network", layers=[DENSE])): "Network.layers is list, where",
    text_of(node("Network", layers={"tuple": []}, learned={"array": "text"})):
        "Network.learned is <U1, where numbers are expected",
    text_of(node("Dense", W={"array": "W"})): "'b'", text_of(node("Dense", W={"array": "X"}, b=1)): "'X'",
}  # fmt: skip


@pytest.mark.parametrize("text", REFUSED, ids=range(len(REFUSED)))
def test_what_is_no_network_is_refused_before_it_is_built(text):
    arrays = {
        "W": np.eye(2), "b": np.zeros(2), "nan": np.array([[1.0, np.inf], [0.0, 1.0]]),
        "whole": np.eye(2, dtype=np.int64), "complex": np.eye(2, dtype=complex), "text": np.array(["a"]),
    }  # fmt: skip
    with pytest.raises((KeyError, TypeError, ValueError)) as error:
        rebuilt(text, arrays, Network)
    assert str(error.value).startswith(REFUSED[text])


def test_fields_of_every_kind_of_number_are_taken():
    for rate in (0.5, 0, {"array": "rate"}):
        found = rebuilt(text_of(node("Dropout", rate=rate)), {"rate": np.array(0.5, np.float32)}, Dropout)
        assert found.rate in (0, 0.5)
    for pixels in (2, {"array": "n"}):
        assert rebuilt(text_of(node("Shift", pixels=pixels)), {"n": np.array(2, np.int8)}, Shift) == Shift(2)
    for dtype in (np.float32, np.float64, np.float16):
        dense = rebuilt(text_of(DENSE), {"W": np.eye(2, dtype=dtype), "b": np.zeros(2, dtype)}, Dense)
        assert dense.W.dtype == dtype


def test_a_description_has_its_limits():
    inside = text_of(node("ReLU"))
    assert rebuilt(inside + b" " * ((1 << 20) - len(inside)), {}, ReLU) == ReLU()
    with pytest.raises(ValueError, match="its description is longer than 1,048,576 bytes or nested more than 400 deep"):
        rebuilt(inside + b" " * ((1 << 20) + 1 - len(inside)), {}, ReLU)
    for deep in (400, 401):
        text = b'{"nnlit": 1, "network": ' + b"[" * (deep - 1) + b"]" * (deep - 1) + b"}"
        with pytest.raises((TypeError, ValueError), match="400 deep" if deep > 400 else "it is a list, not a Network"):
            rebuilt(text, {}, Network)
    with pytest.raises(ValueError, match="it is not of format 1"):
        rebuilt(b"[" + b"[]," * 500 + b"[]]", {}, Network)  # wide, and not deep
    with pytest.raises(ValueError, match=r"Expecting"):
        rebuilt(b"", {}, Network)


def test_layers_of_ones_own_are_found_by_their_names():
    @dataclass(frozen=True, eq=False, repr=False)
    class TwiceOrMore(Layer):
        times: "Unknown" = 2  # noqa: F821
        word: str = "a"

    @dataclass(frozen=True, eq=False, repr=False)
    class ThriceOrMore(TwiceOrMore):
        pass

    first = TwiceOrMore
    for kind in (TwiceOrMore, ThriceOrMore):
        text, arrays = described(kind(3))
        assert rebuilt(text, arrays, Layer).times == 3
    assert layout._kinds(Layer)["Layer"] is Layer

    @dataclass(frozen=True, eq=False, repr=False)
    class TwiceOrMore(Layer):  # of two with one name the one defined first
        pass

    assert layout._kind("TwiceOrMore") is first
    assert layout._kinds(TwiceOrMore) == {"TwiceOrMore": TwiceOrMore}

    @dataclass(frozen=True, eq=False, repr=False)
    class Softplus(Layer):  # the library's own name is the library's own layer
        pass

    assert layout._kind("Softplus") is nnlit.Softplus is not Softplus


def test_what_json_cannot_hold_is_not_described():
    @dataclass(frozen=True, eq=False, repr=False)
    class Odd(Layer):
        number: float = 1.0
        things: object = None

    with pytest.raises(ValueError, match=r"JSON|NaN"):
        described(Odd(np.inf.real * 1.0))
    with pytest.raises(TypeError, match="JSON"):
        described(Odd(1.0, {1}))
    with pytest.raises(TypeError, match=r"Odd\.number is str, where"):
        described(Odd("a"))
    text, arrays = described(Odd(1, True))
    assert rebuilt(text, arrays, Layer).things is True
