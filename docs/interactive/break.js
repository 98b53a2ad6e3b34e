// Break the equation: a version of a displayed equation beside the right one, and what the checks said of it. All of it
// stands on the page already, folded; the figure shows one version at a time.
(() => {
  "use strict";
  const { element, button, choice, play } = window.nnlit;
  const lower = (node) => node.dataset.what[0].toUpperCase() + node.dataset.what.slice(1);

  // The state in the address: the label, and the number of the version, counted from 1.
  function chosen(equations) {
    const [label, version] = (new URLSearchParams(location.search).get("break") || "").split(",");
    const k = Math.max(equations.findIndex((one) => one.dataset.label === label), 0);
    const count = equations[k].querySelectorAll(".nnlit-broken__version").length;
    return [k, Math.min(Math.max(Math.round(Number(version)) || 1, 1), count) - 1];
  }

  function make(root, place) {
    const equations = [...place.querySelectorAll(".nnlit-broken")];
    let [at, version] = chosen(equations);
    const right = element("div", { class: "nnlit-broken__side" });
    const wrong = element("div", { class: "nnlit-broken__side" });
    const verdict = element("div", { class: "nnlit-broken__verdict", role: "status" });
    const list = element("div", { class: "nnlit-play__buttons", role: "group", "aria-label": "What is done to it" });
    const copy = (node) => [...node.childNodes].map((child) => child.cloneNode(true));
    const update = () => {
      const equation = equations[at];
      const versions = [...equation.querySelectorAll(".nnlit-broken__version")];
      const it = versions[version];
      right.replaceChildren(element("p", {}, "On the page"), ...copy(equation.querySelector(".nnlit-broken__right")));
      const [title, formula, ...rest] = copy(it).filter((node) => node.nodeType === Node.ELEMENT_NODE);
      wrong.replaceChildren(element("p", {}, lower(it)), formula);
      verdict.dataset.fails = it.dataset.fails;
      verdict.replaceChildren(title, ...rest);
      list.replaceChildren(...versions.map((one, k) => button(lower(one), () => {
        version = k;
        update();
        list.children[k].focus();
      }, { "aria-pressed": String(k === version) })));
      window.nnlit.write("break", [equation.dataset.label, version + 1]);
    };
    const names = equations.map((one, k) => [String(k), one.querySelector("summary").textContent]);
    const select = choice("equation", names, String(at), (k) => {
      [at, version] = [Number(k), 0];
      update();
    });
    root.append(select.node, list, element("div", { class: "nnlit-broken__pair" }, right, wrong), verdict);
    update();
  }

  play("break", make);
})();
