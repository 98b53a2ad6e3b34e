"""Tables of pixels in text, part by part: headers, separators, lines, and what is wrong with a row."""

import io
import itertools

import numpy as np
import pytest

from nnlit import DataError, tables
from nnlit.files import Source
from nnlit.mnist import PIXELS
from nnlit.tables import Columns, Lines

ROW = [str(k % 200) for k in range(784)]  # whole numbers that do not count the columns
HEAD = ["label", *PIXELS]


def source_of(text):
    return Source("a.csv", io.BytesIO(text.encode()))


def read(text):
    """The columns of a text, the number of the line that follows, and all that follows."""
    source = source_of(text)
    lines = Lines(source)
    columns = tables.columns_of(source, lines)
    number = lines.number
    return columns, number, b"".join(block for _, block in lines.rest()).decode()


def refused(text):
    with pytest.raises(DataError) as error:
        read(text)
    return str(error.value)


# The header


@pytest.mark.parametrize("mark", [",", ";", "\t", "|", " "])
def test_each_separator_is_known_in_a_header_and_without_one(mark):
    columns, number, rest = read(f"{mark.join(HEAD)}\n7\n")
    assert (columns.separator, columns.label, number, rest) == (mark, 0, 2, "7\n")
    columns, number, rest = read(f"{mark.join(ROW)}\n7\n")
    assert (columns.separator, columns.label, columns.pixels) == (mark, -1, list(range(784)))
    assert (number, rest) == (1, f"{mark.join(ROW)}\n7\n")


@pytest.mark.parametrize("mark", [", ", "; ", " | ", "\t "])
def test_spaces_beside_a_separator_are_none(mark):
    assert read(mark.join(ROW) + "\n")[0].separator == mark.replace("\t ", "\t").strip(" ")
    assert read(mark.join(HEAD) + "\n")[0].separator == mark.replace("\t ", "\t").strip(" ")


@pytest.mark.parametrize("line", ["", "# x", "% x", "@relation x", "sep=;", "sep=,", "#"])
def test_what_stands_before_the_header_is_read_over(line):
    columns, number, rest = read(f"{line}\n{line}\n{','.join(HEAD)}\n1\n")
    assert (columns.names, number, rest) == (HEAD, 4, "1\n")


@pytest.mark.parametrize("line", ["sep=", "sep=;;", "x # y", "separator=;"])
def test_other_lines_are_headers(line):
    begin = line.partition("#")[0].rstrip(" ;")
    assert f"its first line begins with '{begin}" in refused(f"{line}\n{','.join(HEAD)}\n1\n")


@pytest.mark.parametrize("quote", ["", "'", '"'])
@pytest.mark.parametrize("word", ["@attribute", "@ATTRIBUTE", "@Attribute  "])
def test_the_columns_of_arff_are_its_attributes(word, quote):
    names = [*PIXELS, "class"]
    lines = ["% a", "@relation m", *(f"{word} {quote}{name}{quote} real" for name in names), "@data", "5,6"]
    columns, number, rest = read("\n".join(lines) + "\n")
    assert columns == Columns(names, ",", list(range(784)), 784)
    assert (number, rest) == (len(lines), "5,6\n")
    for first in ("5,?", ",".join(map(str, range(785)))):  # which are no headers where attributes have been
        assert read("\n".join([*lines[:-1], first]) + "\n") == (columns, number, f"{first}\n")


@pytest.mark.parametrize(
    ("text", "came"),
    [
        ("", "it is empty"), ("\n\n# x\n", "it is empty"),
        ("\x00\x01 and more than twenty letters\n", "its first line begins with '\\x00\\x01 and more than twe'"),
        ("label\x07,pixel0\n", "its first line begins with 'label\\x07,pixel0'"),
    ],
)  # fmt: skip
def test_what_is_no_text_has_no_header(text, came):
    assert refused(text) == f"a.csv: expected a CSV file of images, but {came}"


def test_what_stands_behind_a_sharp_does_not_count():
    columns, *_ = read(",".join(ROW) + " # " + ";" * 900 + "\n")
    assert columns.separator == ","
    columns, *_ = read(";".join(ROW) + "#,\n")
    assert columns.separator == ";"


def test_a_comma_may_stand_for_the_point():
    halves = [f"{cell},5" for cell in ROW]
    assert read(";".join(halves) + "\n")[0].separator == ";"
    assert read("\t".join(halves) + "\n")[0].separator == "\t"
    names = ["a;b", *PIXELS]
    assert "a;b" in refused(",".join(names) + "\n")  # one that is no number keeps the comma


@pytest.mark.parametrize(
    ("line", "mark"), [(",".join(ROW) + ",", ","), (";".join(ROW) + ";", ";"), ("1,2,", ","), ("1|2|3|", "|")]
)
def test_a_separator_at_the_end_is_said(line, mark):
    text = f"a.csv: expected a number behind the last {mark!r}, but there is nothing; leave out what ends each line"
    assert refused(f"{line}\n") == text


@pytest.mark.parametrize("line", ["1,", "a,2,", "1,a,"])
def test_other_lines_that_end_so_are_headers(line):
    assert "expected 784 columns of pixels and perhaps one label" in refused(f"{line}\n")


@pytest.mark.parametrize("begin", [0, 1])
@pytest.mark.parametrize("count", [784, 785])
def test_a_line_that_numbers_the_columns_is_a_header(begin, count):
    head = ",".join(str(k + begin) for k in range(count))
    columns, number, rest = read(f"{head}\n{','.join(ROW)}\n")
    assert (number, rest) == (2, ",".join(ROW) + "\n")
    assert (columns.label, columns.pixels) == ((-1, list(range(784))) if count == 784 else (None, []))
    assert columns.names == [str(k) for k in range(1, count + 1)]


@pytest.mark.parametrize(
    ("first", "counted"),
    [(range(257), True), (range(256), False), (range(1, 258), True), (range(2, 300), False), (range(1, 257), False),
     ([*range(299), 300], False), ([0] * 300, False)],
)  # fmt: skip
def test_what_numbers_the_columns(first, counted):
    assert tables.is_counted([str(k) for k in first]) == counted


@pytest.mark.parametrize("count", [1, 783, 786, 787])
def test_rows_of_another_length_are_none(count):
    text = f"expected 784 pixels in a row, alone or with a label, but there {tables.of_size(count)}"
    assert refused(",".join(["7"] * count) + "\n") == f"a.csv: {text}"


# The lines


def test_lines_are_numbered_and_can_be_put_back():
    lines = Lines(source_of("\ufeffa\n b \n\nc"))
    found = []
    while (line := lines.line()) is not None:
        found.append((line, lines.number))
    assert found == [("a", 2), ("b", 3), ("", 4), ("c", 5)]
    assert list(lines.rest()) == []
    lines.put_back("c")
    assert lines.number == 4
    assert list(lines.rest()) == [(4, b"c\n")]
    assert lines.line() == "c"
    assert list(Lines(source_of(" \n\n")).rest()) == []
    assert list(Lines(source_of("1\n2\n")).rest()) == [(1, b"1\n2\n")]


def test_old_ends_of_lines_are_ends():
    assert list(tables.blocks(source_of("1\r2\r3"))) == [(1, b"1\n2\n"), (3, b"3")]
    assert list(tables.blocks(source_of("1\r\n2"))) == [(1, b"1\r\n"), (2, b"2")]


@pytest.mark.parametrize(
    ("before", "length", "after", "line"),
    [("", 65535, "", 0), ("", 65536, "", 7), ("", 65535, "\n", 0), ("", 65536, "\n", 7), ("a\nbb\n", 65536, "", 9),
     ("a\nbb\n", 65535, "", 0), ("a\n", 65536, "\nbb\n", 8), ("a\n", 65536, "\n" + "x" * 65538, 9),
     ("\n" * 70000, 1, "", 0)],
)  # fmt: skip
def test_a_line_far_too_long_is_refused_by_its_number(before, length, after, line):
    """Its end counts."""
    text = (before + "y" * length + after).encode()
    if not line:
        tables.check_lines(source_of(""), 7, text)
        return
    with pytest.raises(DataError) as error:
        tables.check_lines(source_of(""), 7, text)
    came = f"line {line} has more; is it a CSV file?"
    assert str(error.value) == f"a.csv: expected at most 65,536 bytes in a line, but {came}"


def test_the_number_of_a_long_line_has_commas():
    with pytest.raises(DataError, match=r"line 70,001 has more"):
        tables.check_lines(source_of(""), 70_000, b"\n" + b"y" * 65537)


# The rows


@pytest.mark.parametrize(("first", "last", "label"), [(1, 0, 0), (0, 1, 784), (0, 0, 0)])
def test_the_labels_are_where_the_corner_of_no_image_is(first, last, label):
    table = np.zeros((3, 785), np.uint8)
    table[:, 5] = 9
    table[2, 0], table[2, -1] = first, last
    assert tables.label_by_values(source_of(""), table) == label


def test_two_columns_that_could_be_labels_are_refused():
    table = np.zeros((3, 785), np.uint8)
    table[0, 0] = table[1, -1] = 3
    with pytest.raises(DataError, match="neither column is 0 throughout; add a header that names the label"):
        tables.label_by_values(source_of(""), table)


@pytest.mark.parametrize("ending", ["\n", "\r\n", ""])
@pytest.mark.parametrize("behind", [False, True])
def test_images_and_labels_of_rows_without_names(behind, ending):
    rows = [["0", *ROW[1:]], ["0", *ROW[1:]]]
    labelled = [[*row, "3"] if behind else ["3", *row] for row in rows]
    if behind:
        text = "\n".join(",".join(row) for row in labelled) + ending
    else:
        text = "\n".join(",".join([*row[:-1], "0"]) for row in labelled) + ending
    X, y = tables.table_of(source_of(text))
    assert y.tolist() == [3, 3]
    assert (X.shape, X.dtype, y.dtype) == ((2, 784), np.uint8, np.int64)
    assert X[0].tolist() == [int(v) for v in rows[0]][: 784 if behind else 783] + [0] * (not behind)


def test_a_header_alone_has_no_images():
    with pytest.raises(DataError) as error:
        tables.table_of(source_of(",".join(HEAD) + "\n\n"))
    assert str(error.value) == "a.csv: expected images, but the file ends after its header"


CUT = "; it was cut off or damaged: fetch it again"


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (["1", "2"], f"expected 3 values, but there are 2{CUT}"),
        (["1", "2", "3", "4"], f"expected 3 values, but there are 4{CUT}"),
        (["1", "2", "3", ""], "expected 3 values, but there are 4; leave out what ends each line"),
        (["1", "2", "3", "4", ""], f"expected 3 values, but there are 5{CUT}"),
        (["1", ""], f"expected 3 values, but there are 2{CUT}"),
        (["256", "2", "x"], "column a: expected a whole number from 0 to 255, but it is '256'"),
        (["1", "0.5", "x"],
         "column b: expected a whole number from 0 to 255, but it is '0.5'; multiply the pixels by 255 and round them"),
        (["cat", "1", "x"],
         ("column a: expected a whole number from 0 to 255, but it is 'cat'; number the classes from 0, as "
          "pd.factorize(labels, sort=True)[0] does")),
        (["", "1", "x"],
         ("column a: expected a whole number from 0 to 255, but it is empty; to leave out rows without a label read it "
          "with pandas, and write frame.dropna()")),
        (["0.5", "1", "x"], "column a: expected a whole number from 0 to 255, but it is '0.5'"),
        (["1", "2", "x"], None), (["255", "0", ""], None),
    ],
)  # fmt: skip
def test_a_row_that_does_not_fit_is_said_with_its_line_and_column(row, text):
    columns = Columns(["a", "b", "c"], ",", [1], 0)
    if text is None:
        tables.check_row(source_of(""), columns, 1234, row)
        return
    with pytest.raises(DataError) as error:
        tables.check_row(source_of(""), columns, 1234, row)
    assert str(error.value) == f"a.csv, line 1,234{',' if text.startswith('column') else ':'} {text}"


@pytest.mark.parametrize(
    ("cell", "drop", "word"),
    [("", True, False), ("nan", True, False), ("NaN", True, False), ("cat", False, True), ("-1", False, False),
     ("1.5", False, False), ("inf", False, True)],
)  # fmt: skip
def test_a_label_that_is_no_byte_has_its_remark(cell, drop, word):
    said = tables.counting(cell)
    assert ("frame.dropna()" in said, "pd.factorize" in said) == (drop, word)
    assert bool(said) == (drop or word)


@pytest.mark.parametrize(
    ("pixels", "label", "used"), [([2, 1], 0, [0, 1, 2]), ([2, 1], -1, [1, 2]), ([], None, [0, 1, 2, 3])]
)
def test_the_columns_that_are_of_use(pixels, label, used):
    columns = Columns(["a", "b", "c", "d"], ",", pixels, label)
    assert tables.used_columns(columns) == used


@pytest.mark.parametrize("label", [0, -1])
def test_what_is_of_no_use_stays_zero(label):
    columns = Columns(["y", "p", "note", "q"], ",", [3, 1], label)
    for text in (b"1,2,word,4\n5,6,300,8\n", b"1.0,2.0,,4\n5,6,-1,8\n", b"1,2,x,4 # a\n5,6,x,8.0\n"):
        found = tables.values(source_of(""), columns, 1, text)
        assert found.tolist() == [[1 * (label == 0), 2, 0, 4], [5 * (label == 0), 6, 0, 8]]
        assert found.dtype == np.uint8


@pytest.mark.parametrize(
    ("text", "rows"),
    [(b"1,2\n3,4\n", [[1, 2], [3, 4]]), (b"1,2\r\n3,4", [[1, 2], [3, 4]]), (b"1,2", [[1, 2]]), (b"\n\n", None),
     (b"1,2,3\n", None), (b"1\n2\n", None), (b"1,256\n", None), (b"1,\n", None), (b"1,2\n3\n", None), (b"1,x\n", None),
     (b"1;2\n", None), (b"1.0,2\n", None), (b"1, 2\n", None)],
)  # fmt: skip
def test_lines_of_digits_alone_are_read_at_once(text, rows):
    found = tables.plain_rows(Columns(["a", "b"], ",", [0, 1], -1), text)
    assert (found if found is None else found.tolist()) == rows


@pytest.mark.parametrize(
    ("text", "mark", "rows"),
    [
        (b"1;2;3\n4;5;6\n", ";", [[1, 3], [4, 6]]),
        (b"1 2 3\n", " ", [[1, 3]]), (b"1 2  3\n", " ", None), (b"1,5;2;3\n", ";", [[1.5, 3]]),
        (b"1.5,2,3\n", ",", [[1.5, 3]]), (b"1,2,3 # x,y\n", ",", None), (b"1, 2, 3\n", ",", [[1, 3]]),
        (b"1,2\n", ",", None), (b"1,2,3,4\n", ",", None), (b"1,x,3\n", ",", [[1, 3]]), (b"x,2,3\n", ",", None),
        (b"1,2,3\n4,5\n", ",", None), (b"1|2|3\n", "|", [[1, 3]]),
    ],
)  # fmt: skip
def test_lines_as_pandas_reads_them(text, mark, rows):
    columns = Columns(["a", "b", "c"], mark, [0, 2], -1)
    found = tables.parsed(columns, [0, 2], text, np.float64)
    assert (found if found is None else found.tolist()) == rows


def test_lines_are_read_by_hand_in_every_dialect():
    columns = Columns(["a", "b", "c"], ";", [0, 2], -1)
    found = tables.by_hand(source_of(""), columns, 1, b"1;x;'3'\n\n;;\n\"4\"; y; 6,0 # z\n")
    assert found.tolist() == [[1, 3], [4, 6]]
    assert (found.dtype, found.shape) == (np.uint8, (2, 2))
    assert tables.by_hand(source_of(""), columns, 1, b"\n").shape == (0, 2)
    with pytest.raises(DataError, match=r"a\.csv, line 9, column c: expected a whole number"):
        tables.by_hand(source_of(""), columns, 7, b"1;2;3\n\n4;5;-6\n")


@pytest.mark.parametrize(
    ("line", "mark", "found"),
    [
        ("a,b", ",", ["a", "b"]), (" a , b ", ",", ["a", "b"]), ("'a';\"b;c\"", ";", ["a", "b;c"]), ("", ",", []),
        ("1,5;-2,25;1,2,3;a,b", ";", ["1.5", "-2.25", "1,2,3", "a,b"]), ("1  2", " ", ["1", "2"]),
    ],
)  # fmt: skip
def test_the_cells_of_a_line(line, mark, found):
    assert tables.cells(line, mark) == found


def test_every_name_of_a_label_leads_to_one_column():
    for k, name in itertools.product((0, 300, 784), ("Label", "target")):
        names = [*PIXELS[:k], name, *PIXELS[k:]]
        columns, *_ = read(",".join(names) + "\n1\n")
        assert (columns.label, len(columns.pixels)) == (k, 784)


def test_blocks_are_whole_lines_with_the_number_of_the_first(monkeypatch):
    monkeypatch.setattr(tables, "BLOCK", 4)
    text = "a\nbb\n\nccccccccc\nd\ne\nlast"
    found = list(tables.blocks(source_of(text)))
    assert found == [(1, b"a\n"), (2, b"bb\n\n"), (4, b"ccccccccc\n"), (5, b"d\ne\n"), (7, b"last")]
    assert list(tables.blocks(source_of("a\nb\n"))) == [(1, b"a\nb\n"), (3, b"")]
    monkeypatch.setattr(tables, "BLOCK", 4096)
    with pytest.raises(DataError, match=r"line 3 has more; is it a CSV file\?"):
        list(tables.blocks(source_of("a\nb\n" + "c" * 70_000)))


@pytest.mark.parametrize("packed", [False, True])
def test_what_grows_too_far_is_said_before_a_line_is_read(packed):
    class Growing:
        name = "a.csv"

        def pieces(self, _=0):
            yield b"no table\n"
            raise DataError("a.csv: it grows")

    Growing.packed = packed
    with pytest.raises(DataError) as error:
        tables.table_of(Growing())
    assert ("it grows" in str(error.value)) == packed


@pytest.mark.parametrize("labelled", [False, True])
def test_the_images_of_a_table_with_names_in_any_order(labelled):
    names = ["id", *PIXELS[:0:-1], *["digit"] * labelled, "pixel0"]
    rows = [[str(1000 * k), *ROW[:0:-1], *["7"] * labelled, ROW[0]] for k in range(2)]
    X, y = tables.table_of(source_of("\n".join(map(",".join, [names, *rows]))))
    assert X.tolist() == [[int(cell) for cell in ROW]] * 2
    assert X.flags.c_contiguous
    assert (y.tolist(), y.dtype) == ([7, 7], np.int64) if labelled else y is None


@pytest.mark.parametrize("labelled", [False, True])
def test_rows_without_names_are_contiguous_too(labelled):
    row = ",".join(["0", *ROW[1:], *["4"] * labelled])
    X, y = tables.table_of(source_of(f"{row}\n{row}\n"))
    assert (X.shape, X.flags.c_contiguous, X[1].tolist()) == ((2, 784), True, [0, *map(int, ROW[1:])])
    assert (y.tolist() == [4, 4]) if labelled else y is None
