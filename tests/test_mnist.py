"""MNIST in the forms people have it: what is right is read, what is not is refused with the reason."""

import csv
import gzip
import hashlib
import http.server
import io
import os
import re
import runpy
import struct
import sys
import tarfile
import threading
import tracemalloc
import zipfile
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import nnlit
from nnlit import files, mnist, tables
from nnlit.files import DataError, read_npz
from nnlit.mnist import (
    PIXELS,
    SAMPLE,
    Mnist,
    fetch_mnist,
    load_mnist,
    read_idx,
    read_kaggle_csv,
)
from nnlit.pictures import read_picture
from nnlit.tables import Columns, parsed, plain_rows, used_columns
from tests.pace import within
from tests.tiers import mostly_long

CHECKSUMS = {  # of the arrays' bytes, as tests/tools/make_sample.py prints them
    "X_train": "a853ca5da5c224d531837eaa3fe56ac036778bb2fdfad445143b5b7d4ec1c739",
    "y_train": "4263f048ea43702387ef1c8494b59e785853c0410e9770600d50f541a6fee264",
    "X_test": "f8f3c5a608a9f7d4bd5e9d69b90c53932b8b99371d9db26121b42f62f3abcd56",
    "y_test": "d14ba0a1a3818edefa35518ed001ece84b7ac0eabe9394551c73928493175d3f",
}
FILE = "6a1032fa9059027cf9a1e24352f20e0f6b5b544288c9d5335cf3a42ecd6b9c8d"


@pytest.fixture
def rng():
    return np.random.default_rng(7)


@pytest.fixture
def digits(rng):
    """Twelve images and their labels."""
    return rng.integers(0, 256, (12, 784), dtype=np.uint8), rng.integers(0, 10, 12)


def idx(array):
    array = np.asarray(array, np.uint8)
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def write_mnist(folder, X, y, ending=".gz"):
    images, labels = idx(X.reshape(-1, 28, 28)), idx(y)
    for name in mnist.SOURCES:
        raw = images if "images" in name else labels
        (folder / f"{name}{ending}").write_bytes(gzip.compress(raw) if ending.endswith(".gz") else raw)


def write_csv(path, rows, header=("label", *PIXELS)):
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def rows_of(X, y):
    return [[int(label), *row] for label, row in zip(y, X.tolist(), strict=True)]


# The sample


def test_sample_checksums():
    assert hashlib.sha256(SAMPLE.read_bytes()).hexdigest() == FILE
    sample = read_npz(SAMPLE)
    assert {name: hashlib.sha256(array.tobytes()).hexdigest() for name, array in sample.items()} == CHECKSUMS


def test_sample_size_and_contents():
    assert SAMPLE.stat().st_size <= 1_100_000
    X_train, y_train, X_test, y_test = load_mnist()
    assert (X_train.shape, X_test.shape) == ((5000, 784), (1000, 784))
    assert X_train.dtype == X_test.dtype == np.uint8
    assert y_train.dtype == y_test.dtype == np.int64
    assert np.bincount(y_train).tolist() == [479, 563, 488, 493, 535, 434, 501, 550, 462, 495]
    assert np.bincount(y_test).tolist() == [85, 126, 116, 107, 110, 87, 87, 99, 89, 94]
    assert load_mnist() is not load_mnist()


# IDX


@pytest.mark.parametrize("ending", ["", ".gz"])
def test_idx_directory(tmp_path, digits, ending):
    X, y = digits
    write_mnist(tmp_path, X, y, ending)
    data = load_mnist(tmp_path)
    assert isinstance(data, Mnist)
    for got, want in zip(data, (X, y, X, y), strict=True):
        np.testing.assert_array_equal(got, want)
    assert data.X_train.flags.writeable


def test_idx_spelled_with_a_dot_and_unpacked_by_a_browser(tmp_path, digits):
    X, y = digits
    write_mnist(tmp_path, X, y, ending="")
    for name in mnist.SOURCES:
        (tmp_path / name).rename(tmp_path / f"{name.replace('-idx', '.idx')}.gz")
    np.testing.assert_array_equal(load_mnist(tmp_path).X_test, X)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "but it is empty"),
        (b"\0\0\x0a\x01\0\0\0\x01\0\0\0\0", "its first bytes are 00 00 0a 01"),
        (b"\0\0\x08\x03\0\0", "its first bytes are 00 00 08 03"),
        (b"PNG and more", "its first bytes are 50 4e 47 20"),
        (idx(np.zeros((2, 28, 28)))[:-1], r"expected 1,568 bytes of data for shape \(2, 28, 28\), but it has 1,567"),
        (idx(np.zeros(3)) + b"x", "expected 3 bytes .* but there are more"),
        (struct.pack(">BBBB3I", 0, 0, 8, 3, 2**32 - 1, 2**32 - 1, 2**32 - 1), "expected at most 2,147,483,648 bytes"),
        (gzip.compress(idx(np.arange(200) % 10), mtime=0)[:-9], "expected a whole gzip file, but: .*fetch it again"),
        (b"\x1f\x8b" + bytes(40), "expected a whole gzip file, but: .*fetch it again"),
        (b"\0\0\x08", "its first bytes are 00 00 08;"),
        (b"\0\0\x08\x00\x05", "the number of axes, 1 to 8"),
        (b"\0\0\x08" + bytes([65]) + struct.pack(">65I", *[1] * 65) + b"\5", "the number of axes, 1 to 8"),
        (b"\0\0\x08\x09" + struct.pack(">9I", *[1] * 9) + b"\5", "the number of axes, 1 to 8"),
        (struct.pack(">BBBB3I", 0, 0, 8, 3, 0, 2**32 - 1, 2**32 - 1), "expected at most 2,147,483,648 bytes"),
        (struct.pack(">BBBB8I", 0, 0, 8, 8, *[2**8] * 8), "expected at most 2,147,483,648 bytes"),
        (struct.pack(">BBBBI", 0, 0, 8, 1, 2**31) + b"\5", "but it has 1;"),
    ],
)
@pytest.mark.long_but_one_in(4)
def test_bad_idx(tmp_path, raw, message):
    path = tmp_path / "train-images-idx3-ubyte"
    path.write_bytes(raw)
    with pytest.raises(DataError, match=message) as error:
        read_idx(path)
    assert str(error.value).startswith(str(path))
    assert "\n" not in str(error.value)


def test_missing_files(tmp_path):
    for read in (read_idx, read_kaggle_csv, read_npz, read_picture):
        with pytest.raises(DataError, match="there is no such file; check the name"):
            read(tmp_path / "nothing")
        with pytest.raises(DataError, match="expected a file, but it is a directory"):
            read(tmp_path)


@pytest.mark.parametrize(("count", "more"), [(5, ""), (6, "; and 1 more"), (8, "; and 3 more")])
def test_at_most_five_files_that_do_not_serve_are_named(tmp_path, count, more):
    for k in range(count):
        (tmp_path / f"note{k}.pdf").write_bytes(b"%PDF-1.4")
    with pytest.raises(DataError, match=f"note4.pdf: it is a PDF; save the picture in it as PNG{more}$") as error:
        load_mnist(tmp_path)
    assert str(error.value).count("it is a PDF") == 5


def test_bad_directories(tmp_path, digits):
    with pytest.raises(DataError, match=r"nothing: there is no such file; check the name"):
        load_mnist(tmp_path / "nothing")
    with pytest.raises(DataError, match=r"expected images and labels \(IDX, CSV, npz, .*, but there is nothing"):
        load_mnist(tmp_path)
    (tmp_path / "README.md").write_text("# Digits\n")
    (tmp_path / "model.h5").write_bytes(b"\x89HDF\r\n")
    with pytest.raises(DataError, match=r"there is only: .*README.md: .*; .*model.h5: it is an HDF5 file"):
        load_mnist(tmp_path)
    write_mnist(tmp_path, *digits)
    (tmp_path / "t10k-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(DataError, match=r"t10k-images-idx3-ubyte.gz: expected the labels of its images beside it"):
        load_mnist(tmp_path)


@pytest.mark.parametrize(
    ("name", "array", "message"),
    [
        (
            "train-labels-idx1-ubyte",
            np.zeros(11),
            r"each of the 12 images of train-images-idx3-ubyte, but there are 11;",
        ),
        ("train-labels-idx1-ubyte", np.full(12, 10), "expected labels from 0 to 9, but label 1 of 12 is 10"),
        (
            "t10k-images-idx3-ubyte",
            np.zeros((12, 27, 28)),
            r"expected images, \(m, 28, 28\) .* its shape is \(12, 27, 28\)",
        ),
        (
            "t10k-images-idx3-ubyte",
            np.zeros(12),
            r"expected one file of labels, but there are different ones: t10k-images-idx3-ubyte and",
        ),
    ],
)
def test_files_that_do_not_belong_together(tmp_path, digits, name, array, message):
    write_mnist(tmp_path, *digits)
    (tmp_path / f"{name}.gz").write_bytes(gzip.compress(idx(array)))
    with pytest.raises(DataError, match=message):
        load_mnist(tmp_path)


def test_no_images(tmp_path):
    write_mnist(tmp_path, np.zeros((0, 784)), np.zeros(0))
    with pytest.raises(DataError, match="expected images, but there are none"):
        load_mnist(tmp_path)


# Kaggle's CSV


def test_kaggle_train_and_test(tmp_path, digits):
    X, y = digits
    write_csv(tmp_path / "train.csv", rows_of(X, y))
    data = load_mnist(tmp_path)
    np.testing.assert_array_equal(data.X_train, X)
    np.testing.assert_array_equal(data.y_train, y)
    assert (data.X_test.shape, data.y_test.shape) == ((0, 784), (0,))
    write_csv(tmp_path / "test.csv", X[:5].tolist(), PIXELS)
    data = load_mnist(tmp_path)
    np.testing.assert_array_equal(data.X_test, X[:5])
    assert data.y_test.shape == (0,)
    assert data.X_train.dtype == data.X_test.dtype == np.uint8
    assert data.y_train.dtype == data.y_test.dtype == np.int64
    assert data.X_train.flags.c_contiguous
    write_csv(tmp_path / "test.csv", rows_of(X, y))
    np.testing.assert_array_equal(load_mnist(tmp_path).y_test, y)


def test_kaggle_zip_quotes_and_windows_line_ends(tmp_path, digits):
    X, y = digits
    path = write_csv(tmp_path / "train.csv", rows_of(X, y))
    text = path.read_bytes().replace(b"label", b'\xef\xbb\xbf"label"')
    path.write_bytes(text)
    with zipfile.ZipFile(tmp_path / "train.csv.zip", "w") as archive:
        archive.write(path, "train.csv")
    for name in ("train.csv", "train.csv.zip"):
        np.testing.assert_array_equal(read_kaggle_csv(tmp_path / name)[0], X)


MISSING = "; for 0 in place of what is missing read it with pandas, and write frame.fillna(0)"
SIGNED = "; if the pixels run from -128 to 127, add 128"
CENTRED = "; if the pixels run from -1 to 1, round (pixels + 1) * 127.5"


@pytest.mark.parametrize(
    ("value", "came"),
    [
        ("256", "'256'"),
        ("-1", "'-1'; if the pixels run from -128 to 127, add 128"),
        ("65537", "'65537'"),
        ("99999999999999999999", "'99999999999999999999'"),
        ("1.5", "'1.5'"),
        ("ink", "'ink'"),
        ("True", "'True'"),
        ("nan", f"'nan'{MISSING}"),
        ("inf", "'inf'"),
        ("", f"empty{MISSING}"),
    ],
)
@pytest.mark.parametrize("labelled", mostly_long([True, False]))
@pytest.mark.long_but_one_in(5)
def test_bad_pixel(tmp_path, digits, value, came, labelled):
    """Also 256 and -1, which some versions of pandas would silently store as 0 and 255."""
    X, y = digits
    rows = rows_of(X, y)
    rows[6][1 + 300] = value
    header = ("label", *PIXELS) if labelled else PIXELS
    path = write_csv(tmp_path / "train.csv", rows if labelled else [row[1:] for row in rows], header)
    expected = f"{path}, line 8, column pixel300: expected a whole number from 0 to 255, but it is {came}"
    with pytest.raises(DataError) as error:
        read_kaggle_csv(path)
    assert str(error.value) == expected


@pytest.mark.parametrize("length", [783, 785, 787, 1])
@pytest.mark.parametrize("line", [2, 13])
@pytest.mark.long_but_one_in(4)
def test_row_of_another_length(tmp_path, digits, length, line):
    rows = rows_of(*digits)
    rows[line - 2] = (rows[line - 2] * 2)[:length]
    path = write_csv(tmp_path / "train.csv", rows)
    if length == 785:
        assert len(read_kaggle_csv(path)[0]) == 12
        return
    with pytest.raises(DataError, match=f"line {line}: expected 785 values, but there are {length}"):
        read_kaggle_csv(path)


def test_every_row_longer_than_the_header(tmp_path, digits):
    path = write_csv(tmp_path / "train.csv", rows_of(*digits), PIXELS)
    with pytest.raises(DataError, match="line 2: expected 784 values, but there are 785"):
        read_kaggle_csv(path)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (("label", *PIXELS[:-1]), "but pixel783 is missing"),
        (("label", *PIXELS[5:]), "but there are 779 pixels"),
        (("label", *PIXELS[:783], "ink"), "pixel783 is missing"),
        (("label", *PIXELS, "pixel784"), "but there are 785, or two have the same name"),
        (("label", "id", *PIXELS, "x"), "but x is extra; remove what is not a pixel, or call"),
        (("label", *PIXELS, "pixel0"), "but there are 785, or two have the same name"),
        (tuple("5" * 785), "neither column is 0 throughout; add a header that names the label"),
    ],
)
def test_bad_header(tmp_path, header, message):
    path = write_csv(tmp_path / "train.csv", [[0] * len(header)], header)
    with pytest.raises(DataError, match=message):
        read_kaggle_csv(path)


def test_bad_labels(tmp_path, digits):
    rows = rows_of(*digits)
    rows[2][0] = 10
    with pytest.raises(DataError, match="expected labels from 0 to 9, but label 3 of 12 is 10"):
        read_kaggle_csv(write_csv(tmp_path / "train.csv", rows))
    rows[2][0] = "three"
    with pytest.raises(DataError, match=r"line 4, column label: expected a whole number .* but it is 'three'"):
        read_kaggle_csv(tmp_path / write_csv(tmp_path / "train.csv", rows))


def test_kaggle_train_without_labels(tmp_path, digits):
    write_csv(tmp_path / "train.csv", digits[0].tolist(), PIXELS)
    with pytest.raises(DataError, match=r"train.csv: expected labels for its images, but there are none"):
        load_mnist(tmp_path)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "expected images, but it is empty"),
        (b"\n\n", "expected a CSV file of images, but it is empty"),
        (b"\x89PNG\r\n\x1a\n\xff\xfe\x00\x01", "expected"),
        (",".join(("label", *PIXELS)).encode(), "expected images, but the file ends after its header"),
        (",".join(("label", *PIXELS)).encode() + b'\n"5,1', "line 2: expected 785 values, but there are 1"),
    ],
)
def test_no_csv(tmp_path, raw, message):
    path = tmp_path / "train.csv"
    path.write_bytes(raw)
    with pytest.raises(DataError, match=message) as error:
        read_kaggle_csv(path)
    assert str(error.value).startswith(str(path))
    assert "\n" not in str(error.value)


def test_damaged_zip(tmp_path):
    (tmp_path / "train.csv.zip").write_bytes(b"PK\3\4 and no archive")
    with pytest.raises(DataError, match=r"train.csv.zip: expected a whole zip archive, but"):
        read_kaggle_csv(tmp_path / "train.csv.zip")


# What people have: tables


@pytest.fixture
def images(rng):
    """Twelve images with empty corners, as MNIST's have, and their labels."""
    X = rng.integers(0, 256, (12, 784), dtype=np.uint8)
    X[:, [0, 27, 756, 783]] = 0
    return X, np.array([5, 0, 4, 1, 9, 2, 1, 3, 1, 4, 3, 5])


def text_of(rows, header=None, separator=","):
    lines = [separator.join(map(str, row)) for row in ([header] if header else []) + rows]
    return "\n".join(lines) + "\n"


def squares(template):
    return [template.format(r=r, c=c) for r in range(1, 29) for c in range(1, 29)]


PATTERN = {  # names of the pixels
    "kaggle": PIXELS, "openml": [f"pixel{k}" for k in range(1, 785)], "mnist-in-csv": squares("{r}x{c}"),
    "numbers": [str(k) for k in range(784)], "underscores": squares("p_{r}_{c}"), "x": [f"X{k}" for k in range(784)],
}  # fmt: skip


PLAIN = ["1,2,3\n", "1,2,3\r\n4,5,255\r\n", "007,2,3\n\n\n4,5,6"]
FAULTY = ["1,2,256", "1,2,", "1,2", "1,2,3\n1,2", "1,2,3,4", "9" * 30 + ",1,2", "1,2,3,", ",,", "\n", "", "1\n2\n3"]
DRESSED = ["1,2,3\r4,5,6\r", "1,2,3.0", " 1, 2, 3", "1,2,3 # words"]


@pytest.mark.parametrize("separator", [",", ";", "\t", " "])
def test_digits_and_separators_are_read_by_numpy_as_pandas_reads_them(separator):
    columns = Columns(list("abc"), separator, [0, 1], 2)
    texts = {text: text.replace(",", separator).encode() for text in (*PLAIN, *FAULTY, *DRESSED)}
    found = {text: plain_rows(columns, raw) for text, raw in texts.items()}
    assert [text for text in PLAIN if found[text] is None] == []
    assert [text for text in (*FAULTY, *DRESSED[:2]) if found[text] is not None] == []
    for text, rows in found.items():
        if rows is not None:
            assert rows.dtype == np.uint8
            np.testing.assert_array_equal(rows, parsed(columns, [0, 1, 2], texts[text], np.uint8))


@pytest.mark.parametrize("pattern", PATTERN)
@pytest.mark.parametrize("label", ["label", "Label", "class", "target", "y", "digit"])
@pytest.mark.parametrize("place", [0, 784, 100])
@pytest.mark.long_but_one_in(4)
def test_the_label_stands_anywhere_under_any_usual_name(tmp_path, images, pattern, label, place):
    X, y = images
    header, rows = list(PATTERN[pattern]), X.tolist()
    header.insert(place, label)
    for row, digit in zip(rows, y.tolist(), strict=True):
        row.insert(place, digit)
    (tmp_path / "mnist.csv").write_text(text_of(rows, header))
    X_read, y_read = read_kaggle_csv(tmp_path / "mnist.csv")
    np.testing.assert_array_equal(X_read, X)
    np.testing.assert_array_equal(y_read, y)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", " ", ", ", "; "])
@pytest.mark.parametrize("header", [True, False])
@pytest.mark.long_but_one_in(4)
def test_separators(tmp_path, images, separator, header):
    X, y = images
    (tmp_path / "a.txt").write_text(text_of(rows_of(X, y), ["label", *PIXELS] if header else None, separator))
    X_read, y_read = read_kaggle_csv(tmp_path / "a.txt")
    np.testing.assert_array_equal(X_read, X)
    np.testing.assert_array_equal(y_read, y)


@pytest.mark.parametrize("last", [False, True])
def test_no_header(tmp_path, images, last):
    X, y = images
    rows = np.column_stack([X, y] if last else [y, X]).tolist()
    (tmp_path / "mnist_train.csv").write_text(text_of(rows))
    X_read, y_read = read_kaggle_csv(tmp_path / "mnist_train.csv")
    np.testing.assert_array_equal(X_read, X)
    np.testing.assert_array_equal(y_read, y)
    (tmp_path / "mnist_test.csv").write_text(text_of(X.tolist()))
    X_read, y_read = read_kaggle_csv(tmp_path / "mnist_test.csv")
    np.testing.assert_array_equal(X_read, X)
    assert y_read is None


def test_dialects(tmp_path, images):
    """Comments, an index, numbers with a point, quotes, pixels in another order, old line ends."""
    X, y = images
    plain = text_of(rows_of(X, y), ["label", *PIXELS])
    indexed = text_of([[1000 + k, *row] for k, row in enumerate(rows_of(X, y))], ["Unnamed: 0", "label", *PIXELS])
    turned = text_of([[*row[:0:-1], row[0]] for row in rows_of(X, y)], [*PIXELS[::-1], "label"])
    texts = {
        "comments": "# by me, in 2026\n\n" + plain.replace("\n", " # a digit, perhaps\n", 3),
        "points": text_of([[f"{v:.1f}" for v in row] for row in rows_of(X, y)], ["label", *PIXELS]),
        "quotes": text_of([[f'"{v}"' for v in row] for row in rows_of(X, y)], ["label", *PIXELS]),
        "index": indexed, "no name": indexed.replace("Unnamed: 0", ""), "turned": turned,
        "carriage returns": plain.replace("\n", "\r"), "bom": "\ufeff" + plain,
        "savetxt": "# " + plain.replace("\nlabel", ""),
    }  # fmt: skip
    for name, text in texts.items():
        (tmp_path / f"{name}.csv").write_bytes(text.encode())
        X_read, y_read = read_kaggle_csv(tmp_path / f"{name}.csv")
        np.testing.assert_array_equal(X_read, X, err_msg=name)
        np.testing.assert_array_equal(y_read, y, err_msg=name)


@pytest.mark.parametrize("begin", [0, 1])
@pytest.mark.parametrize("last", [False, True])
def test_a_first_line_that_numbers_the_columns_is_a_header(tmp_path, images, begin, last):
    """So pandas and R write columns without names."""
    X, y = images
    rows = np.column_stack([X, y] if last else [y, X]).tolist()
    (tmp_path / "a.csv").write_text(text_of(rows, [*range(begin, begin + 785)]))
    X_read, y_read = read_kaggle_csv(tmp_path / "a.csv")
    np.testing.assert_array_equal(X_read, X)
    np.testing.assert_array_equal(y_read, y)


def test_spaces_around_separators_are_read_over(tmp_path, images):
    X, y = images
    for name, separator in {"before": " ,", "after": ", ", "both": " , ", "tabs": " \t "}.items():
        (tmp_path / f"{name}.csv").write_text(text_of(rows_of(X, y), ["label", *PIXELS], separator))
        X_read, y_read = read_kaggle_csv(tmp_path / f"{name}.csv")
        np.testing.assert_array_equal(X_read, X, err_msg=name)
        np.testing.assert_array_equal(y_read, y, err_msg=name)


@pytest.mark.parametrize(("ground", "notes"), [(0, ()), (191, ()), (192, (mnist.INVERTED,)), (255, (mnist.INVERTED,))])
def test_images_that_are_dark_on_light_are_told(tmp_path, ground, notes):
    """No network that has learned on MNIST reads them; one that learns on them reads them well."""
    X = np.full((12, 28, 28), ground, np.uint8)
    X[:, 5:20, 10:15] = 255 - ground
    np.savez(tmp_path / "a.npz", x_train=X, y_train=np.arange(12) % 10)
    data = load_mnist(tmp_path / "a.npz")
    assert data.notes == notes
    np.testing.assert_array_equal(data.X_train, X.reshape(12, -1))


def test_savetxt(tmp_path, images):
    X, y = images
    np.savetxt(tmp_path / "a.txt", np.column_stack([y, X]))
    np.savetxt(
        tmp_path / "b.csv", np.column_stack([y, X]), fmt="%d", delimiter=",", header=",".join(("label", *PIXELS))
    )
    for name in ("a.txt", "b.csv"):
        X_read, y_read = read_kaggle_csv(tmp_path / name)
        np.testing.assert_array_equal(X_read, X)
        np.testing.assert_array_equal(y_read, y)


@pytest.mark.parametrize("quote", ["", "'"])
def test_arff(tmp_path, images, quote):
    """As OpenML has it: attributes, then data with the class last."""
    X, y = images
    attributes = "".join(f"@ATTRIBUTE {quote}pixel{k}{quote} real\n" for k in range(1, 785))
    rows = [[*row[1:], f"{quote}{row[0]}{quote}"] for row in rows_of(X, y)]
    text = (
        f"% MNIST\n@RELATION mnist_784\n{attributes}@ATTRIBUTE class {{0,1,2,3,4,5,6,7,8,9}}\n\n@DATA\n{text_of(rows)}"
    )
    (tmp_path / "mnist_784.arff").write_text(text)
    X_read, y_read = read_kaggle_csv(tmp_path / "mnist_784.arff")
    np.testing.assert_array_equal(X_read, X)
    np.testing.assert_array_equal(y_read, y)


ONE_HOT = [f"is_{k}" for k in range(10)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (text_of([[1, 0], [2, 7]], ["ImageId", "Label"]), "it is a submission, .* test.csv has the pixels"),
        (text_of([[3] * 65], [*(f"pixel_{r}_{c}" for r in range(8) for c in range(8)), "target"]), "8x8 digits"),
        (text_of([[3] * 65]), "8x8 digits of scikit-learn.*28x28 images only.*takes any size"),
        (text_of([[0] * 794], [*ONE_HOT, *PIXELS]), "794 values; one-hot labels.*argmax"),
        (text_of([[0] * 786], ["label", "class", *PIXELS]), "label, class are all labels by their names; keep one"),
        (text_of([[0] * 784 + [300]], [*PIXELS, "id"]) + "7\n", "line 3: expected 785 values, but there are 1"),
        (text_of([[0] * 786]), "expected 784 pixels in a row, alone or with a label, but there are 786 values"),
        (text_of([[5]]), "but there is one value; which character stands between the columns"),
        (text_of([[1, *[0.5] * 784]], ["label", *PIXELS]), "but it is '0.5'; multiply the pixels by 255"),
        (
            text_of([[1, *[-1.0] * 784]], ["label", *PIXELS]),
            r"but it is '-1.0'; if the pixels run from -1 to 1, round \(",
        ),
        (
            text_of([[7, *[0] * 785]], ["", *range(785)]),
            "there is one more, and none is called label; call the labels' ",
        ),
        ("Dear reader,\nthis is a letter.\n", "its first line begins with 'Dear reader'; add a header"),
        (text_of([["five", *[0] * 784]], ["label", *PIXELS]), "label: expected a whole number .* 'five'; number the"),
        (text_of([["", *[0] * 784]], ["label", *PIXELS]), "empty; to leave out rows .* frame.dropna\\(\\)$"),
    ],
)
def test_tables_that_are_something_else_are_named(tmp_path, text, message):
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(DataError, match=f"a.csv.*{message}"):
        read_kaggle_csv(tmp_path / "a.csv")


def test_labels_from_one(tmp_path, images):
    X, _ = images
    y = np.arange(12) % 10 + 1
    with pytest.raises(
        DataError, match=r"label 10 of 12 is 10; they count from 1: y - 1 .*, or y % 10 if 10 stands for 0"
    ):
        read_kaggle_csv(write_csv(tmp_path / "a.csv", rows_of(X, y)))


REFUSED = {
    "mnist.pkl.gz": (gzip.compress(b"\x80\x02(cnumpy.core"), "a pickle, which is never opened: it could run any"),
    "mnist.pkl": (b"(lp0\ncnumpy\n", "a pickle, which is never opened"),
    "train.csv": (b"version https://git-lfs.github.com/spec/v1\n", "a pointer of Git LFS.*git lfs pull"),
    "test.csv": (b"<!DOCTYPE html><html><body>Sign in</body></html>", "a web page; .*download the file itself"),
    "page.csv": (b"\n\n  <HTML>", "a web page"),
    "old.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Excel file of the old kind"),
    "a.h5": (b"\x89HDF\r\n\x1a\n", "an HDF5 file"), "a.mat": (b"MATLAB 5.0 MAT-file", "a MATLAB file.*loadmat"),
    "a.rar": (b"Rar!\x1a\x07", "unpack it first"), "a.csv.xz": (b"\xfd7zXZ\x00", "unpack it first"),
    "a.csv.bz2": (b"BZh91AY", "unpack it first"), "photo.heic": (b"\0\0\0\x18ftypheic", "HEIC.*JPEG or PNG"),
    "excel.txt": ("\ufefflabel\tpixel0".encode("utf-16"), "UTF-16"), "a.json": (b'[{"label": 5}]', "JSON"),
    "a.pdf": (b"%PDF-1.4", "a PDF"), "zero.csv": (b"\0" * 100, "begins with 00 00 00 00"),
    "empty.csv": (b"", "it is empty"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_data_is_named_with_the_way_out(tmp_path, name):
    raw, message = REFUSED[name]
    (tmp_path / name).write_bytes(raw)
    for read in (read_kaggle_csv, load_mnist):
        with pytest.raises(DataError, match=rf"{name}: .*{message}"):
            read(tmp_path / name)


@pytest.mark.parametrize(
    ("members", "message"),
    [
        (["xl/workbook.xml", "[Content_Types].xml"], "it is an Excel file; save it as CSV"),
        (["mnist/data.pkl", "mnist/data/0"], "a file of PyTorch, which holds a pickle"),
        (["layout.npy", "network.layers.0.W.npy"], "it is a network, .* and holds no images"),
    ],
)
def test_archives_that_hold_no_data_are_named(tmp_path, members, message):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for member in members:
            archive.writestr(member, b"x")
    with pytest.raises(DataError, match=rf"a.zip: .*{message}"):
        load_mnist(tmp_path / "a.zip")


# What people have: directories, archives, arrays


def assert_data(data, *want):
    for got, expected in zip(data, want, strict=True):
        np.testing.assert_array_equal(got, expected)


@pytest.mark.parametrize(
    "layout", ["{name}", "{name}.gz", "{name}/{name}", "MNIST/raw/{name}", "a/b/{name}.gz", "{dot}"]
)
def test_idx_in_nested_layouts(tmp_path, digits, layout):
    X, y = digits
    for name in mnist.SOURCES:
        path = tmp_path / layout.format(name=name, dot=name.replace("-idx", ".idx"))
        path.parent.mkdir(parents=True, exist_ok=True)
        raw = idx(X.reshape(-1, 28, 28) if "images" in name else y)
        path.write_bytes(gzip.compress(raw) if path.suffix == ".gz" else raw)
    assert_data(load_mnist(tmp_path), X, y, X, y)


def test_packed_and_unpacked_copies_beside_each_other(tmp_path, digits):
    X, y = digits
    write_mnist(tmp_path, X, y)
    write_mnist(tmp_path, X, y, "")
    assert_data(load_mnist(tmp_path), X, y, X, y)
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(idx((y + 1) % 10))
    with pytest.raises(DataError, match="expected one file of labels, but there are different ones"):
        load_mnist(tmp_path)


def test_the_training_pair_alone_and_the_path_of_one_file(tmp_path, digits):
    X, y = digits
    write_mnist(tmp_path, X, y, "")
    for name in mnist.SOURCES:
        if name.startswith("t10k"):
            (tmp_path / name).unlink()
    assert_data(load_mnist(tmp_path), X, y, X[:0], y[:0])
    assert_data(load_mnist(tmp_path / "train-images-idx3-ubyte"), X, y, X[:0], y[:0])
    (tmp_path / "train-images-idx3-ubyte").rename(tmp_path / "pictures.bin")
    (tmp_path / "train-labels-idx1-ubyte").rename(tmp_path / "answers.bin")
    assert_data(load_mnist(tmp_path), X, y, X[:0], y[:0])


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz"])
@pytest.mark.parametrize("what", ["idx", "csv", "png"])
def test_archives(tmp_path, images, kind, what):
    X, y = images
    folder = tmp_path / "folder"
    folder.mkdir()
    if what == "idx":
        write_mnist(folder, X, y)
    elif what == "csv":
        for name in ("mnist_train.csv", "mnist_test.csv"):
            write_csv(folder / name, rows_of(X, y))
    else:
        write_pictures(folder, X, y)
    path = tmp_path / f"archive.{kind}"
    (folder / "._train.csv").write_bytes(b"x")  # as macOS adds it
    if kind == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("__MACOSX/._train.csv", b"x")
            for below in sorted(folder.rglob("*")):
                archive.write(below, f"mnist/{below.relative_to(folder)}")
    else:
        with tarfile.open(path, "w:gz" if kind == "tar.gz" else "w") as archive:
            archive.add(folder, "mnist")
    data = load_mnist(path)
    order = np.argsort(y, kind="stable") if what == "png" else np.arange(12)
    if what == "png" and kind != "zip":  # in the order of the archive
        assert sorted(map(bytes, data.X_train)) == sorted(map(bytes, X))
        return
    assert_data(data, X[order], y[order], X[order], y[order])


def write_pictures(folder, X, y, parts=("training", "testing"), kind="png"):
    for part in parts:
        for k, (row, label) in enumerate(zip(X, y, strict=True)):
            (folder / part / str(label)).mkdir(parents=True, exist_ok=True)
            Image.fromarray(row.reshape(28, 28)).save(folder / part / str(label) / f"{k:03}.{kind}")


def test_a_folder_of_pictures_a_class(tmp_path, images):
    X, y = images
    X = (
        np.where(np.arange(784).reshape(28, 28)[None] % 28 < 5, 0, X.reshape(-1, 28, 28))
        .reshape(-1, 784)
        .astype(np.uint8)
    )
    order = np.argsort(y, kind="stable")
    write_pictures(tmp_path / "both", X, y)
    assert_data(load_mnist(tmp_path / "both"), X[order], y[order], X[order], y[order])
    write_pictures(tmp_path / "one", 255 - X, y, [""], "bmp")
    data = load_mnist(tmp_path / "one")
    assert_data(data, X[order], y[order], X[:0], y[:0])
    assert data.notes == ("the pictures were inverted: their grounds are light",)
    (tmp_path / "letters").mkdir()
    (tmp_path / "one" / "3").rename(tmp_path / "letters" / "a")
    with pytest.raises(DataError, match="expected one folder of pictures a class, but a is there"):
        load_mnist(tmp_path / "letters")


@pytest.mark.parametrize("shape", [(-1, 28, 28), (-1, 784), (-1, 28, 28, 1), (-1, 1, 28, 28)])
@pytest.mark.parametrize("kind", [np.uint8, np.int64, np.float32])
@pytest.mark.long_but_one_in(4)
def test_npz_of_keras_and_npy(tmp_path, digits, shape, kind):
    X, y = digits
    A = X.reshape(shape).astype(kind)
    np.savez_compressed(tmp_path / "mnist.npz", x_train=A, y_train=y[:, None], x_test=A[:3], y_test=y[:3])
    assert_data(load_mnist(tmp_path / "mnist.npz"), X, y, X[:3], y[:3])
    assert_data(load_mnist(tmp_path), X, y, X[:3], y[:3])
    (tmp_path / "npy").mkdir()
    np.save(tmp_path / "npy" / "X_train.npy", A)
    np.save(tmp_path / "npy" / "y_train.npy", y.astype(kind))
    assert_data(load_mnist(tmp_path / "npy"), X, y, X[:0], y[:0])


@pytest.mark.parametrize("divisor", [255, 256])
def test_pixels_that_were_divided_are_multiplied_again(tmp_path, digits, divisor):
    X, y = digits
    np.savez(tmp_path / "mnist.npz", x_train=X.astype(np.float32) / divisor, y_train=y)
    assert_data(load_mnist(tmp_path / "mnist.npz"), X, y, X[:0], y[:0])


def test_kmnist(tmp_path, digits):
    X, y = digits
    for part in ("train", "test"):
        np.savez(tmp_path / f"kmnist-{part}-imgs.npz", X.reshape(-1, 28, 28))
        np.savez(tmp_path / f"kmnist-{part}-labels.npz", y.astype(np.uint8))
    data = load_mnist(tmp_path)
    assert_data(data, X, y, X, y)
    assert data.names[0] == "お"


def test_qmnist(tmp_path, digits):
    """Its labels are eight numbers, the first of them the digit."""
    X, y = digits
    rows = np.zeros((12, 8), ">i4")
    rows[:, 0], rows[:, 3] = y, 100_000
    (tmp_path / "qmnist-train-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx(X.reshape(-1, 28, 28))))
    raw = struct.pack(">BBBB2I", 0, 0, 12, 2, 12, 8) + rows.tobytes()
    (tmp_path / "qmnist-train-labels-idx2-int.gz").write_bytes(gzip.compress(raw))
    assert_data(load_mnist(tmp_path), X, y, X[:0], y[:0])


EMNIST = {"byclass": 62, "bymerge": 47, "balanced": 47, "letters": 26, "digits": 10, "mnist": 10}


@pytest.mark.parametrize("split", EMNIST)
def test_emnist(tmp_path, digits, split):
    X, _ = digits
    y = np.arange(12) + EMNIST[split] - 12 if EMNIST[split] > 10 else np.arange(12) % 10
    for name in EMNIST:
        labels = y + (split == "letters") if name == split else np.zeros(12)
        for part in ("train", "test"):
            (tmp_path / f"emnist-{name}-{part}-images-idx3-ubyte").write_bytes(idx(X.reshape(-1, 28, 28).mT))
            (tmp_path / f"emnist-{name}-{part}-labels-idx1-ubyte").write_bytes(idx(labels))
    with pytest.raises(
        DataError, match="expected one data set, but there are 6; give the path of a file of one of them"
    ):
        load_mnist(tmp_path)
    path = tmp_path / f"emnist-{split}-train-images-idx3-ubyte"
    data = load_mnist(path)
    assert (len(data.names), data.notes) == (EMNIST[split], (mnist.TRANSPOSED,))
    turned = load_mnist(path, transpose=True)
    assert_data(turned, X, y, X, y)
    assert (turned.names, turned.notes) == (data.names, ())


def test_fashion(tmp_path, digits):
    (tmp_path / "FashionMNIST" / "raw").mkdir(parents=True)
    write_mnist(tmp_path / "FashionMNIST" / "raw", *digits)
    clothes = "T-shirt trousers pullover dress coat sandal shirt sneaker bag"
    assert load_mnist(tmp_path).names == (*clothes.split(), "ankle boot")


def test_what_mnists_files_are_known_by():
    """SHA-256 of the files as they were first published, unpacked, and where they are to be had."""
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in mnist.SOURCES.values())
    assert {name: mnist.SOURCES[name][:8] for name in mnist.SOURCES} == {
        "train-images-idx3-ubyte": "ba891046", "train-labels-idx1-ubyte": "65a50cbb",
        "t10k-images-idx3-ubyte": "0fa7898d", "t10k-labels-idx1-ubyte": "ff7bcfd4",
    }  # fmt: skip
    assert all(mirror.startswith("https://") and mirror.endswith("/") for mirror in mnist.MIRRORS)
    assert len(mnist.MIRRORS) == 3


def test_several_data_sets_are_listed(tmp_path, digits):
    for name in ("MNIST", "FashionMNIST"):
        (tmp_path / name).mkdir()
        write_mnist(tmp_path / name, *digits)
    with pytest.raises(DataError, match=r"give the path of a file of one of them: FashionMNIST/.*, MNIST/"):
        load_mnist(tmp_path)


def test_kaggles_folder_with_its_submission(tmp_path, digits):
    X, y = digits
    write_csv(tmp_path / "train.csv", rows_of(X, y))
    write_csv(tmp_path / "test.csv", X.tolist(), PIXELS)
    (tmp_path / "sample_submission.csv").write_text("ImageId,Label\n1,0\n")
    (tmp_path / "notes.txt").write_text("nothing\n")
    assert_data(load_mnist(tmp_path), X, y, X, y[:0])
    (tmp_path / "train.csv").write_text("<html>")
    with pytest.raises(DataError, match=r"train.csv: it is a web page"):
        load_mnist(tmp_path)


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"x_train": np.zeros((5, 32, 32))}, r"expected images, \(m, 28, 28\) .* its shape is \(5, 32, 32\)"),
        ({"x_train": np.zeros((5, 8, 8))}, "8x8 digits"),
        ({"x_train": np.zeros((784, 5))}, "examples stand in the last axis"),
        ({"x_train": np.zeros((5, 784)), "y_train": np.eye(10)[:5]}, r"one-hot rows, .*y.argmax\(axis=1\)"),
        ({"x_train": np.full((5, 784), 0.3)}, "expected whole numbers from 0 to 255, but it holds float64 from 0.3"),
        ({"x_train": np.full((5, 784), np.nan)}, "NaN"),
        ({"x_train": np.full((5, 784), -1)}, "from -1 to -1"),
        ({"x_train": np.zeros((5, 784)), "y_train": np.array(list("abcde"))}, "expected labels as whole numbers"),
        ({"x_train": np.zeros((5, 784)), "y_train": np.full(5, 0.5)}, "some are no whole numbers"),
        ({"x_train": np.zeros((5, 784)), "y_train": np.zeros(4)}, "a label for each of the 5 images"),
        ({"x_train": np.zeros((5, 784))}, "expected labels for its images, but there are none"),
        ({"y_train": np.zeros(5)}, "expected images for these labels"),
    ],
)
def test_arrays_that_are_something_else_are_named(tmp_path, arrays, message):
    np.savez(tmp_path / "mnist.npz", **arrays)
    with pytest.raises(DataError, match=f"mnist.npz.*{message}"):
        load_mnist(tmp_path / "mnist.npz")


def test_parquet(tmp_path, images):
    """As Hugging Face has it, and with a column a pixel."""
    pytest.importorskip("pyarrow")
    X, y = images
    raws = []
    for row in X:
        file = io.BytesIO()
        Image.fromarray(row.reshape(28, 28)).save(file, "PNG")
        raws.append({"bytes": file.getvalue(), "path": None})
    pd.DataFrame({"image": raws, "label": y}).to_parquet(tmp_path / "train-00000-of-00001.parquet")
    assert_data(load_mnist(tmp_path), X, y, X[:0], y[:0])
    frame = pd.DataFrame(X, columns=PIXELS).assign(label=y)
    frame.to_parquet(tmp_path / "train-00000-of-00001.parquet")
    assert_data(load_mnist(tmp_path), X, y, X[:0], y[:0])


def test_parquet_without_its_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    (tmp_path / "train.parquet").write_bytes(b"PAR1")
    with pytest.raises(ImportError, match=r"pip install 'nnlit\[parquet\]'"):
        load_mnist(tmp_path / "train.parquet")


# Limits


@pytest.fixture
def small(monkeypatch):
    """The same limits, a thousand times smaller."""
    monkeypatch.setattr(files, "LIMIT", 1 << 21)
    monkeypatch.setattr(files, "ROOM", 1 << 16)


def refused(read, path, size, match):
    """Fail if a reader does not refuse a file, in seconds and with no more memory than so many bytes."""

    def work():
        tracemalloc.start()
        try:
            with pytest.raises(DataError, match=match):
                read(path)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    most = within(5, work)
    assert most < size, f"{most:,} bytes"


@pytest.mark.usefixtures("small")
def test_idx_that_grows_is_read_no_further_than_its_header_says(tmp_path):
    path = tmp_path / "train-labels-idx1-ubyte.gz"
    path.write_bytes(gzip.compress(idx([5, 0, 4]) + bytes(1 << 21)))
    refused(read_idx, path, 4 << 20, r"ubyte.gz: expected .* but there are more")


@pytest.mark.usefixtures("small")
def test_csv_that_grows_is_read_no_further(tmp_path, digits, monkeypatch):
    path = write_csv(tmp_path / "train.csv", rows_of(*digits) * 60)
    assert path.stat().st_size > 1 << 20
    row = ",".join("0" * 785).encode() + b"\n"
    bomb = ",".join(("label", *PIXELS)).encode() + b"\n" + row * 1300
    (tmp_path / "bomb.csv.gz").write_bytes(gzip.compress(bomb))
    with zipfile.ZipFile(tmp_path / "bomb.csv.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("train.csv", bomb)
    monkeypatch.setattr("pandas.read_csv", lambda *_, **__: pytest.fail("nothing may be parsed"))
    for name in ("bomb.csv.gz", "bomb.csv.zip"):
        with pytest.raises(DataError, match=rf"{name}: expected at most [0-9,]+ bytes \(unpacked, if packed\)"):
            read_kaggle_csv(tmp_path / name)


@pytest.mark.parametrize("begin", ["", "label," + ",".join(PIXELS) + "\n", "label," + ",".join(PIXELS) + "\n5"])
@pytest.mark.parametrize("unit", mostly_long([b"0,", b"x", b'"', b"\xfe", b"5"]))
def test_one_giant_row(tmp_path, begin, unit):
    """It took over a minute before; the first megabytes are enough to see that it is no image."""
    path = tmp_path / "train.csv"
    path.write_bytes(begin.encode() + unit * (50_000_000 // len(unit)))  # to hold it once is too much
    refused(read_kaggle_csv, path, 30 << 20, r"train.csv: expected at most 65,536 bytes in a line")


def test_a_large_csv_is_read_in_blocks(tmp_path, digits, monkeypatch):
    """Also where a block ends inside a line, and where the last line has no end."""
    X, y = digits
    path = write_csv(tmp_path / "train.csv", rows_of(X, y) * 5)
    path.write_bytes(path.read_bytes().rstrip())
    for size in (1 << 22, 20_000, 10_000):
        monkeypatch.setattr(tables, "BLOCK", size)
        X_read, y_read = read_kaggle_csv(path)
        np.testing.assert_array_equal(X_read, np.tile(X, (5, 1)))
        np.testing.assert_array_equal(y_read, np.tile(y, 5))
    text = path.read_bytes().split(b"\n")
    text[41] = b"7" + b",3" * 783
    path.write_bytes(b"\n".join(text))
    with pytest.raises(DataError, match="line 42: expected 785 values, but there are 784"):
        read_kaggle_csv(path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
@pytest.mark.parametrize("read", [read_idx, read_kaggle_csv, read_picture])
def test_pipes_are_read_once(tmp_path, digits, read):
    X, y = digits
    image = Image.fromarray(load_mnist().X_test[0].reshape(28, 28))
    made = {read_idx: "a.idx", read_kaggle_csv: "a.csv", read_picture: "a.png"}
    (tmp_path / "a.idx").write_bytes(idx(X))
    write_csv(tmp_path / "a.csv", rows_of(X, y))
    image.save(tmp_path / "a.png")
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=lambda: (tmp_path / "pipe").write_bytes((tmp_path / made[read]).read_bytes()))
    writer.start()
    got, want = read(tmp_path / "pipe"), read(tmp_path / made[read])
    writer.join()
    for a, b in zip(got, want, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("read", [read_idx, read_kaggle_csv, read_picture])
def test_what_never_ends_is_refused(tmp_path, read, monkeypatch):
    monkeypatch.setattr(files, "WAIT", 0.2)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "endless").symlink_to("/dev/zero")
    for name, text in (("pipe", "none came for 0.2 s"), ("endless", "it is a device or a socket")):
        with pytest.raises(DataError, match=f"{name}: expected .*{text}"):
            read(tmp_path / name)


# Faults


def test_of_a_file_that_is_named_the_companions_lie_beside_it_and_not_below(tmp_path, digits):
    X, y = digits
    write_mnist(tmp_path, X, y)
    below = tmp_path / "train"
    below.mkdir()
    (below / "images-idx3-ubyte").write_bytes(idx(255 - X.reshape(-1, 28, 28)))
    (below / "labels-idx1-ubyte").write_bytes(idx(y))
    data = load_mnist(tmp_path / "train-images-idx3-ubyte.gz")
    np.testing.assert_array_equal(data.X_train, X)
    np.testing.assert_array_equal(data.y_train, y)


def test_the_longest_line_that_is_read(tmp_path):
    """A line of 65,536 bytes with its end is read, one more byte is too much; spaces are no pixels."""
    row = ",".join(["7"] * 784)
    for more, fine in ((0, True), (1, False)):
        path = tmp_path / f"{more}.csv"
        path.write_text(f"{row}\n{row}{' ' * (65_535 - len(row) + more)}\n", encoding="ascii")
        if fine:
            assert read_kaggle_csv(path)[0].shape == (2, 784)
        else:
            with pytest.raises(DataError, match=r"at most 65,536 bytes in a line, but line 2 has more"):
                read_kaggle_csv(path)


@pytest.mark.parametrize("count", mostly_long([60, 300]))
def test_faulty_files_are_refused_by_name(count):
    """A few of the many that tests/tools/mutated_files.py tries."""
    tool = runpy.run_path(str(Path(__file__).parent / "tools" / "mutated_files.py"))
    assert tool["run"](count, seed=5).wrong == []


# fetch_mnist


@pytest.fixture
def mirror(tmp_path, digits, monkeypatch):
    """A server on this machine in the place of the mirrors: a broken one, one with other files, and a right one."""
    good, other = tmp_path / "good", tmp_path / "other"
    for folder, y in ((good, digits[1]), (other, (digits[1] + 1) % 10)):
        folder.mkdir()
        write_mnist(folder, digits[0] if folder == good else 255 - digits[0], y)
    sums = {n: hashlib.sha256(gzip.decompress((good / f"{n}.gz").read_bytes())).hexdigest() for n in mnist.SOURCES}
    asked = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            asked.append(self.path)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=tmp_path))
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    monkeypatch.setattr(mnist, "SOURCES", sums)
    base = f"http://127.0.0.1:{server.server_port}/"
    monkeypatch.setattr(mnist, "MIRRORS", tuple(base + name for name in ("none/", "other/", "good/")))
    yield asked
    server.shutdown()
    server.server_close()


def test_fetch(tmp_path, digits, mirror):
    folder = tmp_path / "cache" / "mnist"
    data = fetch_mnist(folder)
    np.testing.assert_array_equal(data.X_train, digits[0])
    np.testing.assert_array_equal(data.y_test, digits[1])
    assert names(folder) == sorted(f"{name}.gz" for name in mnist.SOURCES)
    before = len(mirror)
    fetch_mnist(folder)
    assert len(mirror) == before, "files that are there and right are not fetched again"
    (folder / "t10k-images-idx3-ubyte.gz").write_bytes(b"damaged")
    np.testing.assert_array_equal(fetch_mnist(folder).X_test, digits[0])
    assert len(mirror) > before


@pytest.mark.usefixtures("mirror")
def test_fetch_offline(tmp_path, monkeypatch):
    monkeypatch.setattr(mnist, "MIRRORS", ("http://127.0.0.1:9/mnist/", *mnist.MIRRORS[:2]))
    with pytest.raises(DataError, match=r"no mirror gave train-images.*Without a network: load_mnist\(\) has a sample"):
        fetch_mnist(tmp_path / "cache")
    assert names(tmp_path / "cache") == []


def test_fetch_without_pooch(monkeypatch):
    monkeypatch.setitem(sys.modules, "pooch", None)
    with pytest.raises(ImportError, match=r"pooch is not installed; pip install 'nnlit\[mnist\]' brings it"):
        fetch_mnist()


def test_public_names():
    for name in ("DataError", "Mnist", "fetch_mnist", "load_mnist", "read_idx", "read_kaggle_csv"):
        assert getattr(nnlit, name) is getattr(mnist, name)


@pytest.mark.parametrize("separator", [",", ";", "\t", " "])
@pytest.mark.parametrize("part", [False, True], ids=["all columns", "some columns"])
def test_a_sound_table_is_read_by_pandas_and_not_by_hand(separator, part):
    """What one reads line by line takes fifty times as long."""
    columns = Columns(["a", "b", "c"], separator, [0, 2] if part else [0, 1, 2], -1)
    text = f"1{separator}2{separator}3\n4{separator}5{separator}6\n".encode()
    used = used_columns(columns)
    assert parsed(columns, used, text, int).tolist() == [[row[k] for k in used] for row in ([1, 2, 3], [4, 5, 6])]
    assert parsed(columns, used, text + f"7{separator}8\n".encode(), int) is None  # a row that is too short
    assert parsed(columns, used, text.replace(b"5", b"x"), int) is None or part


@pytest.mark.parametrize("separator", [",", ";"])
def test_a_row_that_is_too_long_is_not_read_by_pandas_where_columns_are_left_out(separator):
    columns = Columns(["a", "b", "c"], separator, [0, 2], -1)
    text = separator.join("1234").encode() + b"\n" + separator.join("567").encode() + b"\n"
    assert parsed(columns, [0, 2], text, int) is None


@pytest.mark.parametrize("axes", [1, 3, mnist.AXES])
def test_a_header_of_idx_is_read_whole_or_refused(tmp_path, axes):
    shape = (2,) * axes
    whole = bytes([0, 0, 8, axes]) + b"".join(n.to_bytes(4, "big") for n in shape) + bytes(2**axes)
    path = tmp_path / "images"
    path.write_bytes(whole)
    assert read_idx(path).shape == shape
    for length in range(4 + 4 * axes):
        path.write_bytes(whole[:length])
        with pytest.raises(DataError, match=r"images: expected an IDX file .*(first bytes are|it is empty)"):
            read_idx(path)


@pytest.mark.parametrize(
    ("place", "shape", "what"),
    [
        ("x.npy", (5, 28, 28), "X"),
        ("x.npy", (5, 784), "X"),
        ("x.npy", (5, 28, 28, 1), "X"),
        ("x.npy", (5, 1, 28, 28), "X"),
        ("x.npy", (784,), "X"),
        ("x.npy", (28, 28), "X"),
        ("x.npy", (5,), "y"),
        ("x.npy", (5, 1), "y"),
        ("labels.npy", (784,), "y"),
        ("y_train.npy", (784,), "y"),
        ("target.npy", (784, 1), "y"),
        ("class.npy", (5,), "y"),
        ("my.npy", (784,), "X"),
        ("x.npy", (5, 785), "Xy"),
        ("labels.npy", (5, 8), "y"),
    ],
)
def test_what_an_array_is_by_its_shape_and_its_name(place, shape, what):
    A = np.zeros(shape, np.int64)
    A[..., 0] = 1 if shape != (5, 785) else np.arange(5)
    found = mnist.found_as("name", place, A)
    assert (found.X is not None, found.y is not None) == ("X" in what, "y" in what)
    if found.X is not None:
        assert (found.X.shape, found.X.dtype) == ((5 if shape[0] == 5 else 1, 784), np.uint8)
    if what == "Xy":
        assert found.y.tolist() == [0, 1, 2, 3, 4]
    elif found.y is not None:
        assert found.y.shape == (784 if 784 in shape else 5,)


@pytest.mark.parametrize(
    ("A", "text"),
    [
        (np.zeros((5, 8, 8)), "the 8x8 digits of scikit-learn"),
        (np.zeros((5, 64)), "the 8x8 digits of scikit-learn"),
        (np.eye(10)[[1, 2]], r"it holds one-hot rows, \(2, 10\)"),
        (np.eye(62)[[1, 2]], "it holds one-hot rows"),
        (np.eye(63)[[1, 2]], r"its shape is \(2, 63\) and its type float64"),
        (np.zeros((784, 5)), "examples stand in the last axis"),
        (np.zeros((28, 28, 5)), "examples stand in the last axis"),
        (np.zeros((5, 10)), r"its shape is \(5, 10\) and its type float64"),
        (np.zeros((5, 3, 28, 28)), r"its shape is \(5, 3, 28, 28\)"),
    ],
)
def test_an_array_that_is_neither_says_what_it_is(A, text):
    with pytest.raises(DataError, match=text):
        mnist.found_as("name", "x.npy", A)


IMAGES_OF = "images of {0}x{0}? The command reads 28x28 images only; in Python a network takes any size: "
IMAGES_OF += "Dense.start({1}, ...)"
DIGITS_OF_8 = IMAGES_OF.format(8, 64).replace("images of 8x8", "the 8x8 digits of scikit-learn")
IN_FRONT = "examples stand in the last axis; bring it to the front: np.moveaxis(X, -1, 0)"
ONE_HOT = "; make them labels: y = y.argmax(axis=1)"


@pytest.mark.parametrize(
    ("A", "text"),
    [
        (np.zeros((5, 8, 8)), f"its shape is (5, 8, 8): 64 values: {DIGITS_OF_8}"),
        (np.zeros((5, 64)), f"its shape is (5, 64): 64 values: {DIGITS_OF_8}"),
        (np.zeros((8, 8)), "its shape is (8, 8) and its type float64"),
        (np.zeros(64), "its shape is (64,) and its type float64"),
        (np.zeros((5, 8)), "its shape is (5, 8) and its type float64"),
        (np.zeros((5, 2, 8, 8)), "its shape is (5, 2, 8, 8) and its type float64"),
        (np.eye(3, dtype=bool), f"it holds one-hot rows, (3, 3){ONE_HOT}"),
        (np.eye(62), f"it holds one-hot rows, (62, 62){ONE_HOT}"),
        (np.eye(63), "its shape is (63, 63) and its type float64"),
        (np.eye(3).astype(object), "its shape is (3, 3) and its type object"),
        (np.ones((5, 1, 3)), "its shape is (5, 1, 3) and its type float64"),
        (np.eye(3)[[0, 0]] + np.eye(3)[[1, 0]], "its shape is (2, 3) and its type float64"),
        (np.zeros((784, 5)), f"its shape is (784, 5): {IN_FRONT}"),
        (np.zeros((28, 28, 5)), f"its shape is (28, 28, 5): {IN_FRONT}"),
        (np.zeros((28, 5)), "its shape is (28, 5) and its type float64"),
        (np.zeros((27, 28, 5)), "its shape is (27, 28, 5) and its type float64"),
        (np.zeros((5, 32, 32, 4)), "its shape is (5, 32, 32, 4) and its type float64"),
        (np.zeros((3, 32, 32, 4)), "its shape is (3, 32, 32, 4) and its type float64"),
        (np.zeros((5, 3, 32, 32)), "its shape is (5, 3, 32, 32): colour images; make them gray: X.mean(axis=1)"),
        (np.zeros((5, 32, 32, 3)), "its shape is (5, 32, 32, 3): colour images; make them gray: X.mean(axis=3)"),
        (np.zeros((5, 3, 32, 3)), "its shape is (5, 3, 32, 3): colour images; make them gray: X.mean(axis=3)"),
        (np.zeros((5, 32, 32), int), f"its shape is (5, 32, 32) and its type int64: {IMAGES_OF.format(32, 1024)}"),
        (np.zeros((5, 81), bool), f"its shape is (5, 81) and its type bool: {IMAGES_OF.format(9, 81)}"),
        (np.zeros((5, 9, 9), object), "its shape is (5, 9, 9) and its type object"),
        (np.zeros((5, 1, 9, 9)), "its shape is (5, 1, 9, 9) and its type float64"),
        (np.zeros((2, 3, 3, 3, 3)), "its shape is (2, 3, 3, 3, 3) and its type float64"),
    ],
)  # fmt: skip
def test_an_odd_shape_is_said_in_full(A, text):
    assert mnist.odd_shape(A) == text


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([0, 1 / 255, 1.0], [0, 1, 255]),
        ([0, 1 / 256, 255 / 256], [0, 1, 255]),
        ([0.0, 1.0], [0, 1]),
        ([0, 255], [0, 255]),
        ([0.0, 255.0], [0, 255]),
        ([0, 256], None),
        ([-1, 3], None),
        ([0.0, 0.123], None),
        ([0.0, 1.5], None),
        ([0.0, np.nan], None),
        ([0.0, np.inf], None),
        ([True, False], [1, 0]),
        ([-0.25, 1.0], None),
    ],
)
def test_pixels_of_other_types_are_bytes_or_refused(values, found):
    if found is None:
        with pytest.raises(DataError, match=r"expected (whole numbers|pixels) from 0 to 255"):
            mnist.bytes_of("name", np.array(values))
    else:
        assert mnist.bytes_of("name", np.array(values)).tolist() == found


def several(tmp_path, name, members):
    """A zip archive of some files."""
    with zipfile.ZipFile(tmp_path / name, "w") as archive:
        for place, content in members.items():
            archive.writestr(place, content)


def test_archives_in_a_folder_are_looked_into_and_archives_in_them_are_not(tmp_path, digits):
    X, y = digits[:2]
    inner = {"train-images-idx3-ubyte": idx(X.reshape(-1, 28, 28)), "train-labels-idx1-ubyte": idx(y.astype(np.uint8))}
    (tmp_path / "a").mkdir()
    several(tmp_path / "a", "mnist.zip", inner)
    found = load_mnist(tmp_path / "a")
    np.testing.assert_array_equal(found.X_train, X)
    (tmp_path / "b").mkdir()
    several(tmp_path / "b", "outer.zip", {"mnist.zip": (tmp_path / "a" / "mnist.zip").read_bytes()})
    with pytest.raises(DataError, match="it is an archive"):
        load_mnist(tmp_path / "b")


def test_pictures_in_an_archive_and_pictures_of_another_size(tmp_path):
    members = {}
    for label in (3, 7):
        for k in range(2):
            gray = np.zeros((40, 40), np.uint8)
            gray[5:35, 10 + 5 * k : 16 + 5 * k] = 255
            file = io.BytesIO()
            Image.fromarray(gray).save(file, "PNG")
            members[f"train/{label}/{k}.png"] = file.getvalue()
    several(tmp_path, "pictures.zip", members)
    found = load_mnist(tmp_path / "pictures.zip")
    assert sorted(found.y_train.tolist()) == [3, 3, 7, 7]
    assert found.X_train.max() == 255
    assert any("prepared as MNIST's images were" in note for note in found.notes)
    with pytest.raises(DataError, match=r"pictures.zip: it is an archive of pictures; give its own path, or unpack it"):
        load_mnist(tmp_path)


def test_a_packed_file_of_arrays_is_unpacked(tmp_path, digits):
    X, y = digits[:2]
    file = io.BytesIO()
    np.savez(file, x_train=X, y_train=y)
    (tmp_path / "mnist.npz.gz").write_bytes(gzip.compress(file.getvalue()))
    np.testing.assert_array_equal(load_mnist(tmp_path / "mnist.npz.gz").X_train, X)


def test_one_picture_is_no_set_of_images(tmp_path):
    Image.fromarray(np.zeros((28, 28), np.uint8)).save(tmp_path / "digit.png")
    with (
        files.opened(tmp_path / "digit.png") as source,
        pytest.raises(DataError, match="many images, but it is a pict"),
    ):
        mnist.found_in(source, "digit.png")


def test_a_parquet_file_that_would_become_too_large(tmp_path, digits):
    pytest.importorskip("pyarrow")
    frame = pd.DataFrame(digits[0], columns=[f"pixel{k}" for k in range(784)])
    frame.assign(label=digits[1]).to_parquet(tmp_path / "a.parquet")
    with files.opened(tmp_path / "a.parquet") as source:
        small = files.Source(source.name, source.file, 100)
        with pytest.raises(DataError, match=r"expected at most 100 bytes, but it unpacks to"):
            mnist.parquet_of(small, "a.parquet")


def test_a_damaged_file_is_not_the_source(tmp_path):
    path = tmp_path / "train-labels-idx1-ubyte.gz"
    for content in (b"\x1f\x8b damaged", b"another", gzip.compress(b"another")):
        path.write_bytes(content)
        assert not mnist.is_source(path, "train-labels-idx1-ubyte")


def test_numbers_with_a_point_and_empty_lines_are_read(tmp_path, digits):
    X, y = digits[:2]
    head = ",".join(["label", *(f"pixel{k}" for k in range(784))])
    rows = [",".join(f"{value:.1f}" for value in (label, *x)) for x, label in zip(X, y, strict=True)]
    (tmp_path / "a.csv").write_text("\n".join([head, *rows]) + "\n")
    blank = "\n".join([head, rows[0].replace(".0", ""), ", " * 784, "", *rows[1:]])
    (tmp_path / "b.csv").write_text(blank + "\n")
    for name in ("a.csv", "b.csv"):
        found = read_kaggle_csv(tmp_path / name)
        np.testing.assert_array_equal(found[0], X)
        np.testing.assert_array_equal(found[1], y)


@pytest.mark.parametrize("name", ["Unnamed: 0", "id", "index", "ImageId", "image_id", "row", "row_id", ""])
@pytest.mark.long_but_one_in(4)
def test_a_column_of_numbers_of_rows_is_left_aside(tmp_path, digits, name):
    X, y = digits[:2]
    head = [name, "label", *(f"pixel{k}" for k in range(784))]
    rows = [[k, label, *x] for k, (x, label) in enumerate(zip(X.tolist(), y.tolist(), strict=True))]
    (tmp_path / "a.csv").write_text("\n".join(",".join(map(str, row)) for row in [head, *rows]) + "\n")
    found = read_kaggle_csv(tmp_path / "a.csv")
    np.testing.assert_array_equal(found[0], X)
    np.testing.assert_array_equal(found[1], y)


@pytest.mark.parametrize("corners", [[0, 27], [756, 783], [0, 783], [27, 756]])
def test_the_ground_of_pictures_is_what_their_corners_are(tmp_path, corners):
    """Two light corners of four are the least that makes a light ground."""
    for label in (1, 2):
        (tmp_path / str(label)).mkdir()
        gray = np.zeros(784, np.uint8)
        gray[corners] = 255
        Image.fromarray(gray.reshape(28, 28)).save(tmp_path / str(label) / "a.png")
    found = load_mnist(tmp_path)
    assert any("inverted" in note for note in found.notes)
    np.testing.assert_array_equal(found.X_train[0], 255 - gray)
    for label in (1, 2):
        gray[corners[0]] = 0
        Image.fromarray(gray.reshape(28, 28)).save(tmp_path / str(label) / "a.png")
    np.testing.assert_array_equal(load_mnist(tmp_path).X_train[0], gray)


# Words and limits, one by one


def by_names(names):
    return tables.by_name(files.Source("a.csv", io.BytesIO()), names, ",")


ALL = list(PIXELS)
USUAL = ["label", "labels", "class", "classes", "digit", "digits", "target", "targets", "y", "number", "category"]


@pytest.mark.parametrize("name", [*USUAL, " Label ", "CLASS"])
def test_each_usual_name_of_the_labels_is_known(name):
    found = by_names([*ALL[:5], name, *ALL[5:]])
    assert (found.label, found.pixels[4:6]) == (5, [4, 6])


@pytest.mark.parametrize("name", ["", "Unnamed: 0", "id", "index", "ImageId", "image_id", "row", "Row_Id"])
def test_each_usual_name_of_a_number_of_rows_is_read_over(name):
    found = by_names([name, *ALL])
    assert (found.label, found.pixels) == (-1, list(range(1, 785)))


@pytest.mark.parametrize(
    ("name", "place"),
    [("pixel17", (17, 0)), ("1x18", (1, 18)), ("p_0_17", (0, 17)), ("17", (17, 0)), ("px-3", (3, 0)),
     ("px 3 4", (3, 4)), ("3-4", (3, 4)), ("3,4", (3, 4)),
     ("pixel", None), ("3x4x5", None), ("a3b", None), ("", None)],
)  # fmt: skip
def test_the_place_of_a_pixel_is_in_its_name(name, place):
    assert tables.place(name) == place


def test_pixels_come_into_the_order_of_the_image():
    assert by_names(ALL[::-1]).pixels == list(range(783, -1, -1))
    grid = [f"{r}x{c}" for c in range(28) for r in range(28)]
    assert by_names(grid).pixels == [28 * c + r for r in range(28) for c in range(28)]


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (["ImageId", "Label"], "it is a submission, with a label for each image of test.csv; test.csv has the pixels"),
        (["label", "class", *ALL], "label, class are all labels by their names; keep one"),
        ([*ALL, *(f"c{k}" for k in range(10))], ("there are 794 values; one-hot labels? Make them one column, with "
         "argmax(axis=1)")),
        ([*ALL, *("abcdefghij")], ("there are ten more: one-hot labels? Make them one column, with argmax(axis=1), and "
         "call it label")),
        ([f"p{k}" for k in range(1024)], ("there are 1024 values: images of 32x32? The command reads 28x28 images "
         "only; in Python a network takes any size: Dense.start(1024, ...)")),
        ([*(f"p{k}" for k in range(63)), "ink"], ("pixel63, pixel64, pixel65 and 718 more are missing; it was cut "
         "off or damaged: fetch it again")),
        (ALL[:783], "pixel783 is missing; it was cut off or damaged: fetch it again"),
        (ALL[1:], "there are 783 pixels; it was cut off or damaged: fetch it again"),
        ([f"pixel{k}" for k in range(1, 784)], "pixel784 is missing; it was cut off or damaged: fetch it again"),
        ([*ALL[:9], *ALL[13:]], ("pixel9, pixel10, pixel11 and 1 more are missing; it was cut off or damaged: "
         "fetch it again")),
        ([*ALL, "ink"], "ink is extra; remove what is not a pixel, or call the labels' column label"),
        ([*ALL[:783], "ink"], "pixel783 is missing; it was cut off or damaged: fetch it again"),
        ([*ALL, "ink", "pen"], "ink, pen are extra; remove what is not a pixel, or call the labels' column label"),
        ([*ALL, "pixel784"], "there is one more, and none is called label; call the labels' column so"),
        ([*ALL[:783], "pixel0"], "there are 784, or two have the same name; remove what is not a pixel"),
        ([f"p{k}" for k in range(64)], ("there are 64 values: the 8x8 digits of scikit-learn? The command reads 28x28 "
         "images only; in Python a network takes any size: Dense.start(64, ...)")),
        (["a", "b"], "its first line begins with 'a,b'; add a header, or is it another file?"),
        (["aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbbbbbbbb", "c", "d"], ("its first line begins with "
         "'aaaaaaaaaaaaaaaa,bbbbbbbbbbbbbbbbbbbbbbb'; add a header, or is it another file?")),
        (["2x1", "2x2"], "there are 2 pixels; it was cut off or damaged: fetch it again"),
    ],
)  # fmt: skip
@pytest.mark.long_but_one_in(4)
def test_what_is_wrong_with_columns_is_said_in_full(names, text):
    wanted = "a.csv: expected 784 columns of pixels and perhaps one label, but "
    if names == ALL[1:]:
        text = "pixel784 is missing; it was cut off or damaged: fetch it again"
    with pytest.raises(DataError) as error:
        by_names(names)
    assert str(error.value) == wanted + text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (64, ("are 64 values: the 8x8 digits of scikit-learn? The command reads 28x28 images only; in Python a network "
         "takes any size: Dense.start(64, ...)")),
        (65, "are 65 values: the 8x8 digits"), (66, "are 66 values"), (63, "are 63 values"), (2, "are 2 values"),
        (1, "is one value; which character stands between the columns? A comma is expected"), (0, "are 0 values"),
        (147, "are 147 values"), (49, "are 49 values"), (50, "are 50 values"),
        (81, "are 81 values: images of 9x9? The command"),
        (1024, "are 1024 values: images of 32x32? The"), (1025, "are 1025 values: images of 32x32? The"),
        (1026, "are 1026 values"), (3072, "are 3072 values: colour images of 32x32? The"), (787, "are 787 values"),
        (3073, "are 3073 values: colour images of 32x32? The"), (3074, "are 3074 values"),
        (192, "are 192 values: colour"),
        (786, "are 786 values; if the first numbers the rows, leave it out, as frame.to_csv(path, index=False) does"),
        (794, "are 794 values; one-hot labels? Make them one column, with argmax(axis=1)"), (795, "are 795 values"),
    ],
)  # fmt: skip
@pytest.mark.long_but_one_in(4)
def test_so_many_values_look_like_something(count, text):
    found = tables.of_size(count)
    assert found.startswith(text)
    assert (len(found) > 30) == (count in (1, 64, 65, 81, 192, 786, 794, 1024, 1025, 3072, 3073))
    size = {65: 64, 1025: 1024, 3073: 3072}.get(count, count)
    assert not found.endswith("...)") or found.endswith(f"in Python a network takes any size: Dense.start({size}, ...)")


@pytest.mark.parametrize(
    ("cell", "byte", "more"),
    [("0", True, ""), ("255", True, ""), ("256", False, ""), ("-1", False, SIGNED), ("5.0", True, ""),
     ("nan", False, MISSING),
     ("NA", False, MISSING), ("null", False, MISSING), ("None", False, MISSING), ("?", False, MISSING),
     ("-128", False, SIGNED), ("-129", False, ""), ("-0.5", False, CENTRED), ("-1.0", False, CENTRED),
     ("-1.5", False, SIGNED), ("1,5", False, ""),
     ("0.5", False, "; multiply the pixels by 255 and round them"), ("1.5", False, ""), ("x", False, ""),
     ("", False, MISSING), ("inf", False, ""), ("1e2", True, ""), ("1.0", True, "")],
)  # fmt: skip
@pytest.mark.long_but_one_in(4)
def test_a_cell_is_a_byte_or_looks_like_something(cell, byte, more):
    assert tables.is_byte(cell) == byte
    if not byte:
        assert tables.between(cell) == more


@pytest.mark.parametrize(
    ("line", "separator", "found"),
    [("a, b,c", ",", ["a", "b", "c"]), ("'a';\"b\" ;", ";", ["a", "b", ""]), ("", ",", []),
     (" a\tb ", "\t", ["a", "b"]), ("1 2", " ", ["1", "2"]),
     ("0,5;-3,0;x,y;1,2,3", ";", ["0.5", "-3.0", "x,y", "1,2,3"])],
)  # fmt: skip
def test_cells_lose_their_spaces_and_quotes(line, separator, found):
    assert tables.cells(line, separator) == found


@pytest.mark.parametrize(
    ("place", "key", "part"),
    [
        ("train-images-idx3-ubyte", "", "train"), ("t10k-labels-idx1-ubyte", "", "test"),

        ("a/train/7/x", "a/", "train"),
        ("Training.csv", "", "train"), ("emnist-letters-test-images", "emnist-letters", "test"),
        ("mnist.npz/x_train", "mnist.npz/", "train"), ("val.csv", "", "validation"), ("valid.csv", "", "validation"),
        ("validation/x", "", "validation"), ("dev.csv", "", "validation"), ("a/b.csv", "a/", ""), ("b.csv", "", ""),
        ("contest.csv", "", ""), ("a/test50k", "a/", "test"), ("qmnist-test10k-x", "qmnist", "test"),
        ("kmnist-imgs-test", "kmnist", "test"), ("images_train", "", "train"), ("fashion train", "fashion", "train"),
    ],
)  # fmt: skip
def test_the_part_that_a_file_is_of(place, key, part):
    found = mnist.part_of(place)
    assert (found[1], found[0].strip("/ -")) == (part, key.strip("/"))


@pytest.mark.parametrize(
    ("path", "count", "first", "last"),
    [
        ("mnist", 10, "0", "9"), ("Fashion-MNIST", 10, "T-shirt", "ankle boot"), ("kmnist", 10, "お", "を"),
        ("Kuzushiji", 10, "お", "を"), ("k49", 49, "0", "48"), ("emnist-balanced", 47, "0", "t"),
        ("emnist-bymerge", 47, "0", "t"), ("emnist-byclass", 62, "0", "z"), ("emnist-letters", 26, "A", "Z"),
        ("emnist-digits", 10, "0", "9"), ("fashion/emnist-letters", 10, "T-shirt", "ankle boot"),
    ],
)  # fmt: skip
def test_the_classes_are_known_by_a_word_of_the_path(path, count, first, last):
    names = mnist.names_of(path)
    assert (len(names), names[0], names[-1]) == (count, first, last)


def test_the_names_of_clothes_stand_in_their_order():
    assert mnist.names_of("fashion") == (
        "T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"
    )  # fmt: skip
    assert mnist.names_of("emnist-balanced")[-11:] == tuple("abdefghnqrt")
    assert mnist.names_of("emnist-byclass")[36:38] == ("a", "b")


def test_labels_of_classes_and_those_that_are_none():
    digits = mnist.names_of("mnist")
    assert mnist.labels_of("a", np.array([0, 9], np.uint8), digits).dtype == np.int64
    letters = mnist.names_of("emnist-letters")
    assert mnist.labels_of("EMNIST/a", np.array([1, 26]), letters).tolist() == [0, 25]
    assert mnist.labels_of("EMNIST/a", np.array([0, 25]), letters).tolist() == [0, 25]
    assert mnist.labels_of("EMNIST/a", np.zeros(0, np.int64), letters).tolist() == []
    for name in ("A_Z Handwritten Data.csv", "a-z_handwritten.csv"):
        assert mnist.names_of(name) == letters
        assert mnist.labels_of(name, np.array([1, 25]), letters).tolist() == [1, 25]
    for name in ("sign_mnist_train.csv", "sign language/a.csv", "Sign-Language.npz"):
        assert mnist.names_of(name) == letters[:25]
    more = "; for other classes than 10 make a folder of pictures a class, or in Python hand arrays to fit"
    for y, text in (
        ([0, 10], "a: expected labels from 0 to 9, but label 2 of 2 is 10" + more),
        ([-1, 3], "a: expected labels from 0 to 9, but label 1 of 2 is -1" + more),
        (list(range(1, 11)), ("a: expected labels from 0 to 9, but label 10 of 10 is 10; they count from 1: y - 1 "
         "counts from 0, or y % 10 if 10 stands for 0")),
    ):  # fmt: skip
        with pytest.raises(DataError) as error:
            mnist.labels_of("a", np.array(y), digits)
        assert str(error.value) == text


def test_two_files_are_the_same_if_both_their_arrays_are():
    X, y = np.zeros((2, 784), np.uint8), np.arange(2)
    one = mnist.Found("a", "a", X, y)
    assert mnist.same(one, mnist.Found("b", "b", X.copy(), y.copy()))
    assert not mnist.same(one, mnist.Found("b", "b", X + 1, y))
    assert not mnist.same(one, mnist.Found("b", "b", X, y + 1))
    assert not mnist.same(one, mnist.Found("b", "b", None, y))
    assert not mnist.same(mnist.Found("b", "b", X), one)
    assert mnist.same(mnist.Found("b", "b", X), mnist.Found("b", "b", X))


def test_names_in_a_sentence():
    assert [files.some(list("abcde")[:n]) for n in (1, 2, 3, 4, 5)] == [
        "a is", "a, b are", "a, b, c are", "a, b, c and 1 more are", "a, b, c and 2 more are"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "is_hidden"),
    [("a/b.csv", False), (".git/a", True), ("a/.DS_Store", True), ("__MACOSX/a", True), ("./a.csv", False),
     ("a\\.b", True), ("a..b", False)],
)  # fmt: skip
def test_names_that_systems_make_for_themselves(name, is_hidden):
    assert files.hidden(name) == is_hidden


def test_so_much_may_come_out_of_so_much():
    assert files.allowed(0) == files.ROOM
    assert files.allowed(files.ROOM) == min(files.LIMIT, files.RATIO * files.ROOM)
    assert files.allowed(files.LIMIT) == files.LIMIT
    files.check_size("a", 5, 5)
    with pytest.raises(DataError, match=r"^a: expected at most 5 bytes \(unpacked, if packed\), but there are more$"):
        files.check_size("a", 6, 5)


def test_the_limits_of_what_is_read():
    assert (files.LIMIT, files.ROOM, files.RATIO) == (2**31, 2**26, 50)
    assert (files.MEMBERS, files.ENTRIES, files.DEPTH, files.WAIT) == (10_000, 200_000, 4, 10)
    assert (tables.LINE, tables.SIZE, mnist.AXES, mnist.SIZE) == (2**16, 784, 8, 784)


def test_pictures_are_known_without_a_suffix(tmp_path):
    rows = load_mnist().X_train[3:5]
    for k, row in enumerate(rows, 3):
        (tmp_path / str(k)).mkdir()
        Image.fromarray(row.reshape(28, 28)).save(tmp_path / str(k) / "image", "PNG")
    data = load_mnist(tmp_path)
    assert data.y_train.tolist() == [3, 4]
    assert data.X_train.tolist() == rows.tolist()


def test_too_little_memory_is_said():
    def starved():
        raise MemoryError

    said = r"^a: expected a table, but there is not enough memory for it$"
    with pytest.raises(DataError, match=said), files.refusing("a", "a table"):
        starved()


def test_where_no_mirror_has_a_file_each_says_why(tmp_path, monkeypatch):
    monkeypatch.setattr(mnist, "fetch_from", lambda mirror, *_: f"{mirror} is away")
    with pytest.raises(DataError, match="; ".join(f"{mirror} is away" for mirror in mnist.MIRRORS)):
        mnist.fetch_file(tmp_path, "train-labels-idx1-ubyte")
    assert list(tmp_path.iterdir()) == []


def lines_of(X, y, separator=",", mark="{}", end="\n"):
    """Rows of a table with the label in front."""
    return "".join(separator.join(map(mark.format, [k, *row])) + end for k, row in zip(y, X, strict=True))


HEADS = {  # a first line, what stands between the values, how one is written, and how a line ends
    "Excel names the separator": ("sep=;\n" + ";".join(["label", *PIXELS]) + "\n", ";", "{}", "\n"),
    "a comma for a point": (";".join(["label", *PIXELS]) + "\n", ";", "{},0", "\n"),
    "a comma for a point, between tabs": ("", "\t", "{},00", "\n"),
    "quotes": (",".join(f'"{name}"' for name in ["label", *PIXELS]) + "\n", ",", '"{}"', "\n"),
    "a separator at every end": (",".join(["label", *PIXELS, ""]) + "\n", ",", "{}", ",\n"),
}


@pytest.mark.parametrize("name", HEADS)
def test_tables_as_programs_write_them(tmp_path, digits, name):
    X, y = digits
    X[:, [0, -1]] = 0  # the corners of an image are empty, by which a label without a name is known
    head, separator, mark, end = HEADS[name]
    path = tmp_path / "a.csv"
    path.write_text(head + lines_of(X, y, separator, mark, end))
    found, labels = read_kaggle_csv(path)
    assert np.array_equal(found, X)
    assert np.array_equal(labels, y)


@pytest.mark.parametrize(
    ("head", "text"),
    [
        ("", "a.csv: expected a number behind the last ',', but there is nothing; leave out what ends each line"),
        (",".join(["label", *PIXELS]) + "\n",
         "a.csv, line 2: expected 785 values, but there are 786; leave out what ends each line"),
    ],
)  # fmt: skip
def test_a_separator_at_the_end_of_rows_alone_is_named(tmp_path, digits, head, text):
    (tmp_path / "a.csv").write_text(head + lines_of(*digits, end=",\n"))
    with pytest.raises(DataError) as error:
        read_kaggle_csv(tmp_path / "a.csv")
    assert str(error.value) == f"{tmp_path}/{text}"
    for line, match in (("1,2", "there are 2 values"), ("5,", "there are 1 pixels"), ("5,6,", "behind the last")):
        (tmp_path / "a.csv").write_text(f"{line}\n")
        with pytest.raises(DataError, match=match):
            read_kaggle_csv(tmp_path / "a.csv")


ARRAYS_OF_OTHERS = {
    "colour behind": (np.zeros((3, 28, 28, 3), np.uint8), "colour images; make them gray: X.mean(axis=3)"),
    "colour in front": (np.zeros((3, 3, 28, 28), np.uint8), "colour images; make them gray: X.mean(axis=1)"),
    "larger": (np.zeros((3, 32, 32), np.uint8), "its type uint8: images of 32x32? The command reads 28x28 images"),
    "larger rows": (np.zeros((3, 1024), np.uint8), "its type uint8: images of 32x32? The command reads 28x28 images"),
    "NaN": (np.full((3, 784), np.nan), "holds float64 with NaN or infinity; for 0 in their place write X = np.nan_to"),
    "complex": (np.zeros((3, 784), complex), "but it holds complex128; write X = np.real(X)"),
    "words": (np.full((3, 784), "a"), "but it holds <U1, which are no numbers"),
}


@pytest.mark.parametrize("name", ARRAYS_OF_OTHERS)
def test_arrays_that_are_something_else_say_what_to_do(name):
    A, text = ARRAYS_OF_OTHERS[name]
    with pytest.raises(DataError) as error:
        mnist.found_as("x.npy", "x.npy", A)
    assert text in str(error.value)


DIGITS = tuple("0123456789")
FOLDERS = {  # folders with a picture each, and the labels and names that they give
    "numbers": (["3", "7"], [3, 7], DIGITS),
    "words": (["zero", "Seven", "three"], [7, 3, 0], DIGITS),
    "writers below digits": (["3/ann", "3/bob", "7/ann"], [3, 3, 7], DIGITS),
    "writers below words": (["nine/ann", "two/ann"], [9, 2], DIGITS),
    "digits below groups": (["low/3", "high/7"], [7, 3], DIGITS),
    "writers below digits of a part": (["train/3/ann", "train/7/bob"], [3, 7], DIGITS),
    "names": (["cat", "dog"], [0, 1], ("cat", "dog")),
    "names below a folder": (["all/cat", "all/dog"], [0, 1], ("cat", "dog")),
    "names below a part": (["train/cat", "train/dog"], [0, 1], ("cat", "dog")),
    "other names below others": (["red/cat", "blue/dog"], [1, 0], ("cat", "dog")),
}


@pytest.mark.parametrize("name", FOLDERS)
def test_the_class_of_a_folder(tmp_path, name):
    folders, labels, names = FOLDERS[name]
    for folder in folders:
        (tmp_path / folder).mkdir(parents=True)
        Image.fromarray(np.pad(np.eye(20, dtype=np.uint8) * 255, 4)).save(tmp_path / folder / "a.png")
    data = load_mnist(tmp_path)
    assert (data.y_train.tolist(), data.names) == (labels, names)
    numbered = f"the classes have numbers in the order of their names: 0 is {names[0]}, 1 is {names[1]}"
    assert data.notes == (() if names == DIGITS else (numbered,))


@pytest.mark.parametrize("part", ["", "train/"])
def test_folders_of_which_either_may_be_the_class_are_refused(tmp_path, part):
    for folder in ("cat/ann", "cat/bob", "dog/ann"):
        (tmp_path / part / folder).mkdir(parents=True)
        Image.fromarray(np.pad(np.eye(20, dtype=np.uint8) * 255, 4)).save(tmp_path / part / folder / "a.png")
    text = f"folders stand in folders, such as {part}cat/ann: which are the classes"
    with pytest.raises(DataError, match=text):
        load_mnist(tmp_path)


def test_pictures_without_a_folder_a_class_say_where_they_belong(tmp_path):
    for folder, came in (("", "they stand in no folder"), ("all", "all is there")):
        (tmp_path / folder).mkdir(exist_ok=True)
        Image.fromarray(np.pad(np.eye(20, dtype=np.uint8) * 255, 4)).save(tmp_path / folder / "7_1.png")
        with pytest.raises(DataError, match=f"but {came}; put a picture of a 7 into a folder called 7; `nnlit"):
            load_mnist(tmp_path)


def test_images_to_train_on_without_labels_say_where_to_put_them(tmp_path, digits):
    write_csv(tmp_path / "train.csv", [row[1:] for row in rows_of(*digits)], PIXELS)
    with pytest.raises(DataError, match="but there are none; put them into a column called label, as in Kaggle's"):
        load_mnist(tmp_path)


def test_images_lie_in_memory_one_after_the_other(tmp_path, digits):
    """As matrix products read them fastest, whatever the file had."""
    X, y = digits
    X[:, [0, -1]] = 0
    np.savez(tmp_path / "columns.npz", x_train=np.asfortranarray(X), y_train=y)
    np.savez(tmp_path / "emnist-digits.npz", x_train=X, y_train=y, x_test=X, y_test=y)
    write_csv(tmp_path / "last.csv", np.column_stack([X, y]).tolist(), [*PIXELS, "label"])
    write_csv(tmp_path / "first.csv", rows_of(X, y), ("label", *PIXELS))
    write_csv(tmp_path / "none.csv", X.tolist(), PIXELS)
    turned = X.reshape(-1, 28, 28).transpose(0, 2, 1).reshape(-1, 784)
    for name in ("columns.npz", "last.csv", "first.csv", "none.csv", "emnist-digits.npz"):
        for transpose in (False, True):
            data = load_mnist(tmp_path / name, transpose=transpose)
            for images in (data.X_train, data.X_test):
                assert images.flags["C_CONTIGUOUS"]
                assert not len(images) or np.array_equal(images, turned if transpose else X)


def test_pixels_from_0_to_1_may_begin_with_many_that_are_neither(tmp_path):
    """A thousand images of black and white say nothing of the next one."""
    X = np.zeros((1001, 784))
    X[:1000, 5], X[1000, 5] = 1, 51 / 255
    np.savez(tmp_path / "a.npz", x_train=X, y_train=np.arange(1001) % 10)
    assert load_mnist(tmp_path / "a.npz").X_train[[0, 1000], 5].tolist() == [255, 51]


@pytest.mark.parametrize(("light", "told"), [(60, True), (40, False), (51, True), (49, False)])
def test_a_hundred_images_say_whether_all_are_dark_on_light(light, told):
    X = np.zeros((400, 784), np.uint8)
    X[:light] = 255
    assert mnist.is_inverted(X) == told
    assert mnist.is_inverted(X[:light]) is True
    X[:light] = 191
    assert not mnist.is_inverted(X)
    X[:light] = 192
    assert mnist.is_inverted(X) == told


class Screen(io.StringIO):
    def isatty(self):
        return True


def test_many_pictures_show_how_far_they_are_read(tmp_path, monkeypatch):
    images = [np.pad(np.full((20, 20), 200 + k, np.uint8), 4) for k in range(5)]
    for k, image in enumerate(images):
        (tmp_path / str(k)).mkdir()
        Image.fromarray(image).save(tmp_path / str(k) / "a.png")
    screen = Screen()
    monkeypatch.setattr("sys.stderr", screen)
    assert load_mnist(tmp_path).y_train.tolist() == list(range(5))
    assert "0/5" in screen.getvalue()
    assert screen.getvalue().endswith("\r")
    assert "\n" not in screen.getvalue()


def test_no_images_are_no_pixels():
    assert mnist.bytes_of("a", np.zeros((0, 784))).shape == (0, 784)


def test_bytes_that_are_no_text_are_said_and_not_decoded(tmp_path, digits):
    head = ",".join(["label", *PIXELS[:-1], "pixel783 \xe9"]).encode("latin-1")
    (tmp_path / "a.csv").write_bytes(head + b"\n" + lines_of(*digits).encode())
    with pytest.raises(DataError, match="pixel783 is missing"):
        read_kaggle_csv(tmp_path / "a.csv")
    raw = lines_of(*digits).encode().replace(b",", b",\xe9", 1)
    (tmp_path / "a.csv").write_bytes(",".join(["label", *PIXELS]).encode() + b"\n" + raw)
    with pytest.raises(DataError, match="line 2, column pixel0: expected a whole number"):
        read_kaggle_csv(tmp_path / "a.csv")


def test_labels_with_more_columns_are_known_by_their_type():
    rows = np.eye(8)[[1, 2, 3]]
    with pytest.raises(DataError, match="it holds one-hot rows"):
        mnist.found_as("a", "y_train", rows)
    assert mnist.found_as("a", "y_train", rows.astype(int)[:, ::-1]).y.tolist() == [0, 0, 0]  # QMNIST's
    with pytest.raises(DataError, match="it holds one-hot rows"):
        mnist.found_as("a", "x_train", rows.astype(int))
    for A in (np.full((3, 5), "a"), np.eye(63), np.eye(8)[:, :7], np.ones((3, 2))):
        with pytest.raises(DataError, match="its shape is"):
            mnist.found_as("a", "x_train", A)


def test_files_with_a_half_of_a_set_are_the_same_if_that_half_is():
    X, y = np.zeros((2, 784), np.uint8), np.arange(2)
    assert mnist.same(mnist.Found("a", "a", X, None), mnist.Found("b", "b", X.copy(), None))
    assert mnist.same(mnist.Found("a", "a", None, y), mnist.Found("b", "b", None, y.copy()))
    assert not mnist.same(mnist.Found("a", "a", X, y), mnist.Found("b", "b", X, None))
    assert not mnist.same(mnist.Found("a", "a", None, y), mnist.Found("b", "b", X, y))


def test_an_empty_archive_is_said_to_hold_nothing(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w"):
        pass
    with pytest.raises(DataError, match=r"a.zip: expected images and labels .*, but there is nothing"):
        load_mnist(tmp_path / "a.zip")


@pytest.mark.parametrize("length", [783, 784, 786])
def test_every_row_of_another_length_than_the_header(tmp_path, length):
    rows = [[0] * length] * 5
    write_csv(tmp_path / "a.csv", rows, ("label", *PIXELS))
    with pytest.raises(DataError, match=f"line 2: expected 785 values, but there are {length}"):
        read_kaggle_csv(tmp_path / "a.csv")


def test_empty_lines_alone_are_no_rows():
    columns = tables.Columns(["a", "b"], ",", [0, 1], -1)
    assert tables.plain_rows(columns, b"\n\r\n\n") is None
    assert tables.plain_rows(columns, b"\n1,2\n\n").tolist() == [[1, 2]]


@pytest.mark.usefixtures("mirror")
def test_without_a_directory_files_are_kept_in_the_cache_of_the_user(tmp_path, monkeypatch):
    monkeypatch.setattr("pooch.os_cache", lambda name: tmp_path / name)
    fetch_mnist()
    assert names(tmp_path / "nnlit" / "mnist") == sorted(f"{name}.gz" for name in mnist.SOURCES)


# IDX, number by number


def idx_head(kind, *shape):
    """The header of an IDX file."""
    return bytes([0, 0, kind, len(shape)]) + np.array(shape, ">u4").tobytes()


@pytest.mark.parametrize(
    ("kind", "name", "size"),
    [(8, "u1", 1), (9, "i1", 1), (11, "i2", 2), (12, "i4", 4), (13, "f4", 4), (14, "f8", 8)],
)
@pytest.mark.parametrize("shape", [(3,), (3, 2), (1, 1, 1, 1, 1, 1, 2, 3)])
def test_an_idx_file_of_each_type_is_as_large_as_its_header_states(kind, name, size, shape):
    count = int(np.prod(shape))
    data = np.arange(count).astype(f">{name}").tobytes()
    for most in (count * size, count * size - 1):
        source = files.Source("a", io.BytesIO(idx_head(kind, *shape) + data), most)
        if most < count * size:
            with pytest.raises(DataError, match=f"a: expected at most {most:,} bytes, but its header states the shape"):
                mnist.idx_header(source)
        else:
            assert mnist.idx_header(source) == (shape, np.dtype(f">{name}"))
    found = mnist.idx_of(files.Source("a", io.BytesIO(idx_head(kind, *shape) + data)))
    assert (found.shape, found.dtype, found.ravel().tolist()) == (shape, np.dtype(name), list(range(count)))


@pytest.mark.parametrize("shape", [(0, 2**32 - 1), (2**32 - 1, 0, 2**32 - 1), (2**32 - 1,), (2**16, 2**16)])
def test_a_shape_that_would_be_too_large_is_refused_even_beside_a_nought(shape):
    with pytest.raises(DataError, match="expected at most 2,147,483,648 bytes, but its header states the shape"):
        mnist.idx_header(files.Source("a", io.BytesIO(idx_head(8, *shape))))


@pytest.mark.parametrize(
    ("head", "came"),
    [
        (b"", "it is empty"), (b"\0", "its first bytes are 00"), (b"\0\0\x08", "its first bytes are 00 00 08"),
        (b"\0\0\x08\x01", "its first bytes are 00 00 08 01"),
        (b"\0\1\x08\x01\0\0\0\0", "its first bytes are 00 01 08 01"),
        (b"\1\0\x08\x01\0\0\0\0", "its first bytes are 01 00 08 01"),
        (b"\0\0\x0a\x01" + bytes(4), "its first bytes are 00 00 0a 01"),
        (b"\0\0\x08\x00" + bytes(40), "its first bytes are 00 00 08 00"),
        (b"\0\0\x08\x09" + bytes(40), "its first bytes are 00 00 08 09"),
        (b"\0\0\x08\x02" + bytes(7), "its first bytes are 00 00 08 02"),
        (b"\0\0\x08\x08" + bytes(31), "its first bytes are 00 00 08 08"),
    ],
)  # fmt: skip
def test_what_is_no_header_of_an_idx_file(head, came):
    with pytest.raises(DataError) as error:
        mnist.idx_header(files.Source("a", io.BytesIO(head)))
    expected = "expected an IDX file (00 00, the type, 08 for bytes, and the number of axes, 1 to 8)"
    assert str(error.value) == f"a: {expected}, but {came}; is it one of MNIST's four files?"


@pytest.mark.parametrize(
    ("shape", "size", "came"),
    [((3,), 2, "it has 2"), ((3,), 4, "there are more"), ((2, 2), 3, "it has 3"), ((0,), 1, "there are more"),
     ((3,), 0, "it has 0")],
)  # fmt: skip
def test_an_idx_file_with_too_little_or_too_much(shape, size, came):
    with pytest.raises(DataError) as error:
        mnist.idx_of(files.Source("a", io.BytesIO(idx_head(8, *shape) + bytes(size))))
    text = f"expected {int(np.prod(shape)):,} bytes of data for shape {shape}, but {came}"
    assert str(error.value) == f"a: {text}; it was cut off or damaged: fetch it again"


def test_no_more_is_read_of_an_idx_file_than_its_header_states():
    read = []

    class Long(files.Source):
        def pieces(self, _=0):
            for k in range(9):
                read.append(k)
                yield idx_head(8, 3) + bytes(2) if k == 0 else b"\7"

    with pytest.raises(DataError, match="but there are more"):
        mnist.idx_of(Long("a", io.BytesIO(idx_head(8, 3))))
    assert read == [0, 1, 2]
    assert mnist.idx_of(files.Source("a", io.BytesIO(idx_head(8, 0)))).shape == (0,)


# A data set of what was found, without files


def found(place, m=None, labels=None, level=0):
    """Images, labels, or both, as they are found in a file."""
    X = None if m is None else np.full((m, 784), level, np.uint8)
    return mnist.Found(f"{place}!", place, X, None if labels is None else np.array(labels, np.int64))


SETS = {  # what was found, and how many images and labels there are to train and to test on
    "pairs": ([found("train-images", 3), found("train-labels", labels=[1, 2, 3]), found("t10k-images", 2),
               found("t10k-labels", labels=[4, 5])], (3, 3, 2, 2)),
    "both in one": ([found("train.csv", 3, [1, 2, 3])], (3, 3, 0, 0)),
    "no name": ([found("a", 3, [1, 2, 3])], (3, 3, 0, 0)),
    "no labels": ([found("a", 3)], (0, 0, 3, 0)), "two without labels": ([found("a", 3), found("b", 3)], (0, 0, 3, 0)),
    "a pair without names": ([found("a", 3), found("b", labels=[1, 2, 3])], (3, 3, 0, 0)),
    "Kaggle": ([found("train.csv", 3, [1, 2, 3]), found("test.csv", 2)], (3, 3, 2, 0)),
    "no name beside a part to test on": ([found("a", 3, [1, 2, 3]), found("test.csv", 2)], (3, 3, 2, 0)),
    "labels alone beside their images": ([found("train.csv", 3), found("a", labels=[1, 2, 3])], (3, 3, 0, 0)),
    "the same twice": ([found("train-a", 3, [1, 2, 3]), found("train-b", 3, [1, 2, 3])], (3, 3, 0, 0)),
    "only to test on": ([found("test-images", 2), found("test-labels", labels=[1, 2])], (0, 0, 2, 2)),
    "validation": ([found("train.csv", 3, [1, 2, 3]), found("valid.csv", 2, [1, 2])], (3, 3, 0, 0)),
}  # fmt: skip


@pytest.mark.parametrize("name", SETS)
def test_the_parts_of_a_data_set(name):
    files_, sizes = SETS[name]
    data = mnist.from_arrays("folder", files_, mnist.Findings(notes=["said before"]))
    assert tuple(map(len, data)) == sizes
    assert [part.shape[1:] for part in data] == [(784,), (), (784,), ()]
    assert [part.dtype for part in data] == [np.uint8, np.int64] * 2
    left_out = ("validation images are left out: valid.csv",) if name == "validation" else ()
    assert data.notes == ("said before", *left_out)
    assert data.names == DIGITS
    if sizes[1] == 3:
        assert data.y_train.tolist() == [1, 2, 3]


NO_SETS = {
    "images to train on alone": ([found("train.csv", 3)], [],
     ("train.csv!: expected labels for its images, but there are none; put them into a column called label, as in "
     "Kaggle's train.csv")),
    "and something aside": ([found("train.csv", 3)], ["a: odd"],
     "train.csv!: expected labels for its images, but there are none; left aside: there is only: a: odd"),
    "no name beside two parts": ([found("a", 3), found("test.csv", 3)], [],
     ("a!: expected labels for its images, but there are none; put them into a column called label, as in Kaggle's "
     "train.csv")),
    "other images": ([found("train-a", 3, [1, 2, 3]), found("train-b", 3, [1, 2, 3], 9)], [],
     "folder: expected one file of images, but there are different ones: train-a and train-b; remove all but one"),
    "other labels": ([found("train-a", 3, [1, 2, 3]), found("train-b", labels=[1, 2, 4])], [],
     "folder: expected one file of labels, but there are different ones: train-a and train-b; remove all but one"),
    "labels alone": ([found("train-labels", labels=[1])], [],
     ("train-labels!: expected images for these labels, but there are none; fetch_mnist(directory) gets MNIST's four "
     "files")),
    "labels alone and something aside": ([found("train-labels", labels=[1])], ["a: odd", "b"],
     "train-labels!: expected images for these labels, but there are none (there is only: a: odd; b)"),
    "no images": ([found("train.csv", 0, [])], [], "train.csv!: expected images, but there are none"),
    "IDX alone": ([found("train-images-idx3-ubyte", 3)], [],
     ("train-images-idx3-ubyte!: expected the labels of its images beside it, but they are missing; "
     "fetch_mnist(directory) gets MNIST's four files")),
    "IDX alone, by its end": ([found("test-images.IDX", 3)], ["a"],
     "test-images.IDX!: expected the labels of its images beside it, but they are missing (there is only: a)"),
    "fewer labels": ([found("train-images", 3), found("train-labels", labels=[1, 2])], [],
     ("train-labels!: expected a label for each of the 3 images of train-images, but there are 2; the two files do not "
     "belong together")),
    "a label of none of the classes": ([found("train.csv", 2, [1, 10])], [],
     ("train.csv!: expected labels from 0 to 9, but label 2 of 2 is 10; for other classes than 10 make a folder of "
     "pictures a class, or in Python hand arrays to fit")),
    "labels from one": ([found("train.csv", 10, range(1, 11))], [],
     ("train.csv!: expected labels from 0 to 9, but label 10 of 10 is 10; they count from 1: y - 1 counts from 0, or "
     "y % 10 if 10 stands for 0")),
    "labels below": ([found("train.csv", 1, [-1])], [],
     ("train.csv!: expected labels from 0 to 9, but label 1 of 1 is -1; for other classes than 10 make a folder of "
     "pictures a class, or in Python hand arrays to fit")),
}  # fmt: skip


@pytest.mark.parametrize("name", NO_SETS)
def test_what_is_no_data_set_is_said_in_full(name):
    files_, aside, text = NO_SETS[name]
    with pytest.raises(DataError) as error:
        mnist.from_arrays("folder", files_, mnist.Findings(aside=list(aside)))
    assert str(error.value) == text


@pytest.mark.parametrize(
    ("place", "level", "notes"),
    [
        ("train.csv", 255, (mnist.INVERTED,)), ("emnist/train.csv", 0, (mnist.TRANSPOSED,)),
        ("EMNIST-train.csv", 255, (mnist.TRANSPOSED, mnist.INVERTED)), ("mnist/train.csv", 0, ()),
    ],
)  # fmt: skip
def test_what_is_to_be_known_of_a_data_set(place, level, notes):
    data = mnist.from_arrays("folder", [found(place, 3, [1, 2, 3], level)], mnist.Findings())
    assert data.notes == notes


WANTED = "expected images and labels (IDX, CSV, npz, or a folder of pictures a class), but there is"


@pytest.mark.parametrize(
    ("places", "left", "text"),
    [
        (["a/train.csv", "b/train.csv"], 0, ("folder: expected one data set, but there are 2; give the path of a file "
         "of one of them: a/train.csv, b/train.csv")),
        ([f"{k}/train.csv" for k in range(6)], 0, ("folder: expected one data set, but there are 6; give the path of a "
         "file of one of them: 0/train.csv, 1/train.csv, 2/train.csv, 3/train.csv, 4/train.csv")),
        ([], 0, f"folder: {WANTED} nothing"), ([], 5, f"folder: {WANTED} only: 0; 1; 2; 3; 4"),
        ([], 7, f"folder: {WANTED} only: 0; 1; 2; 3; 4; and 2 more"),
    ],
)  # fmt: skip
def test_several_data_sets_or_none(places, left, text):
    every = [found(place, 2, [1, 2]) for place in places]
    with pytest.raises(DataError) as error:
        mnist.assemble("folder", mnist.Findings(every, aside=[str(k) for k in range(left)]))
    assert str(error.value) == text


def test_labels_of_another_set_do_not_count_beside_images():
    data = mnist.assemble("folder", mnist.Findings([found("a/train.csv", 2, [1, 2]), found("b/labels", labels=[1])]))
    assert tuple(map(len, data)) == (2, 2, 0, 0)
    data = mnist.assemble("folder", mnist.Findings([found("b/labels", labels=[1]), found("a/test.csv", 2)]))
    assert tuple(map(len, data)) == (0, 0, 2, 0)


@pytest.mark.parametrize(
    ("y", "text"),
    [
        (np.array([0, 3], np.uint8), None), (np.array([0.0, 3.0]), None), (np.array([-1, 3]), None),
        (np.array([0.0, 0.5]), "some are no whole numbers"), (np.array([0.0, np.nan]), "some are no whole numbers"),
        (np.array(["a"]), "they are <U1"), (np.array([True]), "they are bool"), (np.array([1j]), "they are complex128"),
    ],
)  # fmt: skip
def test_labels_are_whole_numbers(y, text):
    if text is None:
        assert mnist.whole_labels("a", y).tolist() == y.tolist()
        assert mnist.whole_labels("a", y).dtype == np.int64
        return
    with pytest.raises(DataError) as error:
        mnist.whole_labels("a", y)
    repair = "y = np.unique(y, return_inverse=True)[1] numbers them"
    assert str(error.value) == f"a: expected labels as whole numbers, but {text}; {repair}"


@pytest.mark.parametrize(
    ("place", "key", "part"),
    [
        ("train.csv", "", "train"), ("a/train.csv", "a/", "train"), ("mnist_train.csv", "mnist", "train"),
        ("Training/7/x", "", "train"), ("x_test.npy", "", "test"), ("t10k-images", "", "test"),
        ("emnist-letters-test-images", "emnist-letters", "test"), ("val/3/x", "", "validation"),
        ("dev.csv", "", "validation"),
        ("validation-labels", "", "validation"), ("a.csv", "", ""), ("a/b.csv", "a/", ""), ("contest.csv", "", ""),
        ("xtrain.npy", "", "train"), ("latest/a", "latest/", ""), ("images_train", "", "train"),
        ("test50k", "", "test"),
    ],
)  # fmt: skip
def test_the_data_set_and_the_part_of_a_file(place, key, part):
    assert mnist.part_of(place) == (key, part)


@pytest.mark.parametrize(
    ("folders", "classes"),
    [
        (["3", "7"], {"3": "3", "7": "7"}), (["zero", "NINE"], {"zero": "0", "NINE": "9"}),
        (["3/a", "7/a"], {"3/a": "3", "7/a": "7"}), (["three/a", "7/b"], {"three/a": "3", "7/b": "7"}),
        (["train/3", "train/7"], {"train/3": "3", "train/7": "7"}), (["cat", "7"], {"cat": "cat", "7": "7"}),
        (["a/3", "b/3"], {"a/3": "3", "b/3": "3"}), (["a/x", "a/y"], {"a/x": "x", "a/y": "y"}),
        (["a/x", "b/y"], {"a/x": "x", "b/y": "y"}), (["3", "7/a"], {"3": "3", "7/a": "a"}),
        (["train/cat/ann", "train/dog/bob"], {"train/cat/ann": "ann", "train/dog/bob": "bob"}),
        (["a/x", "b/x"], None), (["a/x", "a/y", "b/x"], None),
    ],
)  # fmt: skip
def test_the_class_of_each_folder(folders, classes):
    if classes:
        assert mnist.classes_of("name", folders) == classes
        return
    with pytest.raises(DataError) as error:
        mnist.classes_of("name", folders)
    text = "expected one folder of pictures a class, but folders stand in folders"
    where = f"such as {folders[0]}: which are the classes? Put each class into one folder"
    assert str(error.value) == f"name: {text}, {where}"
