"""Every page of the built site in a real browser: light and dark, wide and narrow, with axe-core.

Not part of a plain `pytest`. It needs a built site, Chromium, Playwright and axe-core:

    mkdocs build
    apt-get install chromium              # or set CHROMIUM to another browser's path
    pip install playwright
    npm install --prefix .cache axe-core  # or set AXE to the path of axe.min.js
    pytest tests/browser

`SITE=FOLDER` checks a site that stands elsewhere than in `site`.
"""

import functools
import http.server
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SITE = Path(os.environ.get("SITE", ROOT / "site"))
AXE = Path(os.environ.get("AXE", ROOT / ".cache/node_modules/axe-core/axe.min.js"))
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome") or ""
ARGUMENTS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html"))
# A formula has thousands of spans and the color of its text. What the scheme cannot change is looked at once.
RUN = "rules => axe.run({exclude: ['.katex']}, {resultTypes: ['violations'], ...rules})"
RULES = {"light": {}, "dark": {"runOnly": ["color-contrast", "link-in-text-block"]}}
SERIOUS = {"serious", "critical"}


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Chromium; what is missing is said, and is a failure."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        pytest.fail("Playwright is not installed: pip install playwright")
    if not CHROMIUM:
        pytest.fail("no Chromium found: apt-get install chromium, or set CHROMIUM to the path of a browser")
    if not AXE.exists():
        pytest.fail(f"no axe-core at {AXE}: npm install --prefix .cache axe-core, or set AXE to its axe.min.js")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The site, served on this machine at the path that it has on its host."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def translate_path(self, path: str) -> str:
            return super().translate_path(path.removeprefix("/nnlit"))

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(SITE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/nnlit/"
    server.shutdown()
    server.server_close()


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
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    finally:
        context.close()
    others = [url for url in asked if not url.startswith((address, "data:", "blob:"))]
    assert others == [], "the page asks another host"
    assert errors == [], "JavaScript fails"
    assert wide <= 0, f"the page is {wide} pixels wider than its window"
    assert [told(v) for v in found if v["impact"] in SERIOUS] == []


def told(violation: dict) -> str:
    """A violation of axe in one line, with the first elements that have it."""
    nodes = ", ".join(node["html"][:120] for node in violation["nodes"][:3])
    return f"{violation['id']} ({len(violation['nodes'])}): {violation['help']}: {nodes}"
