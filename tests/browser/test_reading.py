"""What the pages answer while they are read: symbols, equations' numbers, tagged lines, copied code."""

import io
import os
import re
import zipfile
from pathlib import Path

import pytest
from PIL import Image, ImageChops

MADE = ("exercises", "formulas", "symbols", "reference", "public-texts")  # pages that are made of others
SITE = Path(os.environ.get("SITE", Path(__file__).parents[2] / "site"))

STATE = "tip => tip.matches(':popover-open')"


@pytest.fixture
def page(browser, request):
    options = {"viewport": {"width": 1280, "height": 900}, **getattr(request, "param", {})}
    context = browser.new_context(**options)
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


def open_tip(page) -> str:
    page.wait_for_function("document.querySelector('.nnlit-tip').matches(':popover-open')")
    return re.sub(r"\s+", " ", page.inner_text(".nnlit-tip"))


def is_open(page) -> bool:
    return page.eval_on_selector(".nnlit-tip", STATE)


def tells(page, symbol) -> None:
    """Wait until the tip tells the row of a symbol; it appears when the pointer has been there for a moment."""
    begin = row_of(page, symbol)[:20]
    page.wait_for_function("begin => document.querySelector('.nnlit-tip').textContent.includes(begin)", arg=begin)


def row_of(page, symbol) -> str:
    """The words that the table has for a symbol."""
    number = symbol.get_attribute("data-s")
    column = "[...row.closest('table').tHead.rows[0].cells].findIndex(cell => cell.textContent.trim() === 'meaning')"
    return page.eval_on_selector(f"tr[data-row='{number}']", f"row => row.cells[{column}].textContent.trim()")


def test_a_symbol_of_a_display_tells_what_it_means_when_pointed_at(page, address: str) -> None:
    page.goto(address + "04-dense/")
    symbol = page.locator("#eq-dense-forward .nnlit-eq-tex [data-s]").nth(2)  # the W of Z = X W + b
    symbol.hover()
    told = open_tip(page)
    assert "weights: one column per output" in told
    assert "in code self.W" in told
    assert "shape" in told
    page.mouse.move(5, 5)
    page.wait_for_function("!document.querySelector('.nnlit-tip').matches(':popover-open')")


def test_a_symbol_within_a_line_tells_its_row(page, address: str) -> None:
    page.goto(address + "05-losses/")
    symbols = page.locator("article p .katex-html [data-s]:not(:has([data-s]))")
    assert symbols.count() > 50
    for k in range(0, 50, 10):
        symbols.nth(k).scroll_into_view_if_needed()
        symbols.nth(k).hover()
        tells(page, symbols.nth(k))


def test_the_keyboard_goes_through_the_symbols_of_a_display(page, address: str) -> None:
    page.goto(address + "04-dense/")
    display = page.locator("#eq-dense-forward .nnlit-eq-tex")
    count = display.locator("[data-s]").count()
    assert display.locator("[tabindex]").count() == 0  # one stop
    display.focus()
    heard = []
    for _ in range(count + 1):
        page.keyboard.press("ArrowRight")
        assert is_open(page)
        heard.append(page.inner_text("[role=status].nnlit-status"))
    assert "weights: one column per output" in " ".join(heard)
    assert heard[0] == heard[count]  # round
    page.keyboard.press("End")
    page.keyboard.press("Home")
    assert page.text_content("[role=status].nnlit-status") == heard[0]
    page.keyboard.press("Escape")
    assert not is_open(page)
    page.keyboard.press("ArrowLeft")
    assert is_open(page)
    page.keyboard.press("Tab")
    assert not is_open(page)


@pytest.mark.parametrize(
    "page", [{"viewport": {"width": 360, "height": 700}, "has_touch": True, "color_scheme": "dark"}], indirect=True
)
def test_a_tap_tells_and_a_tap_elsewhere_closes(page, address: str) -> None:
    page.goto(address + "04-dense/")
    page.locator("article p .katex-html [data-s]").nth(6).tap()
    open_tip(page)
    box = page.locator(".nnlit-tip").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    page.locator("h1").tap()
    assert not is_open(page)


def test_every_mark_has_its_row(page, address: str) -> None:
    for name in ("02-slopes", "07-network", "11-softmax", "14-optimizers", "18-autodiff", "errata", *MADE):
        page.goto(f"{address}{name}/")
        marks = page.eval_on_selector_all("[data-s]", "all => all.map(s => s.dataset.s)")
        rows = page.eval_on_selector_all("tr[data-row]", "all => all.map(row => row.dataset.row)")
        assert set(marks) <= set(rows), name
        assert len(set(rows)) == len(rows), name


@pytest.mark.parametrize("name", ["", *(f"{name}/" for name in MADE)])
def test_a_symbol_of_a_page_that_is_made_of_others_tells_its_row(page, address: str, name: str) -> None:
    page.goto(address + name)
    symbols = page.locator("article .katex-html [data-s]:not(:has([data-s])):visible")
    assert symbols.count() > 5
    for k in range(0, min(symbols.count(), 40), 8):
        page.keyboard.press("Escape")
        symbols.nth(k).scroll_into_view_if_needed()
        symbols.nth(k).dispatch_event("pointerover", {"pointerType": "mouse"})  # an index may lie under empty boxes
        tells(page, symbols.nth(k))


def test_a_number_shows_its_equation_in_place_also_from_another_page(page, address: str) -> None:
    page.goto(address + "04-dense/")
    page.locator("article p .nnlit-ref[href$='#eq-dense-forward-entry']").first.hover()
    page.wait_for_selector(".nnlit-tip:popover-open figure.nnlit-eq")
    assert "∑" in open_tip(page)
    page.goto(address + "07-network/")
    link = page.locator("article p .nnlit-ref[href*='04-dense']").first
    link.scroll_into_view_if_needed()
    link.hover()
    page.wait_for_selector(".nnlit-tip:popover-open figure.nnlit-eq")
    assert "/07-network/" in page.url


def test_a_tagged_line_shows_its_equation(page, address: str) -> None:
    page.goto(address + "04-dense/")
    line = page.locator(".nnlit-tagged", has_text="grad_W = X.T").first
    line.scroll_into_view_if_needed()
    line.hover(position={"x": 60, "y": 5})
    open_tip(page)
    shown = page.locator(".nnlit-tip .nnlit-ref").get_attribute("href")
    assert shown.endswith("#eq-dense-grad-W")


def test_code_is_copied_without_prompts_and_output(page, address: str) -> None:
    page.goto(address + "04-dense/")
    boxes = page.locator("article .nnlit-copy")
    assert boxes.count() > 5
    copied = page.evaluate("[...document.querySelectorAll('.nnlit-copy')].map(b => nnlit.code(b.parentElement))")
    assert "layer = Dense(W=np.array([[1.0, 2.0],\n" in copied[0]
    for text in copied:
        assert not re.search(r"^(>>>|\.\.\.)", text, re.MULTILINE)
        compile(text if not text.startswith("    ") else "if 1:\n" + text, "copied", "exec")
    assert "[[13.5, 23.5]]" not in copied[0]
    (listing,) = [text for text in copied if text.startswith("@dataclass") and "class Dense" in text]
    assert re.search(r"grad_W = X.T @ grad_Z  # eq dense:grad-W$", listing, re.MULTILINE)


# In place of each sign that stands at the head of the article, the sign itself.
OWN = """() => document.querySelectorAll(".katex use").forEach((use) => {
    const path = document.querySelector(use.getAttribute("href")).cloneNode();
    path.removeAttribute("id");
    use.replaceWith(path);
})"""


def seen(formula) -> Image.Image:
    """A formula as it stands on the screen."""
    return Image.open(io.BytesIO(formula.screenshot())).convert("L")


def differ(one: Image.Image, other: Image.Image) -> int:
    """By how much the most different point of two pictures differs, from 0 to 255."""
    return ImageChops.difference(one, other).getextrema()[1]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_root_that_is_drawn_once_for_all_looks_as_its_own_would(browser, address: str, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    try:
        page.goto(address + "14-optimizers/")
        page.evaluate("document.querySelectorAll('details:has(.nnlit-eq)').forEach((fold) => { fold.open = true; })")
        page.evaluate("document.querySelectorAll('.nnlit-eq .katex:has(use)').forEach((one) => { one.id = 'shared'; })")
        formulas = page.locator("#shared")
        assert formulas.count() >= 10
        some = [formulas.nth(k) for k in range(0, formulas.count(), 4)]
        before = [seen(formula) for formula in some]
        page.evaluate(OWN)
        assert page.locator(".katex use").count() == 0
        assert max(differ(seen(formula), old) for formula, old in zip(some, before, strict=True)) < 10
        page.evaluate("document.querySelectorAll('.katex svg').forEach((sign) => sign.replaceChildren())")
        assert min(differ(seen(formula), old) for formula, old in zip(some, before, strict=True)) > 100
    finally:
        context.close()


def test_without_javascript_the_folded_table_serves(browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    try:
        page.goto(address + "04-dense/")
        fold = page.locator("details.symbols").first
        fold.locator("summary").click()
        assert fold.locator("tr").nth(2).is_visible()
        assert page.locator(".nnlit-copy").count() == 0
    finally:
        context.close()


def test_the_index_of_the_search_is_loaded_on_first_use(page, address: str) -> None:
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address + "04-dense/", wait_until="networkidle")
    assert not any("search_index" in url for url in asked)
    with page.expect_request(lambda request: "search_index" in request.url):
        if not page.locator(".md-search__input").is_visible():
            page.locator("label[for=__search]").first.click()
        page.locator(".md-search__input").click()


# Whether a result, or the one of a rank, leads to a place.
FOUND = """([place, rank]) => {
    const found = [...document.querySelectorAll(".md-search-result__link")].map((link) => link.href);
    return (rank === null ? found : found.slice(rank, rank + 1)).some((href) => new RegExp(place).test(href));
}"""


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("softmax_cross_entropy", r"reference-better/.*#nnlit.softmax.softmax_cross_entropy$"),
        ("dense:grad-W", r"04-dense/.*#eq-dense-grad-W$"),
        ("check_gradient", r"reference/.*#nnlit.slopes.check_gradient$"),
        ("learning rate", r"symbols/.*#symbol-\d+$"),
        ("η", r"symbols/.*#symbol-\d+$"),
        ("only the sign is wrong", r"04-dense/"),
        ("GradientError: gradient of x: entry (2,) is claimed", r"02-slopes/"),
        ("SquaredError: expected labels of shape", r"05-losses/"),
        ("a word that is nowhere on these pages at all", "."),  # no page has all the words, so some serve
    ],
)
def test_the_search_finds_public_names_labels_symbols_and_errors(page, address: str, words: str, place: str) -> None:
    page.goto(address + "notation/")
    page.locator(".md-search__input").click()
    page.locator(".md-search__input").fill(words)  # at once, or what is found for its first letters is shown before
    page.locator(".md-search__input").press("End")  # the search begins when a key is released
    rank = 1 if words == "dense:grad-W" else None  # the first is the page
    page.wait_for_function(FOUND, arg=[place, rank])


def test_from_a_disk_the_search_finds_and_leads_to_a_page(page, tmp_path) -> None:
    with zipfile.ZipFile(SITE / "nnlit-site.zip") as archive:
        archive.extractall(tmp_path)
    page.goto((tmp_path / "nnlit/04-dense/index.html").as_uri())
    page.locator(".md-search__input").click()
    page.locator(".md-search__input").press_sequentially("dense:grad-W")
    page.locator(".md-search-result__link[href*='eq-dense-grad-W']").first.click()
    page.wait_for_url(re.compile(r"/nnlit/04-dense/index.html\?h=[^#]+#eq-dense-grad-W"))
    assert page.locator("figure#eq-dense-grad-W").is_visible()
    assert page.locator("article mark").count() > 0  # the words are shown where they stand
