"""The figures that compute, in a real browser: every number shown is nnlit's own, at the start and after moves.

What it needs is told in test_pages.py.
"""

import json
import runpy
from pathlib import Path

import numpy as np
import pytest

from nnlit import (
    Adam,
    Dense,
    GradientDescent,
    Momentum,
    Network,
    ReLU,
    accuracy,
    load_mnist,
    softmax_cross_entropy,
    squared_error,
)
from nnlit.pictures import prepare
from nnlit.softmax import softmax

CLOSE = {"rtol": 1e-6, "atol": 1e-9}


@pytest.fixture
def open_figure(browser, address):
    """Open a page and wait for its figure; an error of JavaScript or a request to another host is a failure."""
    pages, faults = [], []

    def start(page_name, figure, query="", **settings):
        page = browser.new_page(**settings)
        pages.append(page)
        page.on("pageerror", lambda error: faults.append(str(error)))
        ours = (address, "data:", "blob:")
        page.on("request", lambda request: request.url.startswith(ours) or faults.append(request.url))
        page.goto(f"{address}{page_name}{query}" if "." in page_name else f"{address}{page_name}/{query}")
        page.wait_for_selector(f'.nnlit-play[data-figure="{figure}"][data-ready]')
        return page

    yield start
    for page in pages:
        page.close()
    assert not faults


def value(page, key):
    return float(page.get_attribute(f'[data-key="{key}"]', "data-value"))


def set_number(page, label, x):
    """Type a number into the field behind a slider."""
    field = page.get_by_label(f"{label}, as a number", exact=True)
    field.fill(repr(float(x)))
    field.press("Enter")


# --- softmax ----------------------------------------------------------------------------------------------------------


def softmax_is_right(page, z, T, right):
    Z = np.array([z]) / T
    P = softmax(Z)[0]
    loss, grad = softmax_cross_entropy(Z, np.array([right]))
    np.testing.assert_allclose([value(page, f"P{k}") for k in range(3)], P, **CLOSE)
    np.testing.assert_allclose([value(page, f"g{k}") for k in range(3)], grad[0] / T, **CLOSE)
    found = [[value(page, f"J{k}{l}") for l in range(3)] for k in range(3)]
    np.testing.assert_allclose(found, (np.diag(P) - np.outer(P, P)) / T, **CLOSE)
    shown = float(page.get_attribute('[data-figure="softmax"] [role=status]', "data-loss"))
    np.testing.assert_allclose(shown, loss, **CLOSE)


def test_softmax_at_the_start_and_after_moves(open_figure):
    page = open_figure("11-softmax", "softmax")
    z, T, right = [0.0, float(np.log(2)), float(np.log(5))], 1.0, 1
    softmax_is_right(page, z, T, right)
    rng = np.random.default_rng(0)
    for _ in range(12):
        k, right = rng.integers(3, size=2).tolist()
        z[k], T = round(rng.uniform(-9, 9), 2), round(rng.uniform(0.2, 4), 2)
        set_number(page, f"logit {k + 1}", z[k])
        set_number(page, "temperature", T)
        page.get_by_label("right class").select_option(index=right)
        softmax_is_right(page, z, T, right)


def test_softmax_survives_what_overflows(open_figure):
    page = open_figure("11-softmax", "softmax", "?softmax=900,-900,0,1,1")
    softmax_is_right(page, [900.0, -900.0, 0.0], 1.0, 1)
    assert page.get_attribute('[data-key="n0"]', "data-value") == "NaN"
    assert "not a number" in page.inner_text('[data-figure="softmax"] [role=status]')


def test_softmax_is_driven_by_the_keyboard_and_its_state_stands_in_the_address(open_figure):
    page = open_figure("11-softmax", "softmax")
    page.get_by_label("logit 1", exact=True).focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    assert "softmax=0.5," in page.url
    again = open_figure("11-softmax", "softmax", page.url[page.url.index("?") :])
    assert value(again, "P0") == pytest.approx(value(page, "P0"), rel=1e-5)


# --- downhill ---------------------------------------------------------------------------------------------------------


def downhill_is_right(page, start, rate, mu, curvature):
    rule, p = Momentum(rate, mu), np.array(start)
    state, path = rule.init(p), [p.copy()]
    for t in range(1, 21):
        state = rule.update(p, np.array(curvature) * p, state, t)
        path.append(p.copy())
    for key, expected in {"s": path[0], "a": path[1], "p": path[20], "f": 1 - rate * np.array(curvature)}.items():
        np.testing.assert_allclose([value(page, f"{key}{k}") for k in (0, 1)], expected, **CLOSE)
    status = '[data-figure="downhill"] [role=status]'
    losses = [float(page.get_attribute(status, f"data-{name}")) for name in ("first", "last")]
    np.testing.assert_allclose(losses, [(np.array(curvature) * p**2).sum() / 2 for p in (path[0], path[20])], **CLOSE)


def test_downhill_at_the_start_and_after_moves(open_figure):
    page = open_figure("03-descent", "downhill")
    values = [4.0, 1.0, 0.1, 0.0, 1.0, 4.0]
    downhill_is_right(page, values[:2], values[2], values[3], values[4:])
    labels = ["start, first", "start, second", "learning rate", "momentum", "curvature, first", "curvature, second"]
    rng = np.random.default_rng(0)
    for _ in range(8):
        ends = [(-3, 6), (-3, 3), (0, 0.6), (0, 0.9), (0.2, 3), (0.2, 9)]
        values = [round(float(rng.uniform(low, high)), 3) for low, high in ends]
        for label, x in zip(labels, values, strict=True):
            set_number(page, label, x)
        downhill_is_right(page, values[:2], values[2], values[3], values[4:])


def test_downhill_says_where_the_bound_lies_and_the_start_can_be_dragged(open_figure):
    page = open_figure("03-descent", "downhill")
    assert "The largest rate that arrives is 0.5; this one is below it" in page.inner_text('[data-figure="downhill"]')
    page.get_by_role("button", name="rate 0.51").click()
    assert "this one is above it" in page.inner_text('[data-figure="downhill"]')
    plot = page.locator(".nnlit-play__plot--drag")
    box = plot.bounding_box()
    plot.click(position={"x": box["width"] * 170 / 300, "y": box["height"] * 70 / 200})
    np.testing.assert_allclose([value(page, "s0"), value(page, "s1")], [2, 1], atol=0.11)
    downhill_is_right(page, [value(page, "s0"), value(page, "s1")], 0.51, 0.0, [1.0, 4.0])


# --- backpropagation --------------------------------------------------------------------------------------------------


def backprop_is_right(page, values):
    x1, x2, w11, w21, w12, w22, v1, v2, y = values
    first, second = Dense(np.array([[w11, w12], [w21, w22]]), np.zeros(2)), Dense(np.array([[v1], [v2]]), np.zeros(1))
    network = Network([first, ReLU(), second])
    X, Y = np.array([[x1, x2]]), np.array([[y]])
    Z1, _ = first.forward(X)
    A, _ = ReLU().forward(Z1)
    Y_hat, caches = network.forward(X)
    loss, grad = squared_error(Y_hat, Y)
    _, (grad_first, _, grad_second) = network.backward(caches, grad)
    expected = {"out": Y_hat[0, 0], "L": loss, "gout": grad[0, 0]}
    for k in range(2):
        expected |= {f"z{k}": Z1[0, k], f"a{k}": A[0, k], f"gv{k}": grad_second["W"][k, 0]}
        expected |= {f"gw{j}{k}": grad_first["W"][j, k] for j in range(2)}
    for key, number in expected.items():
        np.testing.assert_allclose(value(page, key), number, **CLOSE)


def test_backpropagation_at_the_start_and_after_moves(open_figure):
    page = open_figure("07-network", "backprop")
    values = [1.0, 2.0, 1.0, 1.0, 1.0, -1.0, 2.0, 1.0, 5.0]
    backprop_is_right(page, values)
    page.get_by_text("Change an input, a weight or the target").click()
    names = ["input 1", "input 2", "weight 1 to 1", "weight 2 to 1", "weight 1 to 2", "weight 2 to 2"]
    names += ["weight from hidden 1", "weight from hidden 2", "target"]
    rng = np.random.default_rng(0)
    for _ in range(5):
        values = rng.uniform(-5, 5, size=9).round(2).tolist()
        for name, x in zip(names, values, strict=True):
            set_number(page, name, x)
        backprop_is_right(page, values)


def test_backpropagation_goes_forward_and_back_by_the_keyboard(open_figure):
    page = open_figure("07-network", "backprop")
    page.get_by_role("button", name="From the beginning").click()
    assert page.locator(".nnlit-play__lines li").count() == 0
    page.get_by_role("button", name="Next number").focus()
    for _ in range(17):
        page.keyboard.press("Enter")
    assert page.get_by_role("button", name="Next number").is_disabled()
    assert "Step 17 of 17. slope in the weight 2 to 2" in page.inner_text('[data-figure="backprop"] [role=status]')
    labels = page.eval_on_selector_all(".nnlit-play__lines a", "all => all.map(a => a.getAttribute('href').slice(1))")
    assert all(page.locator(f'[id="{label}"]').count() == 1 for label in labels)


# --- break the equation -----------------------------------------------------------------------------------------------


def shown_as_recorded(page, label, number, version):
    """What the figure shows of a version is what the checks say of it now."""
    status = page.locator('[data-figure="break"] [role=status]')
    assert status.get_attribute("data-fails") == str(bool(version["page"])).lower()
    text = " ".join(status.inner_text().split())
    assert version["page"].rstrip("?.") in text.replace("\N{MINUS SIGN}", "-")
    for kind, found in (("page", version.get("numbers")), ("code", version["code"].get("numbers"))):
        for side in ("left", "right") if found else ():
            cell = status.locator(f'[data-key="{label}/{number}/{kind}/{side}"]')
            np.testing.assert_allclose(float(cell.get_attribute("data-value")), found[side], **CLOSE)


@pytest.mark.parametrize("page_name", ["index.html", "04-dense/"])
def test_what_is_broken_is_told_as_the_checks_tell_it(open_figure, page_name):
    label = "dense:grad-W"
    path = Path(__file__).parents[2] / "docs" / "interactive" / "broken.py"
    versions = runpy.run_path(str(path))["record"]([label])[label]["versions"]
    page = open_figure(page_name.removesuffix("/"), "break", "" if page_name[-1] == "/" else "?break=dense:grad-W,1")
    for number, version in enumerate(versions):
        name = version["what"][0].upper() + version["what"][1:]
        page.get_by_role("button", name=name, exact=True).click()
        shown_as_recorded(page, label, number, version)
        assert f"break={label},{number + 1}" in page.url


def test_breaking_is_driven_by_the_keyboard_and_every_version_can_be_linked_to(open_figure):
    page = open_figure("index.html", "break")
    page.locator('[data-figure="break"] select').focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator('[data-figure="break"] [aria-pressed="true"]').count() == 1
    assert page.url.endswith("break=slopes:grad-w,2")
    again = open_figure("index.html", "break", page.url[page.url.index("?") :])
    status = '[data-figure="break"] [role=status]'
    assert again.inner_text(status) == page.inner_text(status)
    assert "the right side is 2 times the left" in page.inner_text(status)


def test_an_address_that_names_no_version_shows_the_first(open_figure):
    page = open_figure("index.html", "break", "?break=nonsense,77")
    assert "break=slopes:product-rule,4" in page.url


# --- draw a digit -----------------------------------------------------------------------------------------------------


DIGIT = runpy.run_path(str(Path(__file__).parents[2] / "docs" / "interactive" / "digit.py"))


def numbers_of(network, pixels):
    """All numbers that the figure shows of an image, by nnlit, with the weights of the file."""
    first, last = network.layers[1], network.layers[3]
    X = pixels.reshape(1, 784).astype(np.float64)
    sums, _ = first.forward(X / 255)
    hidden, _ = ReLU().forward(sums)
    logits, _ = last.forward(hidden)
    rows = {"z": sums[0], "b": first.b, "a": hidden[0], "Z": logits[0], "c": last.b, "P": softmax(logits)[0]}
    return {f"{name}{k}": row[k] for name, row in rows.items() for k in range(10)}


def digit_is_right(page, strokes):
    network, _ = DIGIT["unpacked"]()
    pixels, _ = prepare(DIGIT["gray"](strokes))
    for key, number in numbers_of(network, pixels).items():
        np.testing.assert_allclose(value(page, key), number, **CLOSE)


def drawn(page):
    """The strokes that stand in the address."""
    words = page.url.partition("digit=")[2].partition("&")[0]
    numbers = [[float(x) for x in stroke.split(".")] for stroke in words.split("-")]
    return [list(zip(s[::2], s[1::2], strict=True)) for s in numbers]


def wait_for_digit(page):
    page.wait_for_selector('[data-figure="digit"] [role=status][data-digit]')
    page.wait_for_function("document.querySelector('[data-key=P0]').dataset.value !== undefined")


def test_a_digit_is_read_as_nnlit_reads_it_and_each_of_the_examples_is_read_right(open_figure):
    page = open_figure("index.html", "digit")
    for k in range(10):
        page.get_by_label("a drawing to start with").select_option(str(k))
        page.wait_for_selector(f'[data-figure="digit"] [role=status][data-digit="{k}"]')
        digit_is_right(page, drawn(page))


def test_the_sheet_begins_with_a_three_that_the_first_stroke_takes_away(open_figure):
    page = open_figure("index.html", "digit")
    wait_for_digit(page)
    assert page.get_attribute('[data-figure="digit"] [role=status]', "data-digit") == "3"
    assert "digit=" not in page.url
    page.locator(".nnlit-play__sheet").focus()
    page.keyboard.press("ArrowUp")
    assert page.locator(".nnlit-play__ink polyline").count() == 1
    page.keyboard.press(" ")
    assert drawn(page) == [[(56, 52)]]
    page.keyboard.press("Backspace")
    assert "The sheet is empty" in page.inner_text('[data-figure="digit"] [role=status]')


def test_a_digit_is_drawn_with_the_mouse(open_figure):
    page = open_figure("index.html", "digit")
    page.locator(".nnlit-play__sheet").scroll_into_view_if_needed()
    box = page.locator(".nnlit-play__sheet").bounding_box()
    places = [
        (box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in ((0.5, 0.2), (0.52, 0.5), (0.5, 0.85))
    ]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=6)
    page.mouse.up()
    wait_for_digit(page)
    digit_is_right(page, drawn(page))
    assert "It reads 1," in page.inner_text('[data-figure="digit"] [role=status]')


def test_a_digit_is_drawn_with_the_keyboard_and_its_state_stands_in_the_address(open_figure):
    page = open_figure("index.html", "digit")
    page.locator(".nnlit-play__sheet").focus()
    for key in ["ArrowUp"] * 8 + [" "] + ["ArrowDown"] * 16 + [" "]:
        page.keyboard.press(key)
    wait_for_digit(page)
    digit_is_right(page, drawn(page))
    again = open_figure("index.html", "digit", page.url[page.url.index("?") :])
    wait_for_digit(again)
    assert value(again, "P1") == value(page, "P1")
    page.locator(".nnlit-play__sheet").focus()
    page.keyboard.press("Backspace")
    assert "The sheet is empty" in page.inner_text('[data-figure="digit"] [role=status]')


def test_a_finger_draws_as_well(open_figure):
    page = open_figure("index.html", "digit", has_touch=True)
    page.locator(".nnlit-play__sheet").scroll_into_view_if_needed()
    box = page.locator(".nnlit-play__sheet").bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    wait_for_digit(page)
    digit_is_right(page, drawn(page))
    assert [[tuple(point) for point in stroke] for stroke in drawn(page)] == [[(56, 56)]]


def test_what_a_class_wants_to_see_is_the_gradient_of_its_logit(open_figure):
    page = open_figure("index.html", "digit")
    page.get_by_label("a drawing to start with").select_option("3")
    page.get_by_label("what does a class want to see?").select_option("8")
    page.wait_for_selector('[data-key="wish"]')
    network, _ = DIGIT["unpacked"]()
    pixels, _ = prepare(DIGIT["gray"](drawn(page)))
    _, caches = network.forward(pixels.reshape(1, 784).astype(np.float64))
    slope, _ = network.backward(caches, np.eye(10)[[8]])
    np.testing.assert_allclose(value(page, "wish"), slope.max(), rtol=1e-6)
    script = """() => {
        const { drawing, gray, prepare, unpacked, forward, wants } = window.nnlit.digit;
        const weights = unpacked(window.nnlit.digitWeights);
        const strokes = drawing(new URLSearchParams(location.search).get("digit"));
        return [...wants(weights, forward(weights, prepare(gray(strokes))), 8)];
    }"""
    np.testing.assert_allclose(page.evaluate(script), slope[0], rtol=1e-6, atol=1e-12)


def thinned(image):
    """The centre line of a digit: pixels are taken off its edge as long as nothing falls apart (Zhang, Suen 1984)."""
    ink = np.pad(image > 100, 1)
    ring = [(-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1)]
    changed = True
    while changed:
        changed = False
        for one, two in (((0, 2, 4), (2, 4, 6)), ((0, 2, 6), (0, 4, 6))):
            around = np.array([np.roll(ink, (-y, -x), (0, 1)) for y, x in ring])
            steps = (~around & np.roll(around, -1, axis=0)).sum(axis=0)
            count = around.sum(axis=0)
            gone = ink & (count >= 2) & (count <= 6) & (steps == 1)
            gone &= ~around[list(one)].all(axis=0) & ~around[list(two)].all(axis=0)
            ink &= ~gone
            changed |= bool(gone.any())
    return ink[1:-1, 1:-1]


def centre_line(image):
    """The strokes of a digit's centre line on the sheet: one for every two neighboring pixels of it."""
    line = thinned(image.reshape(28, 28))
    places = [tuple(place) for place in np.argwhere(line).tolist()]
    pairs = [((y, x), (y + a, x + b)) for y, x in places for a, b in ((0, 1), (1, 0), (1, 1), (1, -1))]
    return [[(4 * x + 2, 4 * y + 2) for y, x in pair] for pair in pairs if pair[1] in places]


def test_dots_lines_and_squares_are_prepared_as_nnlit_prepares_them(open_figure):
    """Symmetric drawings, whose middle lies between two pixels, and scribbles."""
    page = open_figure("index.html", "digit", "?digit=40.40.60.60")
    wait_for_digit(page)
    rng = np.random.default_rng(0)
    drawings = [rng.integers(8, 104, size=(strokes, 4, 2)).tolist() for strokes in (1, 2, 3) for _ in range(10)]
    for x, y in rng.integers(10, 90, size=(20, 2)).tolist():
        drawings += [[[[x, y]]], [[[x, y], [x, y + 12]]], [[[x, y], [x + 9, y], [x + 9, y + 9], [x, y + 9], [x, y]]]]
    script = "(all) => all.map((one) => [...window.nnlit.digit.prepare(window.nnlit.digit.gray(one))])"
    for one, pixels in zip(drawings, page.evaluate(script, drawings), strict=True):
        np.testing.assert_array_equal(pixels, prepare(DIGIT["gray"](one)).pixels)


def test_two_hundred_drawings_along_the_centre_lines_of_digits_are_read_as_well_as_the_digits(open_figure):
    page = open_figure("index.html", "digit", "?digit=40.40.60.60")
    wait_for_digit(page)
    _, _, X, y = load_mnist()
    X, y, (network, _) = X[:200], y[:200], DIGIT["unpacked"]()
    drawings = [centre_line(image) for image in X]
    assert all(drawings)
    script = """(all) => all.map((strokes) => {
        const { gray, prepare, unpacked, forward } = window.nnlit.digit;
        const levels = gray(strokes);
        const pixels = prepare(levels);
        return [[...levels], [...pixels], forward(unpacked(window.nnlit.digitWeights), pixels).P];
    })"""
    read = []
    for k, (levels, pixels, P) in enumerate(
        one for at in range(0, 200, 20) for one in page.evaluate(script, drawings[at : at + 20])
    ):
        sheet = np.array(levels, np.uint8).reshape(112, 112)
        np.testing.assert_array_equal(sheet, DIGIT["gray"](drawings[k]))
        ours, _ = prepare(sheet)
        np.testing.assert_array_equal(pixels, ours)  # the same image, to the last gray level
        expected = numbers_of(network, ours)
        np.testing.assert_allclose(P, [expected[f"P{c}"] for c in range(10)], **CLOSE)
        read.append(int(np.argmax(P)))
    of_drawings, of_digits = np.mean(np.array(read) == y), accuracy(network, X, y)
    assert of_drawings >= of_digits - 0.05, f"{of_drawings:.3f} of the drawings, {of_digits:.3f} of the digits"


def test_the_weights_are_small_and_read_what_their_file_says():
    network, known = DIGIT["unpacked"]()
    assert DIGIT["WEIGHTS"].stat().st_size <= 60_000
    _, _, X, y = load_mnist()
    assert accuracy(network, X, y) == pytest.approx(known["accuracy"], abs=0.03)


# --- a network to watch -----------------------------------------------------------------------------------------------


WATCH = runpy.run_path(str(Path(__file__).parents[2] / "docs" / "interactive" / "watch.py"))


def trained(points, layers, units, seed, rule, steps):
    """The network after so many steps, and its loss, by nnlit, in float64, from the start that is shipped."""
    network = WATCH["start"](layers, units, seed)
    dense = [Dense(layer.W.astype(float), layer.b.astype(float)) for layer in network.layers if hasattr(layer, "W")]
    network = Network([part for layer in dense for part in (layer, ReLU())][:-1])
    places = np.array(points)
    X, y = (places[:, :2] - 50) / 40, places[:, 2]
    arrays = [array for layer in dense for array in (layer.W, layer.b)]
    states = [rule.init(array) for array in arrays]
    for t in range(1, steps + 1):
        Z, caches = network.forward(X)
        _, gradients = network.backward(caches, softmax_cross_entropy(Z, y)[1])
        slopes = [g[name] for g in gradients if g for name in ("W", "b")]
        states = [rule.update(*three, t) for three in zip(arrays, slopes, states, strict=True)]
    Z, _ = network.forward(X)
    return dense, softmax_cross_entropy(Z, y)[0], int((Z.argmax(axis=1) == y).sum())


def watch_is_right(page, expected):
    dense, loss, right = expected
    for number, layer in enumerate(dense):
        for k in range(layer.b.size):
            np.testing.assert_allclose(value(page, f"{number}/b/{k}"), layer.b[k], **CLOSE)
            found = [value(page, f"{number}/{j}/{k}") for j in range(len(layer.W))]
            np.testing.assert_allclose(found, layer.W[:, k], **CLOSE)
    status = '[data-figure="watch"] [role=status]'
    np.testing.assert_allclose(float(page.get_attribute(status, "data-loss")), loss, **CLOSE)
    assert int(page.get_attribute(status, "data-right")) == right


def shipped(name):
    text = WATCH["DATA"].read_text(encoding="utf-8").removeprefix(WATCH["BEGIN"]).removesuffix(WATCH["END"])
    return json.loads(text)["points"][name]


@pytest.mark.parametrize(
    ("name", "layers", "units", "seed"), [("XOR", 1, 2, 0), ("moons", 1, 4, 1), ("spiral", 2, 8, 2)]
)
def test_the_network_to_watch_is_nnlits_at_the_start_and_after_steps(open_figure, name, layers, units, seed):
    page = open_figure("06-activations", "watch")
    for label, chosen in (("points", name), ("layers", layers), ("units in each", units), ("start", seed)):
        page.locator(f'label.nnlit-play__choice:has(span:text-is("{label}")) select').select_option(value=str(chosen))
    points = shipped(name)
    watch_is_right(page, trained(points, layers, units, seed, Adam(0.1), 0))
    page.get_by_role("button", name="Step", exact=True).click()
    watch_is_right(page, trained(points, layers, units, seed, Adam(0.1), 1))
    for _ in range(9):
        page.get_by_role("button", name="Step", exact=True).click()
    watch_is_right(page, trained(points, layers, units, seed, Adam(0.1), 10))
    page.get_by_label("rule").select_option("descent")
    set_number(page, "learning rate", 0.5)
    page.get_by_role("button", name="100 steps").click()
    watch_is_right(page, trained(points, layers, units, seed, GradientDescent(0.5), 100))


def test_the_network_of_the_training_chapter_begins_after_a_hundred_steps(open_figure):
    page = open_figure("09-training", "watch")
    watch_is_right(page, trained(shipped("moons"), 2, 4, 0, Adam(0.1), 100))


def test_points_are_added_and_taken_away_by_the_keyboard_and_stand_in_the_address(open_figure):
    page = open_figure("06-activations", "watch")
    page.locator(".nnlit-play__plane").focus()
    for key in ["ArrowRight", "ArrowUp", "ArrowUp", "Enter", "ArrowLeft", "ArrowDown", "Delete"]:
        page.keyboard.press(key)
    points = shipped("XOR")
    assert "watch=own,1,2,0.1,Adam,0,0," in page.url
    page.get_by_role("button", name="Step", exact=True).focus()
    page.keyboard.press("Enter")
    words = page.url.partition("watch=")[2].split(",")[7].split("-")
    now = [[int(x) for x in point.split(".")] for point in words]
    assert len(now) == len(points)
    watch_is_right(page, trained(now, 1, 2, 0, Adam(0.1), 1))
    again = open_figure("06-activations", "watch", page.url[page.url.index("?") :])
    watch_is_right(again, trained(now, 1, 2, 0, Adam(0.1), 1))


def test_a_rate_that_is_too_large_ends_before_any_number_is_lost(open_figure):
    page = open_figure("06-activations", "watch", "?watch=spiral,2,8,3,descent,0,5000")
    values = page.eval_on_selector_all(
        '[data-figure="watch"] [data-key]', "all => all.map(a => Number(a.dataset.value))"
    )
    assert np.isfinite(values).all()
    assert np.abs(values).max() < 1e6


def test_the_network_runs_and_pauses(open_figure):
    page = open_figure("06-activations", "watch", reduced_motion="no-preference")
    page.clock.install(time=0)
    page.clock.pause_at(1000)  # the test makes the time pass, so that the steps are as many on any machine
    page.get_by_role("button", name="Run").click()
    page.clock.run_for(500)
    page.get_by_role("button", name="Pause").click()
    steps = int(page.get_attribute('[data-figure="watch"] [role=status]', "data-steps"))
    assert steps == 4 * 31  # four in each picture of the half second
    watch_is_right(page, trained(shipped("XOR"), 1, 2, 0, Adam(0.1), steps))


# --- all of them ------------------------------------------------------------------------------------------------------


FIGURES = [
    ("index.html", "break"),
    ("index.html", "digit"),
    ("03-descent", "downhill"),
    ("07-network", "backprop"),
    ("11-softmax", "softmax"),
]


@pytest.mark.parametrize(("page_name", "figure"), FIGURES)
def test_a_thousand_random_moves_end_without_an_error_or_nan(open_figure, page_name, figure):
    page = open_figure(page_name, figure)
    script = """([figure, seed]) => {
        let s = seed;
        const random = () => (s = (s * 1103515245 + 12345) % 2147483648) / 2147483648;
        const root = document.querySelector(`.nnlit-play[data-figure="${figure}"]`);
        for (let i = 0; i < 1000; i++) {
            const all = [...root.querySelectorAll("input, select, button:not(:disabled)")];
            const it = all[Math.floor(random() * all.length)];
            if (it.tagName === "BUTTON") it.click();
            else if (it.tagName === "SELECT") {
                it.selectedIndex = Math.floor(random() * it.options.length);
                it.dispatchEvent(new Event("change", { bubbles: true }));
            } else {
                const [low, high] = [Number(it.min || -5), Number(it.max || 5)];
                it.value = low + random() * (high - low);
                it.dispatchEvent(new Event("input", { bubbles: true }));
                it.dispatchEvent(new Event("change", { bubbles: true }));
            }
        }
        return [...root.querySelectorAll("[data-key]:not([data-may-be-lost])")].map((cell) => cell.dataset.value);
    }"""
    values = page.evaluate(script, [figure, 1])
    assert values or figure == "break"  # a version whose shapes do not fit has no numbers
    assert not [v for v in values if v in {"NaN", "undefined"}], json.dumps(values)
