"""Pictures are opened by content, and prepared as MNIST's were."""

import numpy as np
import pytest
from PIL import Image

from nnlit import load_mnist, read_picture
from nnlit.files import DataError
from nnlit.pictures import (
    averaged,
    centred,
    deep,
    doubts,
    ink_of,
    is_ready,
    over_ground,
    plane,
    prepare,
    scaled,
    span,
    weights,
)  # fmt: skip
from nnlit.recipes import RECIPES
from tests.tiers import mostly_long


def digit(k=0):
    """A digit of the sample, (28, 28)."""
    return load_mnist().X_test[k].reshape(28, 28)


def save(path, gray, kind="PNG", **options):
    Image.fromarray(gray).save(path, kind, **options)
    return path


def difference(pixels, gray):
    return np.abs(pixels.astype(int) - gray.reshape(-1)).mean()


# By content

POSTSCRIPT = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 28 28\n%%EndComments\n{} loop\n"
OTHERS = {  # what Pillow would open as well, or what is no image
    "EPS": POSTSCRIPT, "PPM": b"P5 28 28 255\n" + bytes(784), "XBM": b"#define a_width 28\n#define a_height 28\n",
    "SVG": b"<svg xmlns='http://www.w3.org/2000/svg'/>", "PDF": b"%PDF-1.4\n", "WMF": b"\xd7\xcd\xc6\x9a" + bytes(40),
    "text": b"label,pixel0\n", "none": b"",
}  # fmt: skip


@pytest.mark.parametrize("kind", OTHERS)
def test_a_picture_is_what_its_content_is(tmp_path, monkeypatch, kind):
    monkeypatch.setattr("subprocess.Popen", lambda *_, **__: pytest.fail("no program may be started"))
    (tmp_path / "digit.png").write_bytes(OTHERS[kind])
    with pytest.raises(DataError, match=r"digit.png: (expected a picture|expected images|it is )"):
        read_picture(tmp_path / "digit.png")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "TIFF", "GIF", "WEBP"])
def test_every_format_that_is_named_is_read_under_any_name(tmp_path, kind):
    options = {"lossless": True} if kind == "WEBP" else {}
    pixels, done = read_picture(save(tmp_path / "digit.dat", digit(), kind, **options), as_is=True)
    assert np.abs(pixels.astype(int) - digit().reshape(-1)).max() <= (40 if kind == "JPEG" else 0)
    assert done == []


@pytest.mark.parametrize(("side", "mode"), mostly_long([(8_000, "1"), (11_000, "L"), (8_000, "RGBA"), (20_000, "1")]))
def test_a_large_picture_is_refused_before_it_is_decoded(tmp_path, monkeypatch, side, mode):
    Image.new(mode, (side, side)).save(tmp_path / "large.png")
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda *_: pytest.fail("nothing may be decoded"))
    with pytest.raises(DataError, match=r"large.png: expected at most 60,000,000 pixels, but it has more"):
        read_picture(tmp_path / "large.png")


def test_damage_is_named(tmp_path):
    raw = save(tmp_path / "a.png", digit()).read_bytes()
    (tmp_path / "b.png").write_bytes(raw[: len(raw) // 2])
    with pytest.raises(DataError, match=r"b.png: expected a picture \(PNG, .*\), but: .*damaged"):
        read_picture(tmp_path / "b.png")
    with pytest.raises(DataError, match=r"there is no such file"):
        read_picture(tmp_path / "c.png")


# Gray levels


def test_sixteen_bits_are_read_as_eight(tmp_path):
    """They were clipped before: everything above 255 of 65,535 was full ink."""
    wide = Image.fromarray(digit().astype(np.uint16) * 257)
    wide.save(tmp_path / "16.png")
    pixels, done = read_picture(tmp_path / "16.png", as_is=True)
    assert pixels.tolist() == digit().reshape(-1).tolist()
    assert done == ["more than 8 bits brought to 8"]
    assert deep(digit().astype(np.float32) / 255).round(3).tolist() == digit().tolist()
    for wrong in (-digit().astype(float), np.full((2, 2), np.nan), np.full((2, 2), 1e6)):
        with pytest.raises(ValueError, match="levels"):
            deep(wrong)


@pytest.mark.parametrize(("dtype", "full"), [("f4", 1), ("f4", 65535), ("i4", 65535), ("u2", 65535)])
def test_a_picture_of_more_than_eight_bits_is_read_as_its_twin_of_eight(tmp_path, dtype, full):
    Image.fromarray((digit() / 255 * full).astype(dtype)).save(tmp_path / "deep.tiff")
    Image.fromarray(digit()).save(tmp_path / "plain.tiff")
    (pixels, done), (plain, _) = (read_picture(tmp_path / name) for name in ("deep.tiff", "plain.tiff"))
    assert done[0] == "more than 8 bits brought to 8"
    assert difference(pixels, plain) < 2


@pytest.mark.parametrize("mode", ["RGB", "P", "LA", "RGBA", "CMYK", "1"])
@pytest.mark.long_but_one_in(3)
def test_colors_and_palettes(tmp_path, mode):
    kind = "TIFF" if mode == "CMYK" else "PNG"
    Image.fromarray(digit()).convert(mode).save(tmp_path / "a", kind)
    pixels, _ = read_picture(tmp_path / "a", as_is=True)
    expected = np.where(digit() > 127, 255, 0) if mode == "1" else digit()
    assert difference(pixels, expected) < (25 if mode == "1" else 2)


@pytest.mark.parametrize("ink", [0, 255])
def test_ink_on_a_transparent_ground(tmp_path, ink):
    """As drawing programs save it: the color is everywhere the same, and only the transparency shows the digit."""
    pair = np.stack([np.full((28, 28), ink, np.uint8), digit()], axis=-1)
    Image.fromarray(pair, "LA").save(tmp_path / "a.png")
    pixels, done = read_picture(tmp_path / "a.png")
    assert difference(pixels, digit()) < 1
    assert "transparency filled" in done


def test_a_photo_is_turned_as_the_camera_says(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise
    Image.fromarray(255 - np.rot90(digit())).save(tmp_path / "a.png", exif=exif)
    pixels, done = read_picture(tmp_path / "a.png")
    assert done[0] == "turned as the camera says"
    assert difference(pixels, digit()) < 1


def test_the_first_of_several(tmp_path):
    first, second = (Image.fromarray(digit(k)) for k in (0, 1))
    first.save(tmp_path / "a.tif", save_all=True, append_images=[second])
    pixels, done = read_picture(tmp_path / "a.tif")
    assert (pixels.tolist(), done) == (digit(0).reshape(-1).tolist(), ["the first of several pictures"])


# Preparing


def test_mnists_own_images_stay_as_they_are():
    rows = load_mnist().X_train[:500]
    ready = [row for row in rows if is_ready(row.reshape(28, 28))]
    assert len(ready) > 480
    assert all(prepare(row.reshape(28, 28)) == (pytest.approx(row), []) for row in ready[:20])


@pytest.mark.parametrize(("rows", "columns"), [(20, 8), (8, 20)])
def test_an_image_is_as_mnists_are_whether_it_stands_or_lies(rows, columns):
    gray = np.zeros((28, 28), np.uint8)
    gray[14 - rows // 2 : 14 + rows // 2, 14 - columns // 2 : 14 + columns // 2] = 250
    assert is_ready(gray)
    assert not is_ready(np.full((28, 28), 250, np.uint8))
    assert not is_ready(np.roll(gray, 3, axis=0))
    assert not is_ready(np.roll(gray, 3, axis=1))
    assert not is_ready(gray.astype(float))
    assert not is_ready(gray // 2)


@pytest.mark.parametrize("gray", [np.zeros((28, 28), np.uint8), np.full((90, 60), 200, np.uint8)])
def test_a_blank_sheet_is_told(tmp_path, gray):
    with pytest.raises(DataError, match=r"blank.png: expected a digit, but the picture is blank"):
        read_picture(save(tmp_path / "blank.png", gray))


def test_noise_alone_is_blank():
    noise = np.random.default_rng(0).normal(128, 5, (300, 300))
    with pytest.raises(ValueError, match="blank"):
        prepare(noise)


def test_as_is_asks_for_28_by_28(tmp_path):
    with pytest.raises(DataError, match=r"a.png: expected 28x28 pixels, but it has 20x28; leave out --as-is"):
        read_picture(save(tmp_path / "a.png", digit()[:, :20].copy()), as_is=True)
    pixels, done = read_picture(save(tmp_path / "b.png", 255 - digit()), as_is=True)
    assert (pixels.tolist(), done) == ((255 - digit()).reshape(-1).tolist(), [])


def on_a_sheet(gray, side, top, left):
    sheet = np.zeros((side, side), np.uint8)
    sheet[top : top + gray.shape[0], left : left + gray.shape[1]] = gray
    return sheet


def enlarged(gray, side):
    return np.asarray(Image.fromarray(gray).resize((side, side), Image.Resampling.BICUBIC))


CHANGES = {  # what people's pictures differ by
    "moved": lambda g, rng: on_a_sheet(g, 40, *rng.integers(0, 13, 2)),
    "dim": lambda g, _: (10 + g * (110 / 255)).astype(np.uint8),
    "dim paper": lambda g, _: (120 - g * (110 / 255)).astype(np.uint8),
    "inverted": lambda g, _: 255 - g,
    "to the edge": lambda g, _: g[np.ix_(g.any(axis=1), g.any(axis=0))],
    "large": lambda g, _: enlarged(255 - g, 504),
    "small on a large sheet": lambda g, rng: 255 - on_a_sheet(enlarged(g, 280), 600, *rng.integers(0, 320, 2)),
    "16 bits": lambda g, _: deep(257 * g.astype(np.uint16)),
}


@pytest.mark.parametrize("count", mostly_long([20, 60]))
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.long_but_one_in(4)
def test_a_changed_digit_is_read_as_the_original(wide, change, count):
    """Some of the 200 of tests/benchmarks/photos.py; dim, moved and cropped ones were read as noise before."""
    rng, X = np.random.default_rng(1), load_mnist().X_test[:count]
    original = wide.predict(X).argmax(axis=1)
    rows = [prepare(CHANGES[change](row.reshape(28, 28), rng)).pixels for row in X]
    assert (wide.predict(np.array(rows)).argmax(axis=1) == original).mean() >= 0.95


@pytest.fixture(scope="module")
def wide():
    """A network of the recipe `wide`, trained a little."""
    from dataclasses import replace

    data = load_mnist()
    recipe = replace(RECIPES["wide"], epochs=5)
    return recipe.train(data.X_train, data.y_train, np.random.default_rng(0))


def test_shadow_and_noise_of_a_photo():
    rng = np.random.default_rng(0)
    photo = enlarged(255 - digit(), 700) * 0.6 + 20 + np.linspace(0, 40, 700)[:, None] + rng.normal(0, 4, (700, 700))
    pixels, done = prepare(photo)
    assert difference(pixels, digit()) < 15
    assert done[:2] == ["averaged over 2x2 pixels", "inverted"]


# Limits


def sheet(level, ground=0, ink=255):
    """A bar of full ink, and beside it one that is fainter."""
    gray = np.full((60, 60), ground, float)
    gray[10:50, 20:30] = ink
    gray[10:50, 36:46] = level
    return gray


@pytest.mark.parametrize(("level", "seen"), [(15, False), (24, False), (27, True), (60, True)])
def test_what_is_fainter_than_a_tenth_of_the_strongest_ink_is_ground(level, seen):
    assert ink_of(sheet(level))[0][:, 36:46].any() == seen


@pytest.mark.parametrize(("top", "seen"), [(7.9, False), (8, True), (9, True)])
def test_eight_levels_are_the_least_that_can_be_seen(top, seen):
    gray = sheet(0, ground=0, ink=top)
    if seen:
        assert ink_of(gray)[0].max() == 1
    else:
        with pytest.raises(ValueError, match="the picture is blank: no place differs from its ground by 8 of 255"):
            ink_of(gray)


@pytest.mark.parametrize(("top", "said"), [(200, []), (199, ["contrast raised 1.3 times"])])
def test_contrast_is_said_where_it_was_low(top, said):
    assert ink_of(sheet(0, ink=top))[1] == said


@pytest.mark.parametrize(("side", "times"), [(512, 1), (513, 2), (1024, 2), (1025, 3)])
def test_a_picture_is_averaged_to_at_most_512_pixels(side, times):
    small, said = averaged(np.arange(side * side, dtype=np.float32).reshape(side, side))
    assert small.shape == (side // times, side // times)
    assert said == ([f"averaged over {times}x{times} pixels"] if times > 1 else [])
    np.testing.assert_allclose(small[0, 0], np.mean([i * side + j for i in range(times) for j in range(times)]))


@pytest.mark.parametrize(
    ("gray", "full"),
    [
        (np.array([[0.0, 1.0]]), 1), (np.array([[0.0, 1.5]]), 255), (np.array([[0, 255]], np.int32), 255),
        (np.array([[0, 256]], np.int32), 65535), (np.array([[0, 1]], np.int32), 255),
        (np.array([[0, 65535]], np.int32), 65535),
    ],
)  # fmt: skip
def test_the_largest_level_says_how_levels_are_written(gray, full):
    np.testing.assert_allclose(deep(gray), gray * (255 / full), rtol=1e-6)


@pytest.mark.parametrize("gray", [[[0.0, -1.0]], [[np.nan, 1.0]], [[np.inf, 1.0]], [[0.0, 65536.0]]])
def test_levels_that_are_none_are_refused(gray):
    with pytest.raises(ValueError, match="it holds levels"):
        deep(np.array(gray))


READY = np.zeros((28, 28), np.uint8)
READY[4:24, 12:16] = 255


@pytest.mark.parametrize(
    ("change", "ready"),
    [
        (lambda image: image, True),
        (lambda image: np.minimum(image, 200), True),
        (lambda image: np.minimum(image, 199), False),
        (lambda image: np.roll(image, 1, axis=1), True),
        (lambda image: np.roll(image, 2, axis=1), False),
        (lambda image: np.roll(image, -1, axis=0), False),
        (lambda image: np.pad(image, 2)[:28, :28], False),
        (lambda image: image.astype(float), False),
        (lambda image: image[:, :27], False),
        (lambda image: image + (np.arange(28) == 0).astype(np.uint8), False),
        (lambda image: image + (np.arange(28) == 27)[:, None].astype(np.uint8), False),
        (lambda image: np.where(np.arange(28)[:, None] < 6, 0, image).astype(np.uint8), False),
    ],
)
def test_what_is_as_mnists_images_are(change, ready):
    assert is_ready(change(READY)) == ready


def test_a_symmetric_digit_comes_to_one_place_wherever_it_was_drawn():
    """Its middle is half a pixel exactly; the order of the sums must not decide to which side it is rounded."""
    y, x = np.mgrid[0:112, 0:112] + 0.5
    seen = set()
    for right, down in np.ndindex(12, 12):
        near = np.clip(5 - np.hypot(x - 20 - 6 * right, y - 20 - 6 * down), 0, 1)
        image = prepare(np.rint(255 * near).astype(np.uint8)).pixels.reshape(28, 28)
        seen.add((int(np.flatnonzero(image.any(axis=1))[0]), int(np.flatnonzero(image.any(axis=0))[0])))
    assert seen == {(4, 4)}


# Numbers that can be computed by hand


@pytest.mark.parametrize(
    ("most", "ends"),
    [
        ([0, 0.2, 0.6, 1, 0.7, 0.1, 0], (2.2, 4.8)),
        ([0.6, 1, 0.8], (0.4, 2.8)),
        ([0, 0.5, 0], (1, 2)),  # less than a pixel: the whole pixel
        ([0, 0, 0.5, 0.3], (2, 3)),
        ([0, 1, 1, 0], (1, 3)),
        ([0.9, 0.4], (0, 1.3)),
    ],
)
def test_a_row_that_is_half_ink_is_half_covered(most, ends):
    low, high = span(np.array(most, float))
    assert (low, high) == (pytest.approx(ends[0]) if ends[1] != 1.3 else pytest.approx(0.1), pytest.approx(ends[1]))


def test_new_pixels_are_weighted_means_of_the_old_ones():
    np.testing.assert_allclose(weights(4, 0, 4, 2), np.array([[0.75, 0.75, 0.25, 0], [0, 0.25, 0.75, 0.75]]) / 1.75)
    np.testing.assert_allclose(weights(2, 0, 2, 4), [[1, 0], [0.75, 0.25], [0.25, 0.75], [0, 1]])
    np.testing.assert_allclose(weights(4, 1, 3, 2), [[0, 1, 0, 0], [0, 0, 1, 0]])
    assert weights(2, 5, 6, 1).tolist() == [[0, 0]]


def test_a_digit_that_is_in_its_box_is_cut_out_as_it_is():
    ink = np.zeros((28, 28))
    ink[4:24, 10:14], ink[4:24, 14:16] = 1, 0.5
    for low, high in ((4, 24), (4, 24.9), (4, 23.1)):
        np.testing.assert_array_equal(scaled(ink, [(low, high), (10, 16)]), ink[4:24, 10:16])
    assert scaled(ink, [(3, 25.5), (10, 16)]).shape == (20, 5)
    assert scaled(ink, [(4, 22.9), (10, 16)]).shape == (20, 6)
    larger = np.zeros((40, 40))
    larger[:28, :28] = ink
    found = scaled(larger, [(4, 24), (10, 16)])
    assert found.shape == (20, 6)
    assert found[10].tolist() == [1, 1, 1, 1, 0.5, 0.5]  # three quarters of the ink are not fainter than 1


def test_the_longer_side_becomes_twenty_and_the_other_is_never_lost():
    ink = np.zeros((100, 100))
    ink[10:90, 50] = 1
    assert scaled(ink, [(10, 90), (50, 51)]).shape == (20, 1)
    assert scaled(ink.T, [(50, 51), (10, 90)]).shape == (1, 20)
    assert scaled(np.ones((100, 100)), [(0, 100), (0, 53)]).shape == (20, 11)
    found = scaled(np.where(ink > 0, np.linspace(0.2, 1, 100)[:, None], 0), [(10, 90), (50, 51)])[:, 0]
    line = np.linspace(0.2, 1, 100)[10:90].reshape(20, 4).mean(axis=1)
    np.testing.assert_allclose(found[1:-1], np.minimum(line / np.quantile(line, 0.75), 1)[1:-1], atol=0.02)


def test_the_centre_of_mass_comes_to_the_middle_as_far_as_the_digit_stays_inside():
    for k, row in ((0, 8), (19, 0), (9, 5), (10, 4)):
        digit = np.zeros((20, 10))
        digit[k] = 1
        image = centred(digit)
        assert np.argwhere(image == 255)[0].tolist() == [row + k, 10]  # 14 - 4.5 is 9.5, which is rounded to 10
        assert np.count_nonzero(image) == 10
    assert centred(np.full((1, 1), 0.5))[14, 14] == 128


def border(gray):
    return np.concatenate([gray[0], gray[-1], gray[1:-1, 0], gray[1:-1, -1]])


def test_the_ground_is_the_plane_through_the_border():
    y, x = np.mgrid[0:30, 0:20]
    gray = 90.0 + 0.5 * y + 1.25 * x
    inside = gray.copy()
    inside[1:-1, 1:-1] = np.random.default_rng(0).uniform(0, 255, (28, 18))
    ground, noise = plane(inside)
    np.testing.assert_allclose(ground, gray)
    assert noise == pytest.approx(0, abs=1e-9)


def test_the_noise_is_the_deviation_of_the_whole_border():
    for side in ((0, slice(None)), (-1, slice(None)), (slice(None), 0), (slice(None), -1)):
        gray = np.full((30, 20), 100.0)
        gray[side] += np.resize([6, -6, -6, 6], gray[side].shape)
        rest = border(gray - plane(gray)[0])
        assert plane(gray)[1] == pytest.approx(np.std(rest))
        assert 2 < plane(gray)[1] < 6


@pytest.mark.parametrize(("noise", "ink", "left_out"), [(0, 40, False), (0, 41, True), (20, 59, False), (20, 61, True)])
def test_ink_at_the_border_is_no_ground(noise, ink, left_out):
    gray = np.full((31, 41), 100.0)
    around(gray, [noise, -noise, 0])
    clean = plane(gray)[1]
    gray[0, 8] = 100 + ink
    assert (plane(gray)[1] < clean + 0.1) == left_out


def around(gray, levels):
    """Add some levels to the border, one after the other."""
    for place in ((0, slice(None)), (-1, slice(None)), (slice(1, -1), 0), (slice(1, -1), -1)):
        gray[place] += np.resize(levels, gray[place].shape)


def bars(noise, *levels):
    """A ground of 100 whose border goes up and down, and bars of ink on it."""
    gray = np.full((60, 80), 100.0)
    around(gray, [noise, -noise])
    for k, level in enumerate(levels):
        gray[10:50, 10 + 12 * k : 16 + 12 * k] += level
    return gray


@pytest.mark.parametrize(("top", "seen"), [(23, False), (25, True)])
def test_what_is_less_than_six_deviations_is_noise(top, seen):
    if seen:
        assert ink_of(bars(4, top))[0].max() == 1
    else:
        with pytest.raises(ValueError, match="more than its noise"):
            ink_of(bars(4, top))


@pytest.mark.parametrize(
    ("noise", "levels", "seen"),
    [(4, (100, 15), False), (4, (100, 17), True), (20, (150, 73), False), (20, (150, 77), True)],
)
def test_what_stands_out_by_less_than_four_deviations_is_ground_but_never_half_the_ink(noise, levels, seen):
    ink, _ = ink_of(bars(noise, *levels))
    assert ink[30, 24] == (pytest.approx(levels[1] / levels[0], abs=0.01) if seen else 0)
    assert ink[30, 12] == pytest.approx(1, abs=0.01)


def test_the_digit_is_what_differs_most_and_light_where_both_do():
    assert ink_of(bars(0, 50, -50))[1] == ["contrast raised 5.1 times"]
    assert ink_of(bars(0, 50, -51))[1] == ["inverted", "contrast raised 5.0 times"]
    ink = ink_of(bars(0, 50, -50))[0]
    assert (ink[30, 12], ink[30, 24]) == (pytest.approx(1), 0)


def test_levels_of_zero_and_one_are_told():
    with pytest.raises(ValueError, match="all are 0 or 1; multiply them by 255"):
        prepare((digit() > 100).astype(np.uint8))


def test_a_large_picture_that_is_no_square():
    gray = np.arange(1030 * 515, dtype=np.float32).reshape(1030, 515)
    small, said = averaged(gray)
    assert (small.shape, said) == ((343, 171), ["averaged over 3x3 pixels"])
    assert small[1, 2] == pytest.approx(gray[3:6, 6:9].mean())


@pytest.mark.parametrize(
    ("gray", "alpha", "found"),
    [
        (0, 255, 0), (200, 255, 200),  # nothing is transparent
        (0, 0, 255), (50, 51, 0.2 * 50 + 0.8 * 255),  # dark ink lies on white
        (255, 51, 0.2 * 255), (128, 51, 0.2 * 128), (127, 51, 0.2 * 127 + 0.8 * 255),  # light ink on black
    ],
)  # fmt: skip
def test_the_ground_under_transparent_ink(gray, alpha, found):
    pair = np.array([[[gray, alpha]]], np.uint8)
    np.testing.assert_allclose(over_ground(pair), [[found]], rtol=1e-6)


def test_what_was_done_is_said_in_its_order(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 3
    wide = np.zeros((600, 300), np.uint8)
    wide[100:500, 100:130] = 90
    pair = np.stack([np.full(wide.shape, 0, np.uint8), wide], axis=-1)
    Image.fromarray(pair, "LA").save(tmp_path / "a.png", exif=exif)
    assert read_picture(tmp_path / "a.png").done == [
        "turned as the camera says", "transparency filled", "averaged over 2x2 pixels", "inverted",
        "contrast raised 2.8 times", "cropped to 200x15", "scaled to 20x2", "centred by mass",
    ]  # fmt: skip


SEVERAL = "it looks like several digits: give a picture for each"
FRAME = "it looks like a frame: cut the picture inside of it"


def drawn(*boxes):
    """A sheet of 100x100 with ink in some boxes: top, bottom, left, right."""
    sheet = np.zeros((100, 100))
    for top, bottom, left, right in boxes:
        sheet[top:bottom, left:right] = 1
    return sheet


DOUBTED = {  # boxes of ink, and what they look like
    "a stroke": ([(20, 80, 45, 55)], []),
    "two strokes": ([(20, 80, 30, 40), (20, 80, 60, 70)], [SEVERAL]),
    "two strokes that touch": ([(20, 80, 30, 40), (20, 80, 40, 50)], []),
    "a stroke and a fifth": ([(20, 80, 30, 40), (20, 35, 60, 70)], []),
    "a stroke and more than a fifth": ([(20, 80, 30, 40), (20, 36, 60, 70)], [SEVERAL]),
    "one over the other": ([(20, 40, 30, 50), (60, 80, 30, 50)], []),
    "twice as wide as high": ([(40, 60, 30, 70)], []),
    "wider": ([(40, 60, 30, 71)], [SEVERAL]),
    "a frame": ([(10, 12, 10, 90), (88, 90, 10, 90), (10, 90, 10, 12), (10, 90, 88, 90)], [FRAME]),
    "three sides of one": ([(10, 12, 10, 90), (88, 90, 10, 90), (10, 90, 10, 12)], []),
    "a side with a gap": ([(10, 12, 10, 90), (88, 90, 10, 90), (10, 90, 10, 12), (10, 70, 88, 90)], []),
    "a side of four fifths": ([(10, 12, 10, 90), (88, 90, 10, 90), (10, 90, 10, 12), (10, 72, 88, 90)], []),
    "a frame of nearly half ink": ([(10, 20, 10, 90), (80, 90, 10, 90), (10, 90, 10, 20), (10, 90, 80, 90)], [FRAME]),
    "a thick frame": ([(10, 30, 10, 90), (70, 90, 10, 90), (10, 90, 10, 30), (10, 90, 70, 90)], []),
}


@pytest.mark.parametrize("name", DOUBTED)
@pytest.mark.long_but_one_in(4)
def test_what_is_no_single_digit_is_doubted(name):
    boxes, doubted = DOUBTED[name]
    ink = drawn(*boxes)
    spans = [span(ink.max(axis=axis)) for axis in (1, 0)]
    assert doubts(ink, spans) == doubted
    assert doubts(0.3 * ink, spans) == doubted
    if doubted and name != "wider":
        assert doubts(0.29 * ink, spans) == []
    assert prepare(200 * ink).done[-1] == (doubted or ["centred by mass"])[0]


def test_digits_of_mnist_are_rarely_doubted():
    found = [doubts(x.reshape(28, 28) / 255, [span(x.reshape(28, 28).max(axis=a) / 255) for a in (1, 0)])
             for x in load_mnist().X_test]  # fmt: skip
    assert sum(map(bool, found)) <= 2
