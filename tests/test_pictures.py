"""Pictures are opened by content, and prepared as MNIST's were."""

import numpy as np
import pytest
from PIL import Image

from nnlit import load_mnist, read_picture
from nnlit.files import DataError
from nnlit.pictures import averaged, deep, ink_of, is_ready, prepare
from nnlit.recipes import RECIPES


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


@pytest.mark.parametrize(("side", "mode"), [(11_000, "L"), (8_000, "RGBA"), (20_000, "1")])
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


@pytest.mark.parametrize("mode", ["RGB", "P", "LA", "RGBA", "CMYK", "1"])
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


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_digit_is_read_as_the_original(wide, change):
    """Sixty of the 200 of tests/benchmarks/photos.py; dim, moved and cropped ones were read as noise before."""
    rng, X = np.random.default_rng(1), load_mnist().X_test[:60]
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
