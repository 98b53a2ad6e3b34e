"""Every page of the built site in a real browser: light and dark, wide and narrow, with axe-core.

Not part of a plain `pytest`. It needs a built site, Chromium, Playwright and axe-core, and without JavaScript:

    mkdocs build
    apt-get install chromium              # or set CHROMIUM to another browser's path
    pip install playwright
    npm install --prefix .cache axe-core  # or set AXE to the path of axe.min.js
    pytest tests/browser

`SITE=FOLDER` checks a site that stands elsewhere than in `site`.
"""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SITE = Path(os.environ.get("SITE", ROOT / "site"))
AXE = Path(os.environ.get("AXE", ROOT / ".cache/node_modules/axe-core/axe.min.js"))
PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html"))
# A formula has thousands of spans and the color of its text. What the scheme cannot change is looked at once.
RUN = "rules => axe.run({exclude: ['.katex']}, {resultTypes: ['violations'], ...rules})"
RULES = {"light": {}, "dark": {"runOnly": ["color-contrast", "link-in-text-block"]}}


def test_there_is_axe() -> None:
    assert AXE.exists(), f"no axe-core at {AXE}: npm install --prefix .cache axe-core, or set AXE to its axe.min.js"


def test_there_is_a_site() -> None:
    assert PAGES, f"no pages in {SITE}: run mkdocs build first"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("name", PAGES)
def test_page(browser, address: str, name: str, width: int, scheme: str) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    page, asked, errors = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    try:
        page.goto(address + name, wait_until="load")
        page.wait_for_timeout(100)
        page.add_script_tag(path=str(AXE))
        unfold = "document.querySelectorAll('details').forEach(d => d.open = true)"
        page.evaluate(unfold)
        found = page.evaluate(RUN, RULES[scheme])["violations"]
        unnamed = page.eval_on_selector_all("article img:not([alt]), article img[alt='']", "all => all.map(i => i.src)")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    finally:
        context.close()
    others = [url for url in asked if not url.startswith((address, "data:", "blob:"))]
    assert others == [], "the page asks another host"
    assert errors == [], "JavaScript fails"
    assert wide <= 0, f"the page is {wide} pixels wider than its window"
    assert [told(violation) for violation in found] == []
    assert unnamed == [], "pictures without a text for those who do not see them"


@pytest.mark.parametrize("name", PAGES)
def test_page_without_javascript(browser, address: str, name: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    page = context.new_page()
    try:
        page.goto(address + name, wait_until="load")
        # a text can only be seen without a script if no style hides it; what is folded opens by itself
        folds, hidden = page.locator("article details"), []
        for fold in folds.all():
            hidden += [] if fold.locator("> summary").count() == 1 else [fold.inner_html()[:80]]
        kinds = ("h1", ".katex-html", "pre > code", ".nnlit-play img")
        shown = [page.locator(f"article {kind}").first for kind in kinds]
        seen = [one.is_visible() for one in shown if one.count() and not one.locator("xpath=ancestor::details").count()]
    finally:
        context.close()
    assert hidden == [], "a folded block without a line to open it by"
    assert all(seen)


def told(violation: dict) -> str:
    """A violation of axe in one line, with the first elements that have it."""
    nodes = ", ".join(node["html"][:120] for node in violation["nodes"][:3])
    return f"{violation['id']} ({len(violation['nodes'])}): {violation['help']}: {nodes}"
