"""What Lighthouse says of a published site: accessibility, best practices and SEO must be 100, performance is told.

    npm install --prefix .cache lighthouse@12.8
    python tests/tools/lighthouse.py SITE .cache/node_modules/lighthouse/cli/index.js --record

The home page, three chapters and the reference are looked at. One run of a page asks everything and is the gate; the
others ask the five measures of which performance is the mean. It is told as the median of all runs and is no gate,
since it depends on the machine. What moves while a page
loads is a gate in every run. Pages are sent compressed, as a host sends them. One browser serves all runs; Lighthouse
opens a window of its own in it and empties its store before each.

`--record` writes what came out into docs/lighthouse.json, from which the page "How this book is tested" has its table.
"""

import argparse
import functools
import gzip
import http.server
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
RECORD = ROOT / "docs" / "lighthouse.json"
PAGES = ("", "04-dense/", "09-training/", "14-optimizers/", "reference/")
GATES = ("accessibility", "best-practices", "seo")
SPEED = "performance"
MEASURES = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "speed-index")
MOVED = "cumulative-layout-shift"
SHIFT = 0.02  # what a page may move while it loads
RUNS = 5
PACKED = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
SECONDS = 300
TRIES = 3  # of a run that comes to no end: on a busy machine a browser may keep Lighthouse waiting for too long
HEAD = ["page", "accessibility", "best practices", "SEO", "moves by", SPEED, "lowest to highest"]
BASIS = ("mkdocs.yml", "nnlit/book/site/theme/main.html", "nnlit/book/site/theme/assets/nnlit/nnlit.css")
Found = dict[str, Any]


def server(site: Path) -> http.server.ThreadingHTTPServer:
    """The site at the path that it has on its host, compressed."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def translate_path(self, path: str) -> str:
            return super().translate_path(path.removeprefix("/nnlit"))

        def do_GET(self) -> None:
            path = Path(self.translate_path(self.path))
            path = path / "index.html" if path.is_dir() else path
            if path.suffix not in PACKED or not path.is_file():
                super().do_GET()
                return
            data = gzip.compress(path.read_bytes(), 6)
            self.send_response(200)
            for name, value in (
                ("Type", f"{PACKED[path.suffix]}; charset=utf-8"),
                ("Encoding", "gzip"),
                ("Length", len(data)),
            ):
                self.send_header(f"Content-{name}", str(value))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(site)))
    threading.Thread(target=made.serve_forever, daemon=True).start()
    return made


@contextmanager
def browser() -> Iterator[int]:
    """A Chromium that waits for Lighthouse, by the number of its port."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not path:
        sys.exit("no Chromium found: apt-get install chromium, or set CHROMIUM to the path of a browser")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        full = [path, *FLAGS, "--remote-debugging-port=0", f"--user-data-dir={profile}", "about:blank"]
        with subprocess.Popen(full, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as opened:
            try:
                yield port_of(Path(profile, "DevToolsActivePort"))
            finally:
                opened.terminate()


def port_of(file: Path) -> int:
    """The port that a browser has written down once it listens."""
    for _ in range(600):
        port, end, _ = file.read_text(encoding="utf-8").partition("\n") if file.exists() else ("", "", "")
        if end:  # the line is whole
            return int(port)
        time.sleep(0.1)
    sys.exit(f"the browser did not open a port within a minute: {file} does not exist")


class UnfinishedError(Exception):
    """A run that came to no end says nothing of the page."""


def run(cli: Path, address: str, port: int, asked: str, tries: int = TRIES) -> Found:
    """The scores of a page, from 0 to 100, what moved, and in words what took points of a gate."""
    try:
        return finished(cli, address, port, asked)
    except (UnfinishedError, subprocess.TimeoutExpired) as error:
        if tries == 1:
            raise
        sys.stdout.write(f"once more: {error}\n")
    return run(cli, address, port, asked, tries - 1)


def finished(cli: Path, address: str, port: int, asked: str) -> Found:
    """One run, to its end."""
    full = ["node", str(cli), address, "--quiet", "--output=json", "--output-path=stdout", f"--port={port}"]
    full += [asked, "--disable-full-page-screenshot"]
    done = subprocess.run(full, capture_output=True, text=True, timeout=SECONDS, check=False)
    if done.returncode:
        raise UnfinishedError(f"{address}: {done.stderr.strip()[-300:]}")
    found = json.loads(done.stdout)
    if found.get("runtimeError"):
        raise UnfinishedError(f"{address}: {found['runtimeError']['message']}")
    scores = {name: category["score"] for name, category in found["categories"].items()}
    moved = found["audits"][MOVED].get("numericValue")
    if None in {moved, *scores.values()}:
        raise UnfinishedError(f"{address}: not all was measured: {scores}, moved by {moved}")
    scores = {name: 100 * score for name, score in scores.items()}
    return {**scores, "moved": moved, "lost": list(lost(found)), "version": found["lighthouseVersion"]}


def lost(found: Found) -> Iterator[str]:
    """What took points of a gate."""
    for name in GATES:
        for part in found["categories"].get(name, {}).get("auditRefs", ()):
            audit = found["audits"][part["id"]]
            if audit["score"] not in {None, 1} and part["weight"]:
                yield f"{name}: {audit['title']}"


def judged(cli: Path, address: str, port: int, runs: int) -> Found:
    """A page: one run for everything, the others for performance alone."""
    whole = run(cli, address, port, f"--only-categories={','.join((*GATES, SPEED))}")
    more = [run(cli, address, port, f"--only-audits={','.join((*MEASURES, MOVED))}") for _ in range(runs - 1)]
    speeds = sorted(round(one[SPEED]) for one in (whole, *more))
    kept = {name: round(whole[name], 1) for name in GATES}
    moved = round(max(one["moved"] for one in (whole, *more)), 4)
    return {**kept, "moved": moved, SPEED: speeds, "lost": whole["lost"], "version": whole["version"]}


def missed(page: Found) -> list[str]:
    """The gates that a page misses, in words."""
    low = [f"{name} is {page[name]:g}, not 100" for name in GATES if page[name] < 100]
    return low + ([f"moves by {page['moved']} while it loads"] if page["moved"] >= SHIFT else [])


def cells(name: str, page: Found) -> list[str]:
    """The row of a page."""
    speeds = page[SPEED]
    median, span = f"{statistics.median(speeds):g}", f"{speeds[0]} to {speeds[-1]}"
    return [name or "home", *(f"{page[gate]:g}" for gate in GATES), f"{page['moved']:g}", median, span]


def tables(pages: dict[str, Found]) -> list[Found]:
    """The table of a record, as the site shows it."""
    runs = {len(page[SPEED]) for page in pages.values()}
    caption = f"Lighthouse's points, of 100; performance is the median of {' or '.join(map(str, sorted(runs)))} runs."
    return [{"caption": caption, "head": HEAD, "rows": [cells(name, page) for name, page in pages.items()]}]


def digests() -> dict[str, str]:
    """The hashes of what of the site the points rest on, as it is now."""
    from nnlit.book.source.recordings import file_digest

    return {name: file_digest(ROOT / name) for name in BASIS}


def keep(pages: dict[str, Found], day: str, load: float, basis: dict[str, str]) -> None:
    """Write what came out into the record, and on which state of the site."""
    from nnlit.files import write_atomically

    version = next(iter(pages.values()))["version"]
    cores = os.cpu_count()
    about = f"Measured on {day} by Lighthouse {version}, as a phone, {cores} cores, load {load:.1f} before the start."
    kept = {"about": about, "rests_on": {"": basis}, "load": load, "found": pages, "tables": tables(pages)}
    with write_atomically(RECORD) as file:
        file.write((json.dumps(kept, indent=1, ensure_ascii=False) + "\n").encode())


def main() -> int:
    """Judge a site; 1 where a gate is missed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("site", type=Path)
    parser.add_argument("cli", type=Path, help="Lighthouse's cli/index.js")
    parser.add_argument("--runs", type=int, default=RUNS, help="how often performance is measured")
    parser.add_argument("--pages", nargs="*", default=PAGES)
    parser.add_argument("--record", action="store_true", help=f"write docs/{RECORD.name} ({RUNS} runs)")
    options = parser.parse_args()
    if options.runs < 1 or (options.record and (options.runs != RUNS or tuple(options.pages) != PAGES)):
        parser.error(f"--runs is at least 1, and --record goes with {RUNS} runs of all pages")
    load, basis = os.getloadavg()[0], digests()
    made, pages = server(options.site), dict[str, Found]()
    with browser() as port:
        for name in options.pages:
            address = f"http://127.0.0.1:{made.server_port}/nnlit/{name}"
            pages[name] = judged(options.cli, address, port, options.runs)
            wrong = [*missed(pages[name]), *pages[name]["lost"]]
            told = [f"{head} {cell}" for head, cell in zip(HEAD[1:], cells(name, pages[name])[1:], strict=True)]
            sys.stdout.write("\n    ".join([f"{name or 'home'}: {', '.join(told)}", *wrong]) + "\n")
            sys.stdout.flush()
    made.shutdown()
    if any(missed(page) for page in pages.values()):
        return 1
    if options.record:
        keep(pages, datetime.now(UTC).date().isoformat(), load, basis)
    return 0


if __name__ == "__main__":
    sys.exit(main())
