// One step of backpropagation, number by number: two inputs, two hidden numbers, one output. Any input or weight can be
// changed; every line shows its arithmetic and leads to its equation.
(() => {
  "use strict";
  const { element, svg, text, number, button, read, write, play } = window.nnlit;
  // inputs; the weights to the first hidden number, to the second, and to the output; the target
  const START = [1, 2, 1, 1, 1, -1, 2, 1, 5];
  const NAMES = ["input 1", "input 2", "weight 1 to 1", "weight 2 to 1", "weight 1 to 2", "weight 2 to 2",
    "weight from hidden 1", "weight from hidden 2", "target"];

  const t = (x) => (x < 0 ? `(${text(x)})` : text(x));

  // Every line: key, name, value, arithmetic, and the label of its equation, in the order in which they can be computed.
  function lines([x1, x2, w11, w21, w12, w22, v1, v2, y]) {
    const z = [x1 * w11 + x2 * w21, x1 * w12 + x2 * w22];
    const a = z.map((s) => Math.max(0, s));
    const out = a[0] * v1 + a[1] * v2;
    const L = (out - y) ** 2 / 2;
    const g = out - y;
    const ga = [g * v1, g * v2];
    const open = z.map((s) => (s > 0 ? 1 : 0));
    const gz = ga.map((s, k) => s * open[k]);
    const v = [v1, v2];
    const w = [[w11, w21], [w12, w22]];
    const sum = (k) => `${t(x1)} · ${t(w[k][0])} + ${t(x2)} · ${t(w[k][1])}`;
    const both = (make) => [0, 1].map(make);
    return [
      ...both((k) => [`z${k}`, `sum ${k + 1}`, z[k], sum(k), "first-line"]),
      ...both((k) => [`a${k}`, `hidden number ${k + 1}`, a[k], `the larger of 0 and ${t(z[k])}`, "hidden"]),
      ["out", "output", out, `${t(a[0])} · ${t(v1)} + ${t(a[1])} · ${t(v2)}`, "prediction"],
      ["L", "loss", L, `half the square of ${t(out)} − ${t(y)}`, "last-line"],
      ["gout", "slope in the output", g, `${t(out)} − ${t(y)}`, "grad-Y-hat"],
      ...both((k) => [`gv${k}`, `slope in the weight from hidden ${k + 1}`, g * a[k], `${t(a[k])} · ${t(g)}`, "grad-W2"]),
      ...both((k) => [`ga${k}`, `slope in hidden number ${k + 1}`, ga[k], `${t(g)} · ${t(v[k])}`, "grad-A"]),
      ...both((k) => [`gz${k}`, `slope in sum ${k + 1}`, gz[k], `${t(ga[k])} · ${open[k]}, because ${t(z[k])} is ${open[k] ? "" : "not "}positive`, "grad-Z1"]),
      ...both((k) => both((j) => [`gw${j}${k}`, `slope in the weight ${j + 1} to ${k + 1}`, [x1, x2][j] * gz[k],
        `${t([x1, x2][j])} · ${t(gz[k])}`, "grad-W1"])).flat(),
    ];
  }

  const PLACES = { x0: [30, 50], x1: [30, 150], z0: [135, 50], z1: [135, 150], a0: [215, 50], a1: [215, 150], out: [315, 100], L: [385, 100] };
  const EDGES = [["x0", "z0", "gw00", 2], ["x1", "z0", "gw10", 3], ["x0", "z1", "gw01", 4], ["x1", "z1", "gw11", 5],
    ["z0", "a0"], ["z1", "a1"], ["a0", "out", "gv0", 6], ["a1", "out", "gv1", 7], ["out", "L"]];

  function graph() {
    const node = svg("svg", { viewBox: "0 0 420 200", role: "img", class: "nnlit-play__plot nnlit-play__plot--wide" }, svg("title", {}, "The network as a graph; all its numbers stand in the list below"));
    const parts = {};
    for (const [from, to, key, place] of EDGES) {
      const [[x1, y1], [x2, y2]] = [PLACES[from], PLACES[to]];
      node.append(svg("line", { x1: x1 + 16, y1, x2: x2 - 16, y2, class: "nnlit-play__axis" }));
      if (key) {
        const s = from === "x1" && to === "z0" || from === "x0" && to === "z1" ? 0.25 : 0.5;
        const [x, y] = [x1 + 16 + (x2 - x1 - 32) * s, y1 + (y2 - y1) * s];
        parts[key] = [svg("text", { x, y: y - 3, "text-anchor": "middle" }), svg("text", { x, y: y + 9, "text-anchor": "middle", class: "nnlit-play__slope" }), place];
        node.append(...parts[key].slice(0, 2));
      }
    }
    for (const [key, [x, y]] of Object.entries(PLACES)) {
      parts[key] = [svg("text", { x, y: y - 2, "text-anchor": "middle" }), svg("text", { x, y: y + 11, "text-anchor": "middle", class: "nnlit-play__slope" })];
      node.append(svg("circle", { cx: x, cy: y, r: 16, class: "nnlit-play__node" }), ...parts[key]);
    }
    const show = (values, seen) => {
      const number = (key) => (key in seen ? text(seen[key], 3) : "");
      for (const [key, [value, slope, place]] of Object.entries(parts)) {
        value.textContent = key[0] === "x" ? text(values[Number(key[1])], 3) : place ? text(values[place], 3) : number(key);
        slope.textContent = place ? number(key) : key === "L" ? "" : number(`g${key}`);
      }
    };
    return { node, show };
  }

  function make(root, place) {
    const state = read("backprop");
    const good = state && state.length === 10 && state.every(Number.isFinite);
    const values = good ? state.slice(0, 9) : [...START];
    let step = good ? Math.min(Math.max(Math.round(state[9]), 0), 17) : 17;
    const picture = graph();
    const list = element("ol", { class: "nnlit-play__lines" });
    const line = element("p", { role: "status" });
    const update = () => {
      const all = lines(values);
      step = Math.min(step, all.length);
      const shown = all.slice(0, step);
      picture.show(values, Object.fromEntries(shown.map(([key, , x]) => [key, x])));
      list.replaceChildren(...shown.map(([key, name, x, how, label]) => element("li", {},
        `${name}: ${how} = `, element("b", { "data-key": key, "data-value": x }, text(x)), " ",
        element("a", { href: `#eq-network-${label}` }, "equation"))));
      const last = shown.at(-1);
      line.textContent = last ? `Step ${step} of ${all.length}. ${last[1]}: ${last[3]} = ${text(last[2])}` : `Step 0 of ${all.length}: nothing is computed yet`;
      back.disabled = step === 0;
      next.disabled = step === all.length;
      write("backprop", [...values, step]);
    };
    const go = (to) => () => {
      step = to();
      update();
    };
    const back = button("Back", go(() => step - 1));
    const next = button("Next number", go(() => step + 1));
    const controls = values.map((x, k) => number({ label: NAMES[k], min: -5, max: 5, step: 0.5, value: x, change: (y) => {
      values[k] = Math.min(Math.max(y, -1e6), 1e6);
      update();
    } }));
    root.append(
      element("div", { class: "nnlit-play__buttons" }, back, next, button("From the beginning", go(() => 0)), button("All", go(() => 17)),
        button("Back to the start", () => { START.forEach((x, k) => { values[k] = x; controls[k].set(x); }); step = 17; update(); })),
      picture.node, line, list,
      element("details", {}, element("summary", {}, "Change an input, a weight or the target"),
        element("div", { class: "nnlit-play__controls" }, ...controls.map((c) => c.node))));
    update();
  }

  window.nnlit.backprop = lines;
  play("backprop", make);
})();
