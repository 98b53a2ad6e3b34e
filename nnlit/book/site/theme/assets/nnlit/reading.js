// What the pages of the book answer: symbols tell what they mean, numbers and tagged lines show their equation, code is copied.
// Nothing is stored here: a symbol's meaning is its row in a table of the page, an equation is the figure it stands in.
(() => {
  "use strict";
  const article = document.querySelector("article");
  if (!article || !("popover" in HTMLElement.prototype)) return; // links and tables serve older browsers

  const element = (tag, attributes, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  };

  const tip = element("div", { class: "nnlit-tip", popover: "manual", id: "nnlit-tip" });
  const status = element("p", { class: "nnlit-status", role: "status" });
  article.append(tip, status);

  let shown = null; // what the tip is about
  let waiting = 0;

  // Put the tip below what it is about, or above where there is more room.
  function place(about) {
    const { left: begin, width, top, bottom } = about.getBoundingClientRect();
    const [box, own, gap] = [{ top, bottom }, tip.getBoundingClientRect(), 8];
    const left = Math.min(Math.max(begin + width / 2 - own.width / 2, gap), innerWidth - own.width - gap);
    const display = about.closest(".nnlit-eq-tex"); // the tip leaves a display free, if it is not too high
    const rows = display && display.getBoundingClientRect();
    if (rows && rows.height < 130) [box.top, box.bottom] = [rows.top, rows.bottom];
    const below = box.bottom + gap + own.height <= innerHeight || box.top < own.height + gap;
    tip.style.left = `${Math.max(left, gap)}px`;
    tip.style.top = `${below ? box.bottom + gap : box.top - own.height - gap}px`;
  }

  function show(about, ...content) {
    hide();
    shown = about;
    about.classList.add("nnlit-on");
    tip.replaceChildren(...content);
    tip.showPopover();
    place(about);
  }

  function hide() {
    clearTimeout(waiting);
    if (!shown) return;
    shown.classList.remove("nnlit-on");
    shown = null;
    tip.hidePopover();
  }

  const later = (act, time) => {
    clearTimeout(waiting);
    waiting = setTimeout(act, time);
  };

  // The words of a cell; a formula stands there twice, once for the eye.
  function words(node) {
    const copy = node.cloneNode(true);
    for (const one of copy.querySelectorAll(".katex-html, annotation, .headerlink")) one.remove();
    return copy.textContent.replace(/\s+/g, " ").trim();
  }

  // What the row of a symbol says: the cells of the table, and their words.
  function meaning(symbol) {
    const row = article.querySelector(`tr[data-row="${symbol.dataset.s}"]`);
    if (!row) return null;
    const heads = [...row.closest("table").tHead.rows[0].cells].map((cell) => cell.textContent.trim());
    const list = element("dl", {});
    const said = [];
    for (const [tag, name, ...heading] of [["dt", "", "symbol"], ["dd", "", "meaning"], ["dd", "shape", "shape"], ["dd", "in code", "code", "in code"]]) {
      const cell = row.cells[heads.findIndex((head) => heading.includes(head))];
      if (!cell || !cell.textContent.trim()) continue;
      const copy = element(tag, {}, ...(name ? [element("span", {}, `${name} `)] : []));
      copy.append(...cell.cloneNode(true).childNodes);
      for (const one of copy.querySelectorAll("[id], [tabindex]")) one.removeAttribute("id"), one.removeAttribute("tabindex");
      list.append(copy);
      said.push(name ? `${name} ${words(cell)}` : words(cell));
    }
    return { list, said: said.join("; ") };
  }

  function explain(symbol, aloud) {
    const found = meaning(symbol);
    if (!found) return;
    show(symbol, found.list);
    if (aloud) status.textContent = found.said;
  }

  // An equation from this page or from another one, which is fetched once; from a disk nothing can be fetched.
  const pages = new Map();
  async function equation(link) {
    const address = new URL(link.href);
    const id = decodeURIComponent(address.hash.slice(1));
    let page = document;
    if (address.pathname !== location.pathname) {
      if (!location.protocol.startsWith("http")) return null;
      if (!pages.has(address.pathname)) {
        const text = fetch(address.pathname).then((answer) => (answer.ok ? answer.text() : ""));
        pages.set(address.pathname, text.then((html) => new DOMParser().parseFromString(html, "text/html")));
      }
      page = await pages.get(address.pathname);
    }
    const figure = page.getElementById(id);
    if (!figure || !figure.classList.contains("nnlit-eq") || figure.contains(link)) return null;
    const copy = document.importNode(figure, true);
    copy.removeAttribute("id");
    for (const one of copy.querySelectorAll("[tabindex]")) one.removeAttribute("tabindex");
    for (const one of copy.querySelectorAll("[data-s]")) one.removeAttribute("data-s"); // the rows are on its own page
    for (const one of copy.querySelectorAll("a[href]")) one.href = new URL(one.getAttribute("href"), address).href;
    return copy;
  }

  async function preview(about, link) {
    const figure = await equation(link).catch(() => null);
    if (figure && (about.matches(":hover") || document.activeElement === link)) show(about, figure);
  }

  const symbolAt = (node) => (node.closest ? node.closest("article [data-s]") : null);
  const linkAt = (node) => {
    const line = node.closest && node.closest("article .nnlit-ref, article .nnlit-tagged");
    return line && { about: line, link: line.matches("a") ? line : line.querySelector(".nnlit-ref") };
  };

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const [symbol, found] = [symbolAt(event.target), linkAt(event.target)];
    if (symbol && symbol !== shown) later(() => explain(symbol), 120);
    else if (found && found.link && found.about !== shown) later(() => preview(found.about, found.link), 200);
    else if (shown && !tip.contains(event.target) && !shown.contains(event.target)) later(hide, 250);
    else clearTimeout(waiting);
  });

  document.addEventListener("click", (event) => {
    const symbol = symbolAt(event.target);
    if (symbol && !event.target.closest("a")) {
      if (symbol === shown) hide();
      else explain(symbol, true);
    } else if (shown && !tip.contains(event.target)) hide();
  });

  // One stop for a display; the arrow keys go through its symbols.
  const at = (display) => [...display.querySelectorAll("[data-s]")];
  for (const display of article.querySelectorAll(".nnlit-eq-tex")) {
    if (!at(display).length) continue;
    display.setAttribute("aria-description", "The arrow keys left and right go through its symbols.");
    display.addEventListener("keydown", (event) => {
      const symbols = at(display);
      const now = symbols.indexOf(shown);
      const steps = { ArrowRight: now + 1, ArrowLeft: now < 0 ? symbols.length - 1 : now - 1, Home: 0, End: symbols.length - 1 };
      if (!(event.key in steps) || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      const symbol = symbols[(steps[event.key] + symbols.length) % symbols.length];
      symbol.scrollIntoView({ block: "nearest", inline: "nearest" });
      explain(symbol, true);
    });
    display.addEventListener("blur", hide);
  }

  article.addEventListener("focusin", (event) => {
    const found = event.target.matches(".nnlit-ref") && linkAt(event.target);
    if (found && event.target.matches(":focus-visible")) preview(event.target, event.target);
  });
  article.addEventListener("focusout", (event) => event.target.matches(".nnlit-ref") && hide());
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  addEventListener("scroll", () => shown && !tip.matches(":hover") && place(shown), { passive: true });
  addEventListener("resize", hide);

  // Code without prompts, without what it prints, and without the numbers behind labels.
  function code(box) {
    return [...box.querySelectorAll("pre > code")].map((part) => {
      const copy = part.cloneNode(true);
      for (const link of copy.querySelectorAll(".nnlit-ref")) link.textContent = link.textContent.replace(/ \([\d.]+\)$/, "");
      const lines = copy.textContent.replace(/\n$/, "").split("\n");
      const prompt = [/^(>>>|\.\.\.)( |$)/, /^\$ /].find((one) => one.test(lines[0]));
      return (prompt ? lines.filter((line) => prompt.test(line)).map((line) => line.replace(prompt, "")) : lines).join("\n");
    }).join("\n");
  }

  async function copy(text) {
    if (navigator.clipboard && isSecureContext) return navigator.clipboard.writeText(text);
    const area = element("textarea", { class: "nnlit-status" }); // a page opened from a disk has no clipboard of its own
    area.value = text;
    article.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }

  for (const box of article.querySelectorAll(".nnlit-listing, div.highlight:not(.nnlit-listing):not(.nnlit-eq-code)")) {
    if (!box.querySelector("pre > code") || box.parentElement.closest(".nnlit-listing")) continue;
    const button = element("button", { type: "button", class: "nnlit-copy", "aria-label": "Copy this code" }, "Copy");
    button.addEventListener("click", async () => {
      await copy(code(box));
      button.textContent = status.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
    box.append(button);
  }

  window.nnlit = { ...window.nnlit, code };
})();
