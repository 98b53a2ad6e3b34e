"""Files are written whole or not at all, and read within limits."""

import errno
import gzip
import io
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import zipfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from nnlit import files, load, load_mnist
from nnlit.files import DataError, check_destination, opened, read_npz, unpacked, write_atomically, write_npz

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes, rights and limits")


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


# Writing


def test_npz_round_trip(tmp_path, rng):
    arrays = {"W": rng.normal(size=(3, 2)).astype(np.float32), "name": np.array("dense"), "n": np.array(3)}
    write_npz(tmp_path / "model", arrays)
    assert names(tmp_path) == ["model"]
    back = read_npz(tmp_path / "model")
    assert back.keys() == arrays.keys()
    for name, array in arrays.items():
        assert back[name].dtype == array.dtype
        np.testing.assert_array_equal(back[name], array)


def test_npz_refuses_objects(tmp_path):
    with pytest.raises(TypeError, match="expected numbers or text, but layer holds Python objects"):
        write_npz(tmp_path / "a.npz", {"layer": np.array([object()])})
    assert names(tmp_path) == []
    np.savez(tmp_path / "evil.npz", layer=np.array([{"a": 1}], dtype=object))
    with pytest.raises(DataError, match=r"expected an .npz file of plain arrays, but"):
        read_npz(tmp_path / "evil.npz")


def test_damaged_npz(tmp_path):
    path = tmp_path / "a.npz"
    write_npz(path, {"W": np.arange(1000.0)})
    raw = path.read_bytes()
    flipped = raw[:4000] + bytes([raw[4000] ^ 1]) + raw[4001:]
    np.save(tmp_path / "single.npy", np.arange(3))
    for damaged in (b"", b"text", raw[:5000], raw[:-30], flipped, (tmp_path / "single.npy").read_bytes()):
        path.write_bytes(damaged)
        with pytest.raises(DataError, match=r"expected an .npz file of plain arrays, but"):
            read_npz(path)


def fail(file, kind):
    file.write(b"half of the ne")
    raise kind


def test_failure_keeps_the_old_file(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    for kind in (RuntimeError, KeyboardInterrupt):
        with pytest.raises(kind), write_atomically(path) as file:
            fail(file, kind)
        assert path.read_bytes() == b"old"
        assert names(tmp_path) == ["a.txt"]


def test_bad_destinations(tmp_path):
    with pytest.raises(DataError, match="does not exist; create it first"), write_atomically(tmp_path / "no" / "a"):
        pytest.fail("must not come here")
    with pytest.raises(DataError, match="expected the name of a file, but it is a directory"):
        check_destination(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights and its links need a privilege")
def test_rights_links_and_devices(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    path.chmod(0o640)
    (tmp_path / "link").symlink_to("a.txt")
    with write_atomically(tmp_path / "link") as file:
        file.write(b"new")
    assert (tmp_path / "link").is_symlink()
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640
    with pytest.raises(DataError, match="not a regular file"), write_atomically("/dev/null"):
        pytest.fail("must not come here")
    assert Path("/dev/null").is_char_device()


HALF = ".model.npz.0123abcd.part"


def test_halves_that_killed_runs_have_left_are_removed(tmp_path):
    others = [".model.npz.0123abc.part", ".other.npz.0123abcd.part", "model.npz.0123abcd.part", ".model.npz.part"]
    for name in (HALF, *others):
        (tmp_path / name).write_bytes(b"half")
    write_npz(tmp_path / "model.npz", {"W": np.eye(2)})
    assert names(tmp_path) == sorted(["model.npz", *others])


@posix
def test_what_another_process_is_writing_is_left_alone(tmp_path):
    with (tmp_path / HALF).open("xb") as file:
        assert files.lock(file)
        write_npz(tmp_path / "model.npz", {"W": np.eye(2)})
        assert names(tmp_path) == [HALF, "model.npz"]
    write_npz(tmp_path / "model.npz", {"W": np.eye(2)})
    assert names(tmp_path) == ["model.npz"]


WRITER = """
import sys
from nnlit.files import write_atomically
with write_atomically(sys.argv[1]) as file:
    file.write(b"half")
    print("now", flush=True)
    sys.stdin.read()
"""


@posix
def test_a_killed_writer_leaves_nothing_for_ever(tmp_path):
    path = tmp_path / "model.npz"
    words = [sys.executable, "-c", WRITER, str(path)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"now\n"
        process.send_signal(signal.SIGKILL)
    assert len(names(tmp_path)) == 1
    write_npz(path, {"W": np.eye(2)})
    assert names(tmp_path) == ["model.npz"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EIO])
def test_a_full_disk_is_named_with_the_file(tmp_path, monkeypatch, number):
    def full(_):
        raise OSError(number, os.strerror(number))

    path = tmp_path / "model.npz"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DataError) as error:
        write_npz(path, {"W": np.eye(2)})
    assert str(error.value).startswith(f"{path}: could not be written ({os.strerror(number)})")
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["model.npz"]


FULL = """
import resource, sys
import numpy as np
from nnlit.files import DataError, write_npz
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write_npz(sys.argv[1], {"W": np.zeros(100_000)})
except DataError as error:
    print(error)
"""


@posix
def test_a_real_limit_of_the_system_is_named_with_the_file(tmp_path):
    words = [sys.executable, "-c", FULL, str(tmp_path / "m.npz")]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert done.stdout.startswith(f"{tmp_path / 'm.npz'}: could not be written (File too large)")
    assert (done.stderr, names(tmp_path)) == ("", [])


# Reading within limits


@pytest.fixture
def small(monkeypatch):
    """The same limits, a thousand times smaller, so that tests need no gigabytes."""
    monkeypatch.setattr(files, "LIMIT", 1 << 21)
    monkeypatch.setattr(files, "ROOM", 1 << 16)


def npz(path, **members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in members.items():
            archive.writestr(name, raw)
    return path


def npy(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("name", ["W.npy", "notes.txt", "__MACOSX/._W.npy"])
def test_an_archive_that_grows_is_refused_before_it_is_unpacked(tmp_path, monkeypatch, name):
    """Also through members that nothing asks for."""
    path = npz(tmp_path / "bomb.npz", **{"layout.npy": npy(np.eye(2)), name: bytes(1 << 20)})
    assert path.stat().st_size < 3000
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("nothing may be unpacked"))
    with pytest.raises(DataError, match=r"bomb.npz: expected at most [0-9,]+ bytes \(unpacked, if packed\)"):
        read_npz(path)


def lying(path, size):
    """An archive whose directory says that its member has so many bytes."""
    npz(path, **{"W.npy": bytes(1 << 20)})
    raw = path.read_bytes()
    path.write_bytes(raw.replace((1 << 20).to_bytes(4, "little"), size.to_bytes(4, "little")))
    return path


@pytest.mark.usefixtures("small")
def test_an_archive_that_lies_about_its_size_is_read_no_further(tmp_path):
    import tracemalloc

    path = lying(tmp_path / "liar.npz", 200)
    tracemalloc.start()
    with pytest.raises(DataError, match=r"liar.npz: expected an .npz file of plain arrays, but: "):
        read_npz(path)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 1 << 19


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packers_that_numpy_does_not_use_are_refused(tmp_path, method):
    with zipfile.ZipFile(tmp_path / "a.npz", "w", method) as archive:
        archive.writestr("W.npy", npy(np.eye(2)))
    with pytest.raises(DataError, match=r"a.npz: expected members that are stored or deflated"):
        read_npz(tmp_path / "a.npz")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_too_many_members_and_two_of_one_name_are_refused(tmp_path, monkeypatch):
    with zipfile.ZipFile(tmp_path / "twice.npz", "w") as archive:
        archive.writestr("W.npy", npy(np.eye(2)))
        archive.writestr("W.npy", npy(np.eye(3)))
    monkeypatch.setattr(files, "MEMBERS", 3)
    npz(tmp_path / "many.npz", **{f"{k}.npy": npy(np.eye(1)) for k in range(4)})
    for name in ("twice", "many"):
        with pytest.raises(DataError, match=rf"{name}.npz: expected at most 3 members of different names"):
            read_npz(tmp_path / f"{name}.npz")


def header(text):
    return b"\x93NUMPY\1\0" + len(text).to_bytes(2, "little") + text.encode()


@pytest.mark.parametrize(
    "raw",
    [
        header("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,)}\n"),
        header("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2)}\n") + bytes(31),
        header("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2)}\n") + bytes(33),
        header("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}\n") + bytes(8),
        header("{'descr': '<f8', 'fortran_order': False, 'shape': (" + "1," * 65 + ")}\n") + bytes(8),
        header("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}\n") + bytes(8),
        header("[" * 500),
        b"\x93NUMPY\7\0",
        b"",
    ],
)
def test_an_array_must_be_as_long_as_its_shape_says(tmp_path, raw):
    with pytest.raises(DataError, match=r"a.npz: expected an .npz file of plain arrays, but: "):
        read_npz(npz(tmp_path / "a.npz", **{"W.npy": raw}))


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((0, 3)),
        np.array(3),
        np.array("text"),
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        np.ones(2, ">i4"),
    ],
)
def test_odd_arrays_come_back_as_they_were(tmp_path, array):
    write_npz(tmp_path / "a.npz", {"a": array})
    back = read_npz(tmp_path / "a.npz")["a"]
    assert (back.dtype, back.shape, back.flags.writeable) == (array.dtype, array.shape, True)
    np.testing.assert_array_equal(back, array)


def test_damage_that_the_system_complains_about_has_the_files_name(tmp_path):
    """A directory that points before the beginning of the archive: seeking there is an error of the system."""
    path = npz(tmp_path / "a.npz", **{"W.npy": npy(np.eye(2))})
    raw = bytearray(path.read_bytes())
    at = raw.rindex(b"PK\5\6")
    raw[at + 16 : at + 20] = (0xFFFFFF).to_bytes(4, "little")
    for damaged in (raw, raw[:60] + raw[at:], raw[at:]):
        path.write_bytes(damaged)
        with pytest.raises(DataError, match=r"a.npz: expected an .npz file"):
            read_npz(path)


@pytest.mark.usefixtures("small")
def test_gzip_that_grows_is_read_no_further(tmp_path):
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(bytes(1 << 21)))
    read = 0
    with opened(path) as source, pytest.raises(DataError, match=r"bomb.gz: expected at most [0-9,]+ bytes"):  # noqa: PT012
        for piece in unpacked(source).pieces(1 << 14):
            read += len(piece)
    assert read <= files.allowed(path.stat().st_size) < 1 << 18


@pytest.mark.usefixtures("small")
def test_a_file_that_is_too_large_is_not_read(tmp_path):
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(1 << 40)  # takes no room on most disks
    with pytest.raises(DataError, match=r"large: expected at most 2,097,152 bytes"):
        read_npz(path)


@posix
def test_a_pipe_into_which_nobody_writes_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "WAIT", 0.2)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(DataError, match=r"pipe: expected data through a pipe, but none came for 0.2 s"):
        read_npz(tmp_path / "pipe")


@posix
@pytest.mark.usefixtures("small")
def test_an_endless_pipe_is_read_to_the_limit(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)

    def write():
        with suppress(BrokenPipeError), path.open("wb") as pipe:
            while True:
                pipe.write(bytes(1 << 16))

    writer = threading.Thread(target=write)
    writer.start()
    with pytest.raises(DataError, match=r"pipe: expected at most 2,097,152 bytes"):
        read_npz(path)
    writer.join(60)
    assert not writer.is_alive()


@posix
def test_what_comes_through_a_pipe_is_read_once_and_whole(tmp_path):
    path = tmp_path / "pipe"
    write_npz(tmp_path / "a.npz", {"W": np.arange(100_000.0)})
    os.mkfifo(path)
    writer = threading.Thread(target=lambda: path.write_bytes((tmp_path / "a.npz").read_bytes()))
    writer.start()
    assert read_npz(path)["W"][-1] == 99_999
    writer.join()


@posix
def test_devices_sockets_and_loops_are_refused(tmp_path, monkeypatch):
    (tmp_path / "endless").symlink_to("/dev/zero")
    (tmp_path / "loop").symlink_to("loop")
    with socket.socket(socket.AF_UNIX) as listening:
        monkeypatch.chdir(tmp_path)  # a socket's path must be short
        listening.bind("socket")
        for name in ("endless", "socket"):
            with pytest.raises(DataError, match=f"{name}: expected a file, but it is a device or a socket"):
                read_npz(tmp_path / name)
    with pytest.raises(DataError, match="loop: "):
        read_npz(tmp_path / "loop")


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="everything may be read by root")
def test_a_file_that_may_not_be_read_is_named(tmp_path):
    (tmp_path / "a.npz").write_bytes(b"")
    (tmp_path / "a.npz").chmod(0)
    with pytest.raises(DataError, match=r"a.npz: expected a file that can be read, but: Permission denied$"):
        read_npz(tmp_path / "a.npz")


def test_pickled_objects_are_no_damage(tmp_path):
    np.save(tmp_path / "a.npy", np.array([{}], dtype=object))
    np.savez(tmp_path / "a.npz", a=np.array([{}], dtype=object))
    for read, name in ((load_mnist, "a.npy"), (read_npz, "a.npz")):
        with pytest.raises(DataError, match="never opened: they could run any code; in an environment") as raised:
            read(tmp_path / name)
        assert "damaged" not in str(raised.value)


@pytest.mark.parametrize(
    ("packed", "most"),
    [
        (0, 1 << 26),
        (1 << 20, 1 << 26),
        (1_342_177, 1 << 26),
        (1_342_178, 67_108_900),
        (1 << 24, 50 << 24),
        (1 << 26, 1 << 31),
    ],
)
def test_how_much_may_be_unpacked(packed, most):
    assert files.allowed(packed) == most


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (["a"], "a is"),
        (["a", "b"], "a, b are"),
        (["a", "b", "c"], "a, b, c are"),
        (list("abcd"), "a, b, c and 1 more are"),
        (list("abcdefg"), "a, b, c and 4 more are"),
    ],
)
def test_the_first_three_of_some_names(names, text):
    assert files.some(names) == text


def test_files_are_looked_for_four_folders_deep(tmp_path):
    folder = tmp_path
    (folder / "0").write_bytes(b"")
    for depth in range(1, 7):
        folder = folder / "below"
        folder.mkdir()
        (folder / str(depth)).write_bytes(b"")
        (folder / f".hidden{depth}").write_bytes(b"")
    (tmp_path / "__MACOSX").mkdir()
    (tmp_path / "__MACOSX" / "x").write_bytes(b"")
    names = [entry.name.rpartition("/")[2] for entry in files.folder_entries(tmp_path)]
    assert names == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize(("count", "fits"), [(3, True), (4, False)])
def test_a_folder_of_too_many_files_is_named(tmp_path, monkeypatch, count, fits):
    monkeypatch.setattr(files, "ENTRIES", 3)
    for k in range(count):
        (tmp_path / str(k)).write_bytes(b"")
    if fits:
        assert len(files.folder_entries(tmp_path)) == 3
    else:
        with pytest.raises(DataError, match=r"expected at most 3 files, but there are more; name a folder in it"):
            files.folder_entries(tmp_path)


def test_where_an_open_file_takes_no_other_name_it_is_closed_first(tmp_path, monkeypatch):
    """As on Windows."""
    monkeypatch.setattr("sys.platform", "win32")
    closed = []
    real = Path.replace
    monkeypatch.setattr(Path, "replace", lambda path, goal: (closed.append(file.closed), real(path, goal))[1])
    with write_atomically(tmp_path / "a") as file:
        file.write(b"content")
    assert closed == [True]
    assert (tmp_path / "a").read_bytes() == b"content"


def test_a_part_that_another_process_took_away_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "lock", lambda file: Path(file.name).unlink())
    match = r"could not be written \(.*part was taken away by another process\)"
    with pytest.raises(DataError, match=match), write_atomically(tmp_path / "a"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_to_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(DataError, match=r"a: the directory .* cannot be written to; give another place"):
        check_destination(tmp_path / "a")


def _safetensors(path):
    save_safetensors = pytest.importorskip("safetensors.numpy").save_file
    save_safetensors({"W": np.ones((2, 2))}, path)


def _zipped(*names):
    def write(path):
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                archive.writestr(name, b"x")

    return write


SOMETHING_ELSE = {  # what people hand over in the place of a saved network, and what they are told
    "a pickle": (b"\x80\x04\x95", "a pickle, which is never opened.*; in an environment.*nnlit.from_sklearn"),
    "PyTorch's": (_zipped("model/data.pkl", "model/version"), "a file of PyTorch.*; load it with PyTorch.*from_torch"),
    "Keras'": (_zipped("config.json", "model.weights.h5"), r"a model of Keras; make nnlit.Dense\(W, b\)"),
    "HDF5": (b"\x89HDF\r\n\x1a\n", r"an HDF5 file.*; make nnlit.Dense\(W, b\) of what get_weights\(\) gives"),
    "safetensors": (_safetensors, "a safetensors file; nnlit.load_safetensors reads it"),
    "ONNX": (b"\x08\x07\x12\x07pytorch\0", "of no kind that is known here: it begins with 08 07 12 07; nnlit.save"),
    "a table": (b"label,pixel0\n1,2\n", "text; nnlit.save and `nnlit train --out` write what is read here"),
    "a picture": (b"\x89PNG\r\n", "a picture; nnlit.save"),
    "one array": (b"\x93NUMPY", "a single array; nnlit.save"),
    "images": (b"\0\0\x08\x03", "an IDX file; nnlit.save"),
    "an archive": (_zipped("train.csv"), "an archive of other files; nnlit.save"),
    "JSON": (b'{"layers": []}', "JSON; nnlit.save"),
    "a web page": (b"<!doctype html>", "a web page; the address led to a page; download the file itself"),
    "a pointer": (
        b"version https://git-lfs.github.com/spec/v1",
        "a pointer of Git LFS.*; fetch it with `git lfs pull`",
    ),
    "nothing": (b"", "empty; nnlit.save"),
}


@pytest.mark.parametrize("name", SOMETHING_ELSE)
def test_what_is_plainly_no_saved_network_is_named_for_what_it_is(tmp_path, name):
    write, text = SOMETHING_ELSE[name]
    path = tmp_path / "model.npz"
    write(path) if callable(write) else path.write_bytes(write)
    expected = f"^{re.escape(str(path))}: expected an .npz file of plain arrays, but it is "
    with pytest.raises(DataError, match=f"{expected}{text}"):
        load(path)


def test_a_damaged_archive_is_still_called_damaged(tmp_path):
    path = tmp_path / "model.npz"
    write_npz(path, {"a": np.ones(3)})
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(DataError, match="it is damaged: fetch it again"):
        load(path)


ABSENT = {  # of files that are not there, and what is said
    "https://example.com/train.csv": "it is an address; fetch what is there, and give the name of the file",
    "s3://bucket/train.csv": "it is an address; fetch what is there, and give the name of the file",
    "~/nothing.csv": "only a shell reads ~ as your home; write HOME",
    "~nobody-of-that-name/a.csv": "only a shell reads ~ as your home; write the folder in full",
    "trian.csv": "is it train.csv?",
    "train": "is it train.csv?",
    "Train.csv.gz": "is it train.csv?",
    "frog.png": "check the name",
    "trees.csv": "check the name",
    " train.csv\n": "write train.csv, without what stands around it",
    "'train.csv'": "write train.csv, without what stands around it",
    '"train.csv"': "write train.csv, without what stands around it",
    "data/train.csv": "there is no directory data either; check the name",
    "train.csv/x": "there is no directory train.csv either; check the name",
    "below/tset.csv": f"is it {Path('below', 'test.csv')}?",
}


@pytest.mark.parametrize("name", ABSENT)
def test_a_file_that_is_not_there_says_what_was_meant(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    Path("train.csv").touch()
    Path("below").mkdir()
    Path("below", "test.csv").touch()
    for home in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(home, str(tmp_path))
    with pytest.raises(DataError) as error, opened(name):
        pass
    said = ABSENT[name].replace("HOME", str(tmp_path / "nothing.csv"))
    assert str(error.value) == f"{name}: there is no such file; {said}"


def test_so_many_names_of_a_directory_are_compared(tmp_path, monkeypatch):
    (tmp_path / "train.csv").touch()
    monkeypatch.setattr("os.scandir", lambda _: iter([Path(f"{k:08}") for k in range(1999)] + [Path("train.csv")] * 2))
    assert files.meant_by(str(tmp_path / "trian.csv")) == f"is it {tmp_path / 'train.csv'}?"
    monkeypatch.setattr("os.scandir", lambda _: iter([Path(f"{k:08}") for k in range(2000)] + [Path("train.csv")]))
    assert files.meant_by(str(tmp_path / "trian.csv")) == "check the name"


def test_a_directory_that_may_not_be_listed_is_not_asked(tmp_path, monkeypatch):
    def refused(_):
        raise PermissionError

    monkeypatch.setattr("os.scandir", refused)
    assert files.meant_by(str(tmp_path / "trian.csv")) == "check the name"


def test_an_archive_with_a_password_is_named_for_it(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("train.csv", "1,2")
    raw = bytearray((tmp_path / "a.zip").read_bytes())
    for at in (6, raw.index(b"PK\1\2") + 8):  # where the flags stand
        raw[at] |= 1
    (tmp_path / "a.zip").write_bytes(raw)
    with pytest.raises(DataError, match=r"a.zip: expected an archive without a password, but it has one; unpack it"):
        load_mnist(tmp_path / "a.zip")


LIBSVM = "it is in LIBSVM's format; sklearn.datasets.load_svmlight_file reads it; np.savez(...) its "


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"5 153:3 154:18\n", LIBSVM),
        (b"-1.5 1:0.5 3:1\n", LIBSVM),
        (bytes(8), "begins with 00 00 00 00, which is of no kind that is known here; in Python np.savez"),
        (b"", "expected images, but it is empty; fetch it again"),
    ],
)
def test_files_of_other_programs_say_the_way_over(tmp_path, raw, text):
    (tmp_path / "a").write_bytes(raw)
    with pytest.raises(DataError) as error:
        load_mnist(tmp_path / "a")
    assert text in str(error.value)
    assert not raw or str(error.value).endswith("np.savez(...) its arrays, images as (m, 28, 28)")


def test_without_locks_files_are_written_all_the_same(tmp_path, monkeypatch):
    """As on Windows."""
    monkeypatch.setitem(sys.modules, "fcntl", None)
    (tmp_path / ".a.npz.0123abcd.part").touch()
    write_npz(tmp_path / "a.npz", {"W": np.eye(2)})
    assert [path.name for path in tmp_path.iterdir()] == ["a.npz"]
    assert files.lock(io.BytesIO()) is True


def test_the_files_of_a_folder_come_in_the_order_of_their_names(tmp_path):
    names = [f"{'ab'[k % 2]}/{k * 37 % 101:03}.csv" for k in range(60)]
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert [entry.name for entry in files.folder_entries(tmp_path)] == sorted(names)


def test_arrays_keep_the_order_in_which_they_lie(tmp_path):
    rows = np.arange(6.0).reshape(2, 3)
    write_npz(tmp_path / "a.npz", {"rows": rows, "columns": np.asfortranarray(rows)})
    found = read_npz(tmp_path / "a.npz")
    assert found["rows"].flags["C_CONTIGUOUS"]
    assert found["columns"].flags["F_CONTIGUOUS"]
    assert np.array_equal(found["rows"], found["columns"])
    found["columns"][0, 0] = 7  # it is a copy, and may be changed


def test_an_empty_description_is_no_network(tmp_path):
    write_npz(tmp_path / "a.npz", {"layout": np.zeros(0, np.uint8)})
    with pytest.raises(DataError, match=r"it cannot be read \(Expecting value"):
        load(tmp_path / "a.npz")


def test_what_only_looks_like_a_half_is_left_alone(tmp_path):
    (tmp_path / "other").write_text("kept")
    (tmp_path / ".a.npz.0123abcd.part").symlink_to(tmp_path / "other")
    (tmp_path / ".a.npz.1123abcd.part").mkdir()
    for name in (".a.npz.2123abcd.part", ".a.npz.fffffff0.part"):
        (tmp_path / name).touch()
    for name in (".a.npz.2123abc.part", ".a.npz.2123abcde.part", ".b.npz.2123abcd.part", ".a.npz.2123ABCD.part"):
        (tmp_path / name).touch()
    files.remove_stale(tmp_path / "a.npz")
    gone = {".a.npz.2123abcd.part", ".a.npz.fffffff0.part"}
    assert not gone & {path.name for path in tmp_path.iterdir()}
    assert len(list(tmp_path.iterdir())) == 7


@pytest.mark.parametrize(
    ("error", "said"),
    [(OSError("only words"), "only words"), (OSError(5, "Input/output error"), "Input/output error"),
     (ValueError("two\nlines"), "two lines"), (KeyError(), "KeyError"), (OSError(), "OSError")],
)  # fmt: skip
def test_what_the_system_complains_about_is_one_line(error, said):
    with pytest.raises(DataError, match=rf"^a: expected b, but: {said}; if it should be one"), files.refusing("a", "b"):
        raise error


@pytest.mark.parametrize(
    ("error", "said"), [(OSError("only words"), "only words"), (OSError(28, "No space"), "No space")]
)
def test_what_the_system_complains_about_while_writing_is_said(error, said):
    with pytest.raises(DataError, match=rf"^a: could not be written \({said}\), and what was"), files.writing("a"):
        raise error


# The bytes of an array


def raw_of(A, version=(1, 0), **changes):
    """An .npy file; its header may say something else than it has."""
    file = io.BytesIO()
    header = np.lib.format.header_data_from_array_1_0(A) | changes
    write = np.lib.format.write_array_header_1_0 if version == (1, 0) else np.lib.format.write_array_header_2_0
    write(file, header)
    return file.getvalue() + A.tobytes("F" if header["fortran_order"] else "C")


ARRAYS = {
    "a matrix": np.arange(6.0).reshape(2, 3), "by columns": np.asfortranarray(np.arange(6).reshape(2, 3)),
    "a number": np.array(2.5), "none": np.zeros((0, 3), np.float32), "the highest first": np.arange(3, dtype=">i4"),
    "bytes": np.arange(256, dtype=np.uint8), "text": np.array(["a", "bc"]), "truth": np.array([True, False]),
}  # fmt: skip


@pytest.mark.parametrize("version", [(1, 0), (2, 0)])
@pytest.mark.parametrize("name", ARRAYS)
def test_an_array_is_what_its_bytes_say(name, version):
    A = ARRAYS[name]
    found = files.array_of(raw_of(A, version))
    np.testing.assert_array_equal(found, A)
    assert (found.dtype, found.shape, found.flags.writeable) == (A.dtype, A.shape, True)
    assert (found.flags.c_contiguous, found.flags.f_contiguous) == (A.flags.c_contiguous, A.flags.f_contiguous)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (raw_of(np.arange(3.0))[:-1], r"an array of shape \(3,\) needs 24 bytes, but there are 23"),
        (raw_of(np.arange(3.0)) + b"\0", r"an array of shape \(3,\) needs 24 bytes, but there are 25"),
        (raw_of(np.arange(3.0), shape=(2**40, 2**40)),
         "needs 9,671,406,556,917,033,397,649,408 bytes, but there are 24"),
        (raw_of(np.array([1, "a"], object)),
         "an array holds pickled objects, which are never opened: they could run any"),
        (b"\x93NUMPY", "magic"), (b"", "magic"), (b"no array at all", "magic"),
    ],
)  # fmt: skip
def test_bytes_that_are_no_array(raw, text):
    with pytest.raises(ValueError, match=text) as error:
        files.array_of(raw)
    assert isinstance(error.value, files.PickledError) == ("pickled" in text)


def test_members_of_an_archive_are_counted_and_their_sizes_added_up(tmp_path):
    path = tmp_path / "a.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("folder/", b"")
        for name in "abc":
            archive.writestr(name, bytes(10 if name != "c" else 1 << 25))
    with files.opened(path) as source, zipfile.ZipFile(source.file) as archive:
        assert [info.filename for info in files.checked_members(source, archive, 3)] == ["a", "b", "c"]
        with pytest.raises(DataError, match="expected at most 2 members of different names, but there are more"):
            files.checked_members(source, archive, 2)
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("a", b"")
    text = "expected at most 9 members of different names, but there are more"
    with files.opened(path) as source, zipfile.ZipFile(source.file) as archive, pytest.raises(DataError, match=text):
        files.checked_members(source, archive, 9)
