"""Every page of the built site in a real browser: light and dark, wide and narrow, with and without JavaScript.

Not part of a plain `pytest`. It needs a built site, Chromium, Playwright and axe-core:

    mkdocs build
    python -m nnlit.book publish site     # the PDF
    apt-get install chromium              # or set CHROMIUM to another browser's path
    pip install playwright
    npm install --prefix .cache axe-core  # or set AXE to the path of axe.min.js
    pytest tests/browser

`SITE=FOLDER` checks a site that stands elsewhere than in `site`. `-n 2` shares the pages out.

A page is loaded once for a width, and all is asked of it there. Before axe looks, a formula becomes one letter of its
color, since its thousands of parts are hidden from a reader of the screen and have that color; of the many
words of code that look the same, two are left to be looked at, of a table thirty rows, and of the reference twelve
entries of a kind.
"""

import functools
import gzip
import os
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

ROOT = Path(__file__).parents[2]
SITE = Path(os.environ.get("SITE", ROOT / "site"))
AXE = Path(os.environ.get("AXE", ROOT / ".cache/node_modules/axe-core/axe.min.js"))
PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html"))
SCHEMES = {"light": "default", "dark": "slate"}
CHAPTERS = [name for name in PAGES if name[0].isdigit() and "/" in name]
ASKED = 14  # files of a chapter or of the home page, before a figure is touched
WEIGHT = 160  # KiB that these files of a chapter weigh as a server sends them, compressed where that helps
PACKED = {".woff2", ".png"}
SHIFT = 0.02  # what a page may move while it loads, as the browser counts it
# What the scheme cannot change is looked at once.
RULES = {"light": {}, "dark": {"runOnly": ["color-contrast", "link-in-text-block"]}}

SHIFTS = """() => new Promise((told) => {
    let sum = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => { sum += entry.value; }))
        .observe({ type: "layout-shift", buffered: true });
    requestAnimationFrame(() => setTimeout(() => told(sum), 0));
})"""

# What is wrong with a page as it is: too wide, code that is cut, a picture without words or without a file.
LOOK = """() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const told = [];
    const name = (node) => node.cloneNode().outerHTML.slice(0, 120);
    document.querySelectorAll("details").forEach((fold) => { fold.open = true; });
    const wide = document.documentElement.scrollWidth - clientWidth;
    if (scrollWidth > clientWidth || wide > 0) {
        told.push(`the page is ${Math.max(wide, scrollWidth - clientWidth)} pixels wider than its window`);
        const all = [...document.querySelectorAll("article *")].filter((node) => !node.closest(".katex"));
        const over = all.filter((node) => node.getBoundingClientRect().right > clientWidth + 1);
        told.push(...over.slice(0, 3).map((node) => `reaches over the edge: ${name(node)}`));
    }
    const whole = innerWidth < 700 ? "pre > code:not([data-aligned])" : ".nnlit-listing code";
    for (const code of document.querySelectorAll(whole))
        if (code.scrollWidth > code.clientWidth + 1) told.push(`a line is cut: ${code.textContent.slice(0, 80)}`);
    for (const image of document.querySelectorAll("article img")) {
        const seen = image.complete && image.getClientRects().length;
        if (!(image.getAttribute("alt") || "").trim()) told.push(`no text for those who do not see it: ${name(image)}`);
        if (seen && !image.naturalWidth) told.push(`no picture: ${name(image)}`);
    }
    return told;
}"""

# Links that a finger cannot tell apart.
TARGETS = """() => axe.run("article", {runOnly: ["target-size"], resultTypes: ["violations"]}).then(({ violations }) =>
    violations.flatMap(({ nodes }) => nodes.map((node) => `too small for a finger: ${node.html.slice(0, 120)}`)))"""

# Far fewer parts, of all the colors that there are.
LESSEN = """() => {
    document.querySelectorAll(".katex").forEach((formula) => formula.replaceChildren("x"));
    const seen = new Map();
    for (const entry of document.querySelectorAll(".doc-object")) {
        seen.set(entry.className, (seen.get(entry.className) || 0) + 1);
        if (seen.get(entry.className) > 12) entry.remove();
    }
    for (const word of document.querySelectorAll("pre span[class]:not(:has(*))")) {
        const around = word.closest("[class*=nnlit-]");
        const kind = [word.className, word.closest("a") ? "a" : "", around ? around.className : ""].join(" ");
        seen.set(kind, (seen.get(kind) || 0) + 1);
        const printed = word.matches(".go, .gr, .gr + .n");  // it goes on in the next line, as its style says
        if (seen.get(kind) > 2 && !printed) word.replaceWith(word.textContent);
    }
    document.querySelectorAll("pre").forEach((box) => box.normalize());
    document.querySelectorAll("tbody > tr:nth-child(n + 31)").forEach((row) => row.remove());
}"""

# A text can only be read without a script if no style hides it and what is folded opens by itself.
SILENT = """() => {
    const told = [];
    for (const fold of document.querySelectorAll("article details")) {
        const heads = fold.querySelectorAll(":scope > summary").length;
        if (heads !== 1) told.push(`folded for ever: ${fold.innerHTML.slice(0, 80)}`);
        fold.open = true;
    }
    const apart = ".nnlit-uncited, .headerlink, [src$='#only-dark'], annotation, script, style, template";
    const hidden = (node) => !node.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    for (const node of document.querySelectorAll("article *")) {
        const own = [...node.childNodes].some((one) => one.nodeType === Node.TEXT_NODE && one.data.trim());
        if (own && hidden(node) && !node.closest(apart)) told.push(`cannot be read: ${node.outerHTML.slice(0, 120)}`);
    }
    for (const node of document.querySelectorAll("article :is(img, .katex-html, pre > code)"))
        if (hidden(node) && !node.closest(apart)) told.push(`cannot be seen: ${node.outerHTML.slice(0, 120)}`);
    return told.slice(0, 10);
}"""


# The letters of the formulas of a page, by the font that they ask for.
DRAWN = """() => {
    const found = {};
    for (const formula of document.querySelectorAll(".katex-html")) {
        const walk = document.createTreeWalker(formula, NodeFilter.SHOW_TEXT);
        while (walk.nextNode()) {
            const style = getComputedStyle(walk.currentNode.parentElement);
            const family = style.fontFamily.split(",")[0].replace(/"/g, "");
            const font = [family, style.fontWeight, style.fontStyle].join(",");
            found[font] = (found[font] || "") + walk.currentNode.data;
        }
    }
    return Object.fromEntries(Object.entries(found).map(([font, text]) => [font, [...new Set(text)].join("")]));
}"""
FONTS = ROOT / "nnlit/book/site/theme"


def test_there_is_axe() -> None:
    assert AXE.exists(), f"no axe-core at {AXE}: npm install --prefix .cache axe-core, or set AXE to its axe.min.js"


def test_there_is_a_site() -> None:
    assert PAGES, f"no pages in {SITE}: run mkdocs build first"


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("name", PAGES)
def test_page(context, address: str, name: str, width: int) -> None:
    page, asked, told = context(width).new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: told.append(f"JavaScript fails: {error}"))
    page.on("console", lambda said: told.append(f"the console says: {said.text}") if said.type == "error" else None)
    try:
        page.goto(address + name, wait_until="load")
        moved = page.evaluate(SHIFTS)
        files = [url for url in asked if url.startswith(address)]
        told += page.evaluate(LOOK)
        page.evaluate(LESSEN)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        for scheme, rules in RULES.items():
            told += [f"{scheme}: {violation}" for violation in seen_by_axe(page, scheme, rules)]
        told += page.evaluate(TARGETS)  # not of the sidebar, whose first line may be half under its head
        page.evaluate("localStorage.clear()")  # the next page begins in the scheme of the system
    finally:
        page.close()
    told += [f"asks another host: {url}" for url in asked if not url.startswith((address, "data:", "blob:"))]
    if name in [*CHAPTERS, "index.html"] and len(files) > ASKED:
        told.append(f"asks for {len(files)} files: is the site published?")
    weight = sum(sent(url.removeprefix(address)) for url in files) / 1024
    told += [f"weighs {weight:.0f} KiB: is the site published?"] if name in CHAPTERS and weight > WEIGHT else []
    told += [f"moves by {moved:.3f} while it loads"] if moved >= SHIFT else []
    assert told == []


def sent(name: str) -> int:
    """The bytes of a file as a server sends it."""
    path = SITE / name.partition("?")[0]
    data = path.read_bytes()
    return len(data) if path.suffix in PACKED else len(gzip.compress(data, 6))


def seen_by_axe(page, scheme: str, rules: dict) -> list[str]:
    """The violations that axe finds in a scheme, which the switch in the head of the page sets."""
    page.evaluate("scheme => document.querySelector(`input[data-md-color-scheme=${scheme}]`).click()", SCHEMES[scheme])
    assert page.get_attribute("body", "data-md-color-scheme") == SCHEMES[scheme]
    found = page.evaluate("rules => axe.run(document, {resultTypes: ['violations'], ...rules})", rules)
    return [told(violation) for violation in found["violations"]]


@pytest.mark.parametrize("name", PAGES)
def test_page_without_javascript(context, address: str, name: str) -> None:
    page = context(1280, java_script_enabled=False).new_page()
    try:
        page.goto(address + name, wait_until="load")
        found = page.evaluate(SILENT)
        drawn = page.evaluate(DRAWN)
    finally:
        page.close()
    assert found == []
    assert [f"{font} has no {letters}" for font, text in drawn.items() if (letters := lost(font, text))] == []


def lost(font: str, letters: str) -> str:
    """The letters that a font of the site lacks and the same font of the book has."""
    family, weight, style = font.split(",")
    kind = {("400", "normal"): "Regular", ("400", "italic"): "Italic"}.get((weight, style))
    kind = kind or ("BoldItalic" if style == "italic" else "Bold")
    name = f"assets/nnlit/fonts/{family}-{kind}.woff2"
    if not (FONTS / name).exists():
        return ""
    return "".join(letter for letter in letters if letter in has(FONTS / name) and letter not in has(SITE / name))


@functools.cache
def has(font: Path) -> set[str]:
    """The letters of a font."""
    return {chr(code) for code in TTFont(font).getBestCmap()}


def told(violation: dict) -> str:
    """A violation of axe in one line, with the first elements that have it."""
    nodes = ", ".join(node["html"][:120] for node in violation["nodes"][:3])
    return f"{violation['id']} ({len(violation['nodes'])}): {violation['help']}: {nodes}"
