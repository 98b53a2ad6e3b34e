"""Pictures made as MNIST's were: light ink on a dark ground, in a box of 20 by 20, centred by mass in 28 by 28."""

from __future__ import annotations

import math
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from nnlit.data import Array
from nnlit.files import DataError, FilePath, Source, extra, kind_of, opened, refusing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL.Image import Image

FORMATS = ("PNG", "JPEG", "BMP", "TIFF", "GIF", "WEBP")  # all that Pillow is allowed to try
MOST = 60_000_000  # pixels; phones make up to 50 million
LARGE = 512  # pixels of the longer side; a larger picture is averaged first
BOX, SIDE = 20, 28  # the digit's longer side, and the image's
FAINT = 8.0  # gray levels of 255; less contrast is a blank sheet
FULL = 0.75  # the part of the ink that is fainter than full ink, as in MNIST's images
FLOOR = 0.1  # of the strongest ink; what is fainter is ground, as is what stands out by less than four deviations


class Prepared(NamedTuple):
    """An image as the network wants it, and what was done to make it."""

    pixels: Array  # (784,), uint8
    done: list[str]


def read_picture(path: FilePath, *, as_is: bool = False) -> Prepared:
    """One handwritten digit from a picture, prepared as MNIST's images were.

    Args:
        path: a PNG, JPEG, BMP, TIFF, GIF or WebP; the content counts, not the name.
        as_is: leave out all preparation; then the picture must have 28x28 pixels.

    Returns:
        The pixels, (784,), uint8, light ink on a dark ground; and what was done, in words.

    Raises:
        DataError: if there is no such file, it is no picture of these formats, too large, or blank.
        ImportError: if Pillow is not installed.
    """
    with opened(path) as source:
        if (kind := kind_of(source)) != "picture":
            raise DataError(f"{path}: expected a picture ({', '.join(FORMATS)}), but its content is {kind}")
        return picture_of(source, as_is=as_is)


def picture_of(source: Source, *, as_is: bool = False) -> Prepared:
    """The same from a source."""
    gray, done = decoded(source)
    if not as_is:
        try:
            pixels, more = prepare(gray)
        except ValueError as error:
            raise DataError(f"{source.name}: {error}") from error
        return Prepared(pixels, done + more)
    if gray.shape != (SIDE, SIDE):
        text = f"expected 28x28 pixels, but it has {gray.shape[1]}x{gray.shape[0]}; leave out --as-is"
        raise DataError(f"{source.name}: {text}")
    return Prepared(np.rint(gray).astype(np.uint8).reshape(-1), done)


# Decoding, by Pillow


@contextmanager
def picture(source: Source) -> Iterator[Image]:
    """A picture whose header has been read, and nothing else; only formats that we name are tried."""
    PIL = extra("PIL.Image", "png")
    with refusing(source.name, f"a picture ({', '.join(FORMATS)})"), warnings.catch_warnings():
        warnings.simplefilter("error", PIL.DecompressionBombWarning)
        source.file.seek(0)
        try:
            image = PIL.open(source.file, formats=FORMATS)
        except PIL.UnidentifiedImageError as error:
            raise ValueError("its content is of none of these formats, whatever its name says") from error
        except (PIL.DecompressionBombError, PIL.DecompressionBombWarning) as error:
            raise DataError(f"{source.name}: expected at most {MOST:,} pixels, but it has more; scale it") from error
        with image:
            if image.width * image.height > MOST:
                raise DataError(f"{source.name}: expected at most {MOST:,} pixels, but it has more; scale it")
            yield image


def decoded(source: Source) -> tuple[Array, list[str]]:
    """The gray levels of a picture, 0 to 255, (height, width), and what was done to get them."""
    with picture(source) as image:
        done = ["the first of several pictures"] if getattr(image, "n_frames", 1) > 1 else []
        image.seek(0)
        turned = extra("PIL.ImageOps", "png").exif_transpose(image)
        done += ["turned as the camera says"] if image.getexif().get(0x0112, 1) != 1 else []
        if turned.mode.startswith(("I", "F")):
            return deep(np.asarray(turned)), [*done, "more than 8 bits brought to 8"]
        if turned.has_transparency_data:
            return over_ground(np.asarray(turned.convert("LA"))), [*done, "transparency filled"]
        return np.asarray(turned.convert("RGB").convert("L") if turned.mode == "CMYK" else turned.convert("L")), done


def deep(gray: Array) -> Array:
    """Sixteen bits or floating-point numbers as levels from 0 to 255."""
    if not np.isfinite(gray).all() or gray.min() < 0:
        raise ValueError("it holds levels below 0, or that are no numbers")
    full = 1.0 if gray.dtype.kind == "f" and gray.max() <= 1 else 255.0 if gray.max() <= 255 else 65535.0
    if gray.max() > full:
        raise ValueError(f"it holds levels up to {gray.max():g}, where 65,535 are allowed")
    levels: Array = gray.astype(np.float32) * np.float32(255 / full)
    return levels


def over_ground(pair: Array) -> Array:
    """Ink with transparency over a ground that differs from it: white under dark ink, black under light."""
    gray, alpha = pair[..., 0].astype(np.float32), pair[..., 1].astype(np.float32) / 255
    light = (gray * alpha).sum() > 127 * alpha.sum()
    return gray * alpha + (0 if light and alpha.min() < 1 else 255) * (1 - alpha)


# Preparing, by NumPy


def prepare(gray: Array) -> Prepared:
    """A digit of any size, place, contrast and polarity as one of MNIST's images.

    Args:
        gray: levels from 0 to 255, shape (height, width).

    Returns:
        The pixels, (784,), uint8, and what was done, in words. An image that is as MNIST's are already stays as it is.

    Raises:
        ValueError: if there is nothing to be seen.

    Source:
        Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, Gradient-based learning applied to document recognition,
        Proceedings of the IEEE 86 (1998), section III.A, for the box of 20x20 and the centre of mass.

    Examples:
        >>> sheet = np.full((60, 40), 200)
        >>> sheet[10:50, 28:32] = 30
        >>> pixels, done = prepare(sheet)
        >>> image = pixels.reshape(28, 28)
        >>> np.flatnonzero(image.any(axis=0)).tolist(), np.flatnonzero(image.any(axis=1))[[0, -1]].tolist()
        ([14, 15], [4, 23])
        >>> done
        ['inverted', 'contrast raised 1.5 times', 'cropped to 40x4', 'scaled to 20x2', 'centred by mass']
    """
    if is_ready(gray):
        return Prepared(gray.astype(np.uint8).reshape(-1), [])
    small, done = averaged(gray)
    ink, more = ink_of(small)
    spans = [span(ink.max(axis=axis)) for axis in (1, 0)]
    digit = scaled(ink, spans)
    height, width = (high - low for low, high in spans)
    done += [*more, f"cropped to {height:.0f}x{width:.0f}", f"scaled to {digit.shape[0]}x{digit.shape[1]}"]
    return Prepared(centred(digit).reshape(-1), [*done, "centred by mass", *doubts(ink, spans)])


def doubts(ink: Array, spans: list[tuple[float, float]]) -> list[str]:
    """Why it may be no single digit; of MNIST's own images three in ten thousand are doubted."""
    rows, columns = (slice(int(low), math.ceil(high)) for low, high in spans)
    box = ink[rows, columns]
    mass, on = box.sum(axis=0), box.max(axis=0) >= 0.3
    ends = np.flatnonzero(np.diff(np.concatenate([[False], on, [False]])))
    parts = [mass[low:high].sum() for low, high in ends.reshape(-1, 2)]
    several = sum(part > 0.2 * mass.sum() for part in parts) > 1 or box.shape[1] > 2 * box.shape[0]
    if several:
        return ["it looks like several digits: give a picture for each"]
    sides = (box[0], box[-1], box[:, 0], box[:, -1])
    framed = (box >= 0.3).mean() < 0.5 and min((side >= 0.3).mean() for side in sides) > 0.8
    return ["it looks like a frame: cut the picture inside of it"] if framed else []


def span(most: Array) -> tuple[float, float]:
    """Where the digit begins and ends, to parts of a pixel: a row that is half ink is half covered by the digit."""
    inside = np.flatnonzero(most >= 0.5)
    first, last = int(inside[0]), int(inside[-1])
    padded = np.concatenate([[0.0], most, [0.0]])
    low, high = first + 1 - most[first] - padded[first], last + most[last] + padded[last + 2]
    return (first, last + 1) if high - low < 1 else (float(low), float(high))


def is_ready(gray: Array) -> bool:
    """Whether an image is as MNIST's are: 28x28, light ink, an empty border of four pixels but for the centring."""
    if gray.shape != (SIDE, SIDE) or gray.dtype != np.uint8 or gray.max() < 200:
        return False
    longer = max(high - low for low, high in (span(gray.max(axis=axis) / 255) for axis in (1, 0)))
    middle = [float((gray.sum(axis=axis) * np.arange(SIDE)).sum() / gray.sum()) for axis in (1, 0)]
    frame = np.concatenate([gray[:1].ravel(), gray[-1:].ravel(), gray[:, 0], gray[:, -1]])
    return not frame.any() and abs(longer - BOX) < 1.5 and bool(np.abs(np.subtract(middle, SIDE / 2)).max() < 1)


def averaged(gray: Array) -> tuple[Array, list[str]]:
    """A large picture as means over squares of pixels, so that all that follows is quick and noise is less."""
    side = -(-max(gray.shape) // LARGE)
    if side == 1:
        return gray.astype(np.float64), []
    h, w = (n // side for n in gray.shape)
    squares = gray[: h * side, : w * side].reshape(h, side, w, side)
    return squares.mean(axis=(1, 3), dtype=np.float32).astype(np.float64), [f"averaged over {side}x{side} pixels"]


def ink_of(gray: Array) -> tuple[Array, list[str]]:
    """How much ink there is at every place, from 0 to 1; the ground is a plane through the levels at the border."""
    ground, noise = plane(gray)
    above = gray - ground
    light = -above.min() <= above.max()  # the digit is what differs most from the ground
    ink = above if light else -above
    top = float(ink.max())
    if top < max(FAINT, 6 * noise):
        if gray.max() == 1:
            raise ValueError("expected levels from 0 to 255, but all are 0 or 1; multiply them by 255")
        text = f"no place differs from its ground by {FAINT:g} of 255 levels, and more than its noise"
        raise ValueError(f"expected a digit, but the picture is blank: {text}")
    ink = np.clip(ink / top, 0, 1)
    ink[ink < min(max(FLOOR, 4 * noise / top), 0.5)] = 0
    done = [] if light else ["inverted"]
    return ink, done + ([f"contrast raised {255 / top:.1f} times"] if top < 200 else [])


def plane(gray: Array) -> tuple[Array, float]:
    """The ground as a plane through the border's levels, ink at the border left out, and the border's deviation."""
    h, w = gray.shape
    y, x = np.mgrid[0:h, 0:w]
    border = (y == 0) | (y == h - 1) | (x == 0) | (x == w - 1)
    A = np.stack([np.ones(border.sum()), y[border] / h, x[border] / w], axis=1)
    levels = gray[border]
    spread = np.abs(levels - np.median(levels))
    kept = spread <= max(3 * float(np.median(spread)), 40.0)
    c, *_ = np.linalg.lstsq(A[kept], levels[kept], rcond=None)
    return c[0] + c[1] * y / h + c[2] * x / w, float(np.std(levels[kept] - A[kept] @ c))


def scaled(ink: Array, spans: list[tuple[float, float]]) -> Array:
    """The digit with its longer side brought to 20 pixels, every new pixel a weighted mean of the old ones below it."""
    longer = max(high - low for low, high in spans)
    if abs(longer - BOX) < 1 and max(ink.shape) == SIDE:
        rows, columns = (np.flatnonzero(ink.any(axis=axis)) for axis in (1, 0))
        return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    sizes = [max(1, round((high - low) * BOX / longer)) for low, high in spans]
    R, C = (weights(ink.shape[axis], *spans[axis], sizes[axis]) for axis in (0, 1))
    digit: Array = R @ ink @ C.T
    return np.asarray(np.minimum(digit / np.quantile(digit[digit > FLOOR], FULL), 1))


def weights(old: int, low: float, high: float, new: int) -> Array:
    """The matrix that takes the old pixels from low to high to new ones: triangles as wide as the coarser pixel."""
    step = (high - low) / new
    middles = low + (np.arange(new)[:, None] + 0.5) * step - 0.5
    W = np.maximum(0, 1 - np.abs(np.arange(old) - middles) / max(step, 1))
    return np.asarray(W / np.maximum(W.sum(axis=1, keepdims=True), 1e-9))


def centred(digit: Array) -> Array:
    """An image of 28x28 bytes with the digit's centre of mass in its middle, as far as the digit stays inside."""
    image = np.zeros((SIDE, SIDE), np.uint8)
    corner = []
    for axis in (0, 1):
        mass = digit.sum(axis=1 - axis)
        middle = round(float((mass * np.arange(len(mass))).sum() / mass.sum()), 9)  # of a symmetric digit exactly half
        corner.append(int(np.clip(round(SIDE / 2 - middle), 0, SIDE - len(mass))))
    (r, c), (h, w) = corner, digit.shape
    image[r : r + h, c : c + w] = np.rint(255 * digit)
    return image
