"""MNIST in the forms people have it: what is right is read, what is not is refused with the reason."""

import csv
import gzip
import hashlib
import http.server
import os
import struct
import sys
import threading
import time
import tracemalloc
import zipfile
from contextlib import contextmanager
from functools import partial

import numpy as np
import pytest
from PIL import Image

import nnlit
from nnlit import files, mnist
from nnlit.files import DataError, read_npz
from nnlit.mnist import (
    PIXELS,
    SAMPLE,
    Mnist,
    fetch_mnist,
    load_mnist,
    read_idx,
    read_kaggle_csv,
    read_png,
)

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
        (b"\0\0\x0d\x01\0\0\0\x01\0\0\0\0", "its first bytes are 00 00 0d 01"),
        (b"\0\0\x08\x03\0\0", "its first bytes are 00 00 08 03"),
        (b"PNG and more", "its first bytes are 50 4e 47 20"),
        (idx(np.zeros((2, 28, 28)))[:-1], r"expected 1,568 bytes of data for shape \(2, 28, 28\), but it has 1,567"),
        (idx(np.zeros(3)) + b"x", "expected 3 bytes .* but there are more"),
        (struct.pack(">BBBB3I", 0, 0, 8, 3, 2**32 - 1, 2**32 - 1, 2**32 - 1), "expected at most 2,147,483,648 bytes"),
        (gzip.compress(idx(np.arange(200) % 10))[:-9], "expected a whole gzip file, but: .*fetch it again"),
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
def test_bad_idx(tmp_path, raw, message):
    path = tmp_path / "train-images-idx3-ubyte"
    path.write_bytes(raw)
    with pytest.raises(DataError, match=message) as error:
        read_idx(path)
    assert str(error.value).startswith(str(path))
    assert "\n" not in str(error.value)


def test_missing_files(tmp_path):
    for read in (read_idx, read_kaggle_csv, read_npz, read_png):
        with pytest.raises(DataError, match="there is no such file; check the name"):
            read(tmp_path / "nothing")
        with pytest.raises(DataError, match="expected a file, but it is a directory"):
            read(tmp_path)


def test_bad_directories(tmp_path, digits):
    with pytest.raises(DataError, match=r"expected a directory .* but there is none"):
        load_mnist(tmp_path / "nothing")
    with pytest.raises(
        DataError, match=r"train-images-idx3-ubyte, .* or Kaggle's train.csv, but none of them is there"
    ):
        load_mnist(tmp_path)
    write_mnist(tmp_path, *digits)
    with pytest.raises(DataError, match=r"expected a directory .* but it is a file"):
        load_mnist(tmp_path / "t10k-labels-idx1-ubyte.gz")
    (tmp_path / "t10k-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(DataError, match="four files, but t10k-labels-idx1-ubyte is missing; fetch_mnist"):
        load_mnist(tmp_path)


@pytest.mark.parametrize(
    ("name", "array", "message"),
    [
        ("train-labels-idx1-ubyte", np.zeros(11), r"each of the 12 images of train-images-idx3-ubyte.gz, .* \(11,\)"),
        ("train-labels-idx1-ubyte", np.full(12, 10), "expected labels from 0 to 9, but label 1 of 12 is 10"),
        ("t10k-images-idx3-ubyte", np.zeros((12, 27, 28)), r"expected images of 28x28 pixels.* \(12, 27, 28\)"),
        ("t10k-images-idx3-ubyte", np.zeros(12), r"expected images of 28x28 pixels.* \(12,\)"),
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


@pytest.mark.parametrize(
    ("value", "came"),
    [
        ("256", "'256'"),
        ("-1", "'-1'"),
        ("65537", "'65537'"),
        ("99999999999999999999", "'99999999999999999999'"),
        ("1.5", "'1.5'"),
        ("ink", "'ink'"),
        ("True", "'True'"),
        ("nan", "'nan'"),
        ("inf", "'inf'"),
        ("", "empty"),
    ],
)
@pytest.mark.parametrize("labelled", [True, False])
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
        (("label", *PIXELS[5:]), "but pixel0, pixel1, pixel2 and 2 more are missing"),
        (("label", *PIXELS, "pixel784"), "but pixel784 is extra"),
        (("label", "id", *PIXELS, "x"), "but id, x are extra"),
        (("label", *PIXELS, "pixel0"), "but pixel0 is there twice"),
        ((*PIXELS, "label"), "but they are in another order"),
        (("label", *PIXELS[::-1]), "but they are in another order"),
        (tuple("5" * 785), "the first line begins with '5,5,5'; add the header"),
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
    with pytest.raises(DataError, match=r"expected a column label, but it has none; is it test\.csv\?"):
        load_mnist(tmp_path)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "expected a CSV file with a header, but its first line is empty"),
        (b"\n\n", "but its first line is empty"),
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


# PNG


def save_png(path, pixels, mode="L"):
    Image.fromarray(pixels).convert(mode).save(path)
    return path


def test_png(tmp_path):
    image = load_mnist().X_test[0]
    assert read_png(save_png(tmp_path / "7.png", image.reshape(28, 28))).tolist() == image.tolist()
    assert read_png(save_png(tmp_path / "7.png", image.reshape(28, 28), "RGB")).tolist() == image.tolist()


def test_bad_png(tmp_path):
    image = load_mnist().X_test[0].reshape(28, 28)
    with pytest.raises(DataError, match="expected 28x28 pixels, but it has 20x28"):
        read_png(save_png(tmp_path / "a.png", image[:, :20]))
    with pytest.raises(DataError, match="but the border is light; invert the image"):
        read_png(save_png(tmp_path / "a.png", 255 - image))
    with pytest.raises(DataError, match="expected an image without transparency"):
        read_png(save_png(tmp_path / "a.png", image, "RGBA"))
    (tmp_path / "a.png").write_bytes(b"no image")
    with pytest.raises(DataError, match=r"expected an image \(PNG, .*, but: "):
        read_png(tmp_path / "a.png")
    (tmp_path / "a.png").write_bytes(save_png(tmp_path / "b.png", image).read_bytes()[:100])
    with pytest.raises(DataError, match=r"expected an image \(PNG, .*, but: "):
        read_png(tmp_path / "a.png")


# Limits


@pytest.fixture
def small(monkeypatch):
    """The same limits, a thousand times smaller."""
    monkeypatch.setattr(files, "LIMIT", 1 << 21)
    monkeypatch.setattr(files, "ROOM", 1 << 16)
    monkeypatch.setattr(files, "WAIT", 0.2)


@contextmanager
def spending(seconds, size):
    """Fail if what is done here takes longer, or more memory than so many bytes."""
    tracemalloc.start()
    start = time.perf_counter()
    try:
        yield
    finally:
        spent, most = time.perf_counter() - start, tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert (spent < seconds, most < size) == (True, True), f"{spent:.1f} s, {most:,} bytes"


@pytest.mark.usefixtures("small")
def test_idx_that_grows_is_read_no_further_than_its_header_says(tmp_path):
    path = tmp_path / "train-labels-idx1-ubyte.gz"
    path.write_bytes(gzip.compress(idx([5, 0, 4]) + bytes(1 << 21)))
    with spending(5, 4 << 20), pytest.raises(DataError, match=r"ubyte.gz: expected .* but there are more"):
        read_idx(path)


@pytest.mark.usefixtures("small")
def test_csv_that_grows_is_read_no_further(tmp_path, digits):
    path = write_csv(tmp_path / "train.csv", rows_of(*digits) * 60)
    assert path.stat().st_size > 1 << 20
    row = ",".join("0" * 785).encode() + b"\n"
    bomb = ",".join(("label", *PIXELS)).encode() + b"\n" + row * 1300
    (tmp_path / "bomb.csv.gz").write_bytes(gzip.compress(bomb))
    with zipfile.ZipFile(tmp_path / "bomb.csv.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("train.csv", bomb)
    for name in ("bomb.csv.gz", "bomb.csv.zip"):
        with pytest.raises(DataError, match=rf"{name}: expected at most [0-9,]+ bytes \(unpacked, if packed\)"):
            read_kaggle_csv(tmp_path / name)


@pytest.mark.parametrize("begin", ["", "label," + ",".join(PIXELS) + "\n", "label," + ",".join(PIXELS) + "\n5"])
@pytest.mark.parametrize("unit", [b"0,", b"x", b'"', b"\xff", b"\0"])
def test_one_giant_row(tmp_path, begin, unit):
    """It took over a minute before; the first megabytes are enough to see that it is no image."""
    path = tmp_path / "train.csv"
    path.write_bytes(begin.encode() + unit * (100_000_000 // len(unit)))
    with spending(5, 30 << 20), pytest.raises(DataError, match=r"train.csv: expected at most 65,536 bytes in a line"):
        read_kaggle_csv(path)


def test_a_large_csv_is_read_in_blocks(tmp_path, digits, monkeypatch):
    """Also where a block ends inside a line, and where the last line has no end."""
    X, y = digits
    path = write_csv(tmp_path / "train.csv", rows_of(X, y) * 5)
    path.write_bytes(path.read_bytes().rstrip())
    for size in (1 << 22, 20_000, 10_000):
        monkeypatch.setattr(mnist, "BLOCK", size)
        X_read, y_read = read_kaggle_csv(path)
        np.testing.assert_array_equal(X_read, np.tile(X, (5, 1)))
        np.testing.assert_array_equal(y_read, np.tile(y, 5))
    text = path.read_bytes().split(b"\n")
    text[41] = b"7" + b",3" * 783
    path.write_bytes(b"\n".join(text))
    with pytest.raises(DataError, match="line 42: expected 785 values, but there are 784"):
        read_kaggle_csv(path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
@pytest.mark.parametrize("read", [read_idx, read_kaggle_csv, read_png])
def test_pipes_are_read_once(tmp_path, digits, read):
    X, y = digits
    image = Image.fromarray(load_mnist().X_test[0].reshape(28, 28))
    made = {read_idx: "a.idx", read_kaggle_csv: "a.csv", read_png: "a.png"}
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
@pytest.mark.parametrize("read", [read_idx, read_kaggle_csv, read_png])
def test_what_never_ends_is_refused(tmp_path, read):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "endless").symlink_to("/dev/zero")
    for name, text in (("pipe", "none came for 0.2 s"), ("endless", "it is a device or a socket")):
        with pytest.raises(DataError, match=f"{name}: expected .*{text}"):
            read(tmp_path / name)


# Pictures by content

POSTSCRIPT = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 28 28\n%%EndComments\n{} loop\n"
OTHERS = {  # what Pillow would open as well, one with a program of its own, or what is no image
    "EPS": POSTSCRIPT, "PPM": b"P5 28 28 255\n" + bytes(784), "XBM": b"#define a_width 28\n#define a_height 28\n",
    "SVG": b"<svg xmlns='http://www.w3.org/2000/svg'/>", "PDF": b"%PDF-1.4\n", "WMF": b"\xd7\xcd\xc6\x9a" + bytes(40),
    "text": b"label,pixel0\n", "none": b"",
}  # fmt: skip


@pytest.mark.parametrize("kind", OTHERS)
def test_a_picture_is_what_its_content_is(tmp_path, monkeypatch, kind):
    monkeypatch.setattr("subprocess.Popen", lambda *_, **__: pytest.fail("no program may be started"))
    (tmp_path / "digit.png").write_bytes(OTHERS[kind])
    with spending(5, 30 << 20), pytest.raises(DataError, match=r"digit.png: expected an image \(PNG, JPEG, .*but: "):
        read_png(tmp_path / "digit.png")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "TIFF", "GIF", "WEBP"])
def test_every_format_that_is_named_is_read_under_any_name(tmp_path, kind):
    pixels = load_mnist().X_test[0]
    Image.fromarray(pixels.reshape(28, 28)).save(
        tmp_path / "digit.dat", kind, **({"lossless": True} if kind == "WEBP" else {})
    )
    read = read_png(tmp_path / "digit.dat")
    assert np.abs(read.astype(int) - pixels).max() <= (40 if kind == "JPEG" else 0)


@pytest.mark.parametrize(("side", "mode"), [(11_000, "L"), (5_000, "RGBA"), (20_000, "1")])
def test_a_large_picture_is_refused_before_it_is_decoded(tmp_path, monkeypatch, side, mode):
    Image.new(mode, (side, side)).save(tmp_path / "large.png")
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda *_: pytest.fail("nothing may be decoded"))
    with spending(5, 30 << 20), pytest.raises(DataError, match=r"large.png: expected (an image|28x28 pixels)"):
        read_png(tmp_path / "large.png")


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
    threading.Thread(target=server.serve_forever, daemon=True).start()
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
