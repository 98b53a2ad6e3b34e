// Softmax and its loss: three logits, a temperature, and what becomes of them; also what overflows.
(() => {
  "use strict";
  const { element, svg, text, table, number, button, choice, read, write, play } = window.nnlit;
  const START = [0, Math.log(2), Math.log(5), 1, 1]; // three logits, the temperature, the right class

  // The line numbers of the chapter: shifted exponentials, probabilities, the loss, its gradient, the Jacobian.
  function compute(z, T, right) {
    const u = z.map((x) => x / T);
    const c = Math.max(...u);
    const E = u.map((x) => Math.exp(x - c));
    const r = E.reduce((a, b) => a + b);
    const P = E.map((x) => x / r);
    const logP = u.map((x) => x - c - Math.log(r));
    const grad = P.map((p, k) => (p - (k === right ? 1 : 0)) / T);
    const jacobian = P.map((p, k) => P.map((q, l) => ((k === l ? p : 0) - p * q) / T));
    const naive = u.map((x) => Math.exp(x));
    const total = naive.reduce((a, b) => a + b);
    return { P, loss: -logP[right], grad, jacobian, naive, plain: naive.map((x) => x / total), logSumExp: c + Math.log(r) };
  }

  function bars(words, low, high) {
    const x = (k) => 34 + 62 * k;
    const y = (v) => 96 - (84 * (Math.min(Math.max(v, low), high) - low)) / (high - low);
    const rects = [0, 1, 2].map((k) => svg("rect", { x: x(k), width: 44, class: `nnlit-play__bar nnlit-play__bar--${k}` }));
    const labels = [0, 1, 2].map((k) => svg("text", { x: x(k) + 22, "text-anchor": "middle" }));
    const node = svg("svg", { viewBox: "0 0 216 124", role: "img", class: "nnlit-play__plot" },
      svg("title", {}), svg("line", { x1: 26, x2: 208, y1: y(Math.max(low, 0)), y2: y(Math.max(low, 0)), class: "nnlit-play__axis" }),
      ...rects, ...labels, svg("text", { x: 26, y: 120 }, words));
    const show = (values) => {
      values.forEach((v, k) => {
        const [top, bottom] = [Math.min(y(v), y(0)), Math.max(y(v), y(0))];
        fillRect(rects[k], Number.isFinite(v) ? top : y(0), Number.isFinite(v) ? bottom - top : 0);
        labels[k].setAttribute("y", v < 0 ? Math.min(bottom + 11, 110) : Math.max(top - 3, 9));
        labels[k].textContent = text(v, 3);
      });
      node.firstChild.textContent = `${words}: ${values.map((v) => text(v, 3)).join(", ")}`;
    };
    return { node, show };
  }

  function fillRect(rect, y, height) {
    rect.setAttribute("y", y);
    rect.setAttribute("height", height);
  }

  function make(root) {
    const state = read("softmax");
    const values = state && state.length === 5 && state.every(Number.isFinite) && state[3] > 0 ? state : [...START];
    values[4] = Math.min(Math.max(Math.round(values[4]), 0), 2);
    const probabilities = bars("probabilities", 0, 1);
    const gradient = bars("gradient of the loss in the logits", -1, 1);
    const numbers = table("All numbers", ["", "class 1", "class 2", "class 3"], [
      ["probability", "P0", "P1", "P2"], ["gradient", "g0", "g1", "g2"],
      ["slopes of probability 1", "J00", "J01", "J02"], ["slopes of probability 2", "J10", "J11", "J12"],
      ["slopes of probability 3", "J20", "J21", "J22"],
      ["exponential, not shifted", "e0", "e1", "e2"], ["divided by their sum", "n0", "n1", "n2"]]);
    const line = element("p", { role: "status" });
    const update = () => {
      const found = compute(values.slice(0, 3), values[3], values[4]);
      probabilities.show(found.P);
      gradient.show(found.grad);
      for (const k of [0, 1, 2]) {
        numbers.show(`P${k}`, found.P[k]);
        numbers.show(`g${k}`, found.grad[k]);
        numbers.show(`e${k}`, found.naive[k], true);
        numbers.show(`n${k}`, found.plain[k], true);
        for (const l of [0, 1, 2]) numbers.show(`J${k}${l}`, found.jacobian[k][l]);
      }
      const lost = found.plain.some((x) => !Number.isFinite(x));
      line.textContent = `Loss, if class ${values[4] + 1} is right: ${text(found.loss)}. Log-sum-exp: ${text(found.logSumExp)}.` +
        (lost ? " Without the shift the exponentials leave the range of float64, and what is divided is not a number." : "");
      Object.assign(line.dataset, { loss: found.loss, logSumExp: found.logSumExp });
      write("softmax", values);
    };
    const set = (k) => (x) => {
      values[k] = x;
      update();
    };
    const controls = [0, 1, 2].map((k) => number({ label: `logit ${k + 1}`, min: -10, max: 10, step: 0.1, value: values[k], change: set(k) }));
    const temperature = number({
      label: "temperature", min: 0.1, max: 5, step: 0.1, value: values[3],
      change: (x) => { if (x > 0) set(3)(x); else temperature.set(values[3]); },
    });
    const right = choice("right class", [["0", "1"], ["1", "2"], ["2", "3"]], String(values[4]), (x) => set(4)(Number(x)));
    const all = (change) => () => {
      change.forEach((x, k) => { values[k] = x; });
      controls.forEach((control, k) => control.set(values[k]));
      temperature.set(values[3]);
      right.set(String(values[4]));
      update();
    };
    root.append(
      element("div", { class: "nnlit-play__controls" }, ...controls.map((c) => c.node), temperature.node, right.node,
        element("div", { class: "nnlit-play__buttons" },
          button("1,000 more on every logit", () => all(values.map((x, k) => (k < 3 ? x + 1000 : x)))()),
          button("Back to the start", all(START)))),
      element("div", { class: "nnlit-play__plots" }, probabilities.node, gradient.node),
      line, numbers.node);
    update();
  }

  window.nnlit.softmax = compute;
  play("softmax", make);
})();
