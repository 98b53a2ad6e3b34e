"""The figures that compute, in a real browser: every number shown is nnlit's own, at the start and after moves.

What it needs is told in test_pages.py.
"""

import json
import runpy
from pathlib import Path

import numpy as np
import pytest

from nnlit import Dense, Momentum, Network, ReLU, softmax_cross_entropy, squared_error
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


# --- all of them ------------------------------------------------------------------------------------------------------


FIGURES = [("index.html", "break"), ("03-descent", "downhill"), ("07-network", "backprop"), ("11-softmax", "softmax")]


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
