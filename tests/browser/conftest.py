"""A browser and the built site, for the tests beside this file; test_pages.py tells what they need."""

import functools
import http.server
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

SITE = Path(os.environ.get("SITE", Path(__file__).parents[2] / "site"))
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome") or ""
ARGUMENTS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Chromium; what is missing is said, and is a failure."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        pytest.fail("Playwright is not installed: pip install playwright")
    if not CHROMIUM:
        pytest.fail("no Chromium found: apt-get install chromium, or set CHROMIUM to the path of a browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def context(browser) -> Callable[..., object]:
    """A window of a width, opened once for all pages: what one has fetched the next one finds."""

    @functools.cache
    def opened(width: int, **settings: bool) -> object:
        size = {"width": width, "height": 900}
        return browser.new_context(viewport=size, color_scheme="light", reduced_motion="reduce", **settings)

    return opened


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The site, served on this machine at the path that it has on its host."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def translate_path(self, path: str) -> str:
            return super().translate_path(path.removeprefix("/nnlit"))

        def log_message(self, *_: object) -> None:
            pass

    class Server(http.server.ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A page that is closed while it is sent is no fault."""

    server = Server(("127.0.0.1", 0), functools.partial(Quiet, directory=str(SITE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/nnlit/"
    server.shutdown()
    server.server_close()
