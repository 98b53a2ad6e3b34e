"""What Lighthouse says of a published site: accessibility, best practices and SEO must be 100, performance is told.

    npm install --prefix .cache lighthouse@12.8
    python tests/tools/lighthouse.py SITE .cache/node_modules/lighthouse/cli/index.js --runs 5

The home page, three chapters and the reference are looked at. Performance is the median of the runs, and no gate: it
depends on the machine. Pages are sent compressed, as a host sends them.
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
import threading
from pathlib import Path

PAGES = ("", "04-dense/", "09-training/", "14-optimizers/", "reference/")
GATES = ("accessibility", "best-practices", "seo")
PACKED = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FLAGS = "--chrome-flags=--headless=new --no-sandbox --disable-gpu"
SECONDS = 300


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


def run(cli: Path, address: str, categories: tuple[str, ...]) -> dict[str, float]:
    """The scores of a page, from 0 to 100, and in words what took points of a gate."""
    full = ["node", str(cli), address, "--quiet", "--output=json", "--output-path=stdout", FLAGS]
    full += [f"--only-categories={','.join(categories)}", "--disable-full-page-screenshot"]
    done = subprocess.run(full, capture_output=True, text=True, timeout=SECONDS, check=False)
    if done.returncode:
        raise RuntimeError(f"{address}: {done.stderr.strip()[-300:]}")
    found = json.loads(done.stdout)
    if found.get("runtimeError"):
        raise RuntimeError(f"{address}: {found['runtimeError']['message']}")
    for name in GATES:
        for part in found["categories"].get(name, {}).get("auditRefs", ()):
            audit = found["audits"][part["id"]]
            if audit["score"] not in {None, 1} and part["weight"]:
                sys.stdout.write(f"    {name}: {audit['title']}\n")
    return {name: 100 * category["score"] for name, category in found["categories"].items()}


def main() -> int:
    """Judge a site; 1 where a gate is missed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("site", type=Path)
    parser.add_argument("cli", type=Path, help="Lighthouse's cli/index.js")
    parser.add_argument("--runs", type=int, default=5, help="how often performance is measured")
    parser.add_argument("--pages", nargs="*", default=PAGES)
    options = parser.parse_args()
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser:
        os.environ.setdefault("CHROME_PATH", os.environ.get("CHROMIUM", browser))
    made, missed = server(options.site), 0
    for page in options.pages:
        address = f"http://127.0.0.1:{made.server_port}/nnlit/{page}"
        gates = run(options.cli, address, GATES)
        missed += any(score < 100 for score in gates.values())
        speed = [run(options.cli, address, ("performance",))["performance"] for _ in range(options.runs)]
        told = [f"{name} {score:.0f}" for name, score in gates.items()]
        told += [f"performance {statistics.median(speed):.0f} (median of {len(speed)})"] if speed else []
        sys.stdout.write(f"{page or 'home'}: {', '.join(told)}\n")
        sys.stdout.flush()
    made.shutdown()
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
