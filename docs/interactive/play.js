// What the figures that compute share: elements, numbers, native controls, and the state in the page's address.
// Every figure is a <div class="nnlit-play" data-figure="NAME"> around its static picture; without JavaScript that stays.
(() => {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";

  function fill(node, attributes, children) {
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (value === true) node.setAttribute(name, "");
      else if (value !== false && value != null) node.setAttribute(name, value);
    }
    node.append(...children);
    return node;
  }

  const element = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
  const svg = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

  // Six significant digits, without a tail of zeros; what is no number is said.
  function text(x, digits = 4) {
    if (Number.isNaN(x)) return "not a number";
    if (!Number.isFinite(x)) return x > 0 ? "infinity" : "−infinity";
    const size = Math.abs(x);
    const shown = size && (size < 1e-4 || size >= 1e6) ? x.toExponential(2) : String(Number(x.toPrecision(digits)));
    return shown.replaceAll("-", "−");
  }

  // A table whose cells can be rewritten; `data-value` holds the number with all its digits, for tests and for copying.
  function table(caption, head, rows) {
    const cells = {};
    const body = rows.map(([name, ...keys]) => element("tr", {}, element("th", { scope: "row" }, name), ...keys.map((key) => {
      cells[key] = element("td", { "data-key": key });
      return cells[key];
    })));
    const node = element("table", { class: "nnlit-play__table" }, element("caption", {}, caption),
      element("thead", {}, element("tr", {}, ...head.map((word) => (word ? element("th", { scope: "col" }, word) : element("td", {}))))),
      element("tbody", {}, ...body));
    const show = (key, x, mayBeLost) => { // mayBeLost: the figure shows on purpose how a number becomes none
      cells[key].textContent = typeof x === "number" ? text(x) : x;
      cells[key].dataset.value = x;
      cells[key].toggleAttribute("data-may-be-lost", Boolean(mayBeLost));
    };
    return { node: element("div", { class: "nnlit-play__scroll", tabindex: 0, role: "group", "aria-label": caption }, node), show };
  }

  // A slider and a field for one number: the slider for trying, the field for any value.
  function number({ label, min, max, step, value, change }) {
    const range = element("input", { type: "range", min, max, step, "aria-label": label });
    const field = element("input", { type: "number", step: "any", "aria-label": `${label}, as a number` });
    const set = (x) => {
      range.value = x;
      field.value = Number(x.toPrecision(6));
    };
    const changed = (source) => () => {
      const x = source.valueAsNumber;
      if (Number.isFinite(x)) {
        set(x);
        if (source === field) field.value = x;
        change(x);
      }
    };
    range.addEventListener("input", changed(range));
    field.addEventListener("change", changed(field));
    set(value);
    return { node: element("label", { class: "nnlit-play__number" }, element("span", {}, label), range, field), set };
  }

  const button = (label, click, attributes) => element("button", { type: "button", onclick: click, ...attributes }, label);

  function choice(label, options, value, change) {
    const select = element("select", { onchange: () => change(select.value) },
      ...options.map(([key, words]) => element("option", { value: key, selected: key === value }, words)));
    return { node: element("label", { class: "nnlit-play__choice" }, element("span", {}, label), select), set: (x) => { select.value = x; } };
  }

  // The state of a figure stands in the address as `?NAME=...`, so that it can be linked to.
  function read(name) {
    const found = new URLSearchParams(location.search).get(name);
    return found === null ? null : found.split(",").map(Number);
  }

  function write(name, values) {
    const query = new URLSearchParams(location.search);
    query.set(name, values.map((x) => (typeof x === "number" ? Number(x.toPrecision(6)) : x)).join(","));
    const address = `${location.pathname}?${query.toString().replaceAll("%2C", ",").replaceAll("%3A", ":")}${location.hash}`;
    try {
      history.replaceState(history.state, "", address);
    } catch {
      // a page opened from a disk has an address that may not be changed
    }
  }

  const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  // Replace the static picture of every figure of this name by a live one.
  function play(name, make) {
    const start = () => {
      for (const place of document.querySelectorAll(`.nnlit-play[data-figure="${name}"]`)) {
        const live = element("div", { class: "nnlit-play__live", role: "group", "aria-label": place.dataset.title || name });
        const kept = element("div", { class: "nnlit-play__static" }); // for print, where nothing can be moved
        kept.append(...place.childNodes);
        place.append(live, kept);
        make(live, place);
        place.dataset.ready = "";
      }
    };
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
    else start();
  }

  window.nnlit = { ...window.nnlit, element, svg, text, table, number, button, choice, read, write, still, play };
})();
