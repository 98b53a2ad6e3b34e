// Downhill: gradient descent on a bowl with two curvatures. Start, rate and momentum can be moved; the path, the loss
// and the law of the chapter are drawn.
(() => {
  "use strict";
  const { element, svg, text, table, number, button, read, write, play } = window.nnlit;
  const START = [4, 1, 0.1, 0, 1, 4]; // the point, the learning rate, momentum, the two curvatures
  const STEPS = 20;
  const [WIDTH, HEIGHT, SCALE, LEFT, TOP] = [300, 200, 30, 110, 100]; // pixels; pixels per unit; where the bottom lies

  const loss = (p, curvature) => (curvature[0] * p[0] ** 2 + curvature[1] * p[1] ** 2) / 2;

  // The velocity remembers earlier slopes; without momentum it is the slope alone.
  function descend(start, rate, momentum, curvature, steps) {
    let [p, v] = [[...start], [0, 0]];
    const path = [p];
    for (let t = 0; t < steps; t++) {
      v = v.map((x, k) => momentum * x + curvature[k] * p[k]);
      p = p.map((x, k) => x - rate * v[k]);
      path.push(p);
    }
    return path;
  }

  const within = (x) => Math.min(Math.max(x, -1e4), 1e4);
  const place = (p) => [LEFT + SCALE * within(p[0]), TOP - SCALE * within(p[1])];

  function valley(changed) {
    const levels = svg("g", { class: "nnlit-play__levels" });
    const line = svg("polyline", { class: "nnlit-play__path" });
    const dots = svg("g", { class: "nnlit-play__dots" });
    const handle = svg("circle", { r: 8, class: "nnlit-play__handle" });
    const node = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", class: "nnlit-play__plot nnlit-play__plot--drag" },
      svg("title", {}), levels, line, dots, svg("path", { d: `M${LEFT - 5} ${TOP}h10M${LEFT} ${TOP - 5}v10`, class: "nnlit-play__axis" }), handle);
    const drag = (event) => {
      const box = node.getBoundingClientRect();
      const zoom = WIDTH / box.width;
      const x = ((event.clientX - box.left) * zoom - LEFT) / SCALE;
      const y = (TOP - (event.clientY - box.top) * zoom) / SCALE;
      changed([x, y].map((c, k) => Math.round(Math.min(Math.max(c, k ? -3 : -3.5), k ? 3 : 6) * 10) / 10));
    };
    node.addEventListener("pointerdown", (event) => {
      node.setPointerCapture(event.pointerId);
      drag(event);
    });
    node.addEventListener("pointermove", (event) => { if (node.hasPointerCapture(event.pointerId)) drag(event); });
    const show = (path, curvature) => {
      levels.replaceChildren(...[0.3, 1.2, 2.7, 4.8, 7.5, 10.8, 19.2].map((f) => svg("ellipse", {
        cx: LEFT, cy: TOP, rx: SCALE * Math.sqrt((2 * f) / curvature[0]), ry: SCALE * Math.sqrt((2 * f) / curvature[1]) })));
      line.setAttribute("points", path.map((p) => place(p).join(",")).join(" "));
      dots.replaceChildren(...path.slice(1).map((p) => svg("circle", { cx: place(p)[0], cy: place(p)[1], r: 2.4 })));
      const [x, y] = place(path[0]);
      handle.setAttribute("cx", x);
      handle.setAttribute("cy", y);
      node.firstChild.textContent = `A path of ${STEPS} steps from (${path[0].join(", ")}) to (${path.at(-1).map((c) => text(c, 3)).join(", ")})`;
    };
    return { node, show };
  }

  function curve() {
    const line = svg("polyline", { class: "nnlit-play__path" });
    const label = svg("text", { x: 40, y: 194 }, "loss after each step, on a logarithmic axis");
    const marks = [4, 0, -4, -8].map((d) => svg("g", {}, svg("line", { x1: 40, x2: 290, y1: 70 - 10 * d, y2: 70 - 10 * d, class: "nnlit-play__grid" }),
      svg("text", { x: 34, y: 73 - 10 * d, "text-anchor": "end" }, `1e${d}`.replace("-", "−"))));
    const node = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", class: "nnlit-play__plot" }, svg("title", {}), ...marks, line, label);
    const y = (f) => 70 - 10 * Math.min(Math.max(Math.log10(Math.max(f, 1e-12)), -10), 6);
    const show = (losses) => {
      line.setAttribute("points", losses.map((f, t) => `${40 + (250 * t) / STEPS},${y(f)}`).join(" "));
      node.firstChild.textContent = `The loss goes from ${text(losses[0], 3)} to ${text(losses.at(-1), 3)} in ${STEPS} steps`;
    };
    return { node, show };
  }

  function make(root) {
    const state = read("downhill");
    const good = state && state.length === 6 && state.every(Number.isFinite) && state[2] >= 0 && state[4] > 0 && state[5] > 0;
    const values = good ? state : [...START];
    const point = valley((p) => {
      p.forEach((x, k) => { values[k] = x; controls[k].set(x); });
      update();
    });
    const losses = curve();
    const numbers = table("All numbers", ["", "first direction", "second direction"], [
      ["curvature", "l0", "l1"], ["factor of one step, without momentum", "f0", "f1"],
      ["start", "s0", "s1"], ["after 1 step", "a0", "a1"], [`after ${STEPS} steps`, "p0", "p1"]]);
    const line = element("p", { role: "status" });
    const update = () => {
      const [start, rate, momentum, curvature] = [values.slice(0, 2), values[2], values[3], values.slice(4)];
      const path = descend(start, rate, momentum, curvature, STEPS);
      const all = path.map((p) => loss(p, curvature));
      point.show(path, curvature);
      losses.show(all);
      for (const k of [0, 1]) {
        numbers.show(`l${k}`, curvature[k]);
        numbers.show(`f${k}`, 1 - rate * curvature[k]);
        numbers.show(`s${k}`, start[k]);
        numbers.show(`a${k}`, path[1][k]);
        numbers.show(`p${k}`, path.at(-1)[k]);
      }
      const bound = 2 / Math.max(...curvature);
      line.textContent = `Loss ${text(all[0])} at the start, ${text(all.at(-1))} after ${STEPS} steps. ` +
        (momentum ? "" : `The largest rate that arrives is ${text(bound)}; ${rate < bound ? "this one is below it" : rate > bound ? "this one is above it" : "this is it"}.`);
      Object.assign(line.dataset, { first: all[0], last: all.at(-1) });
      write("downhill", values);
    };
    const slider = (k, label, min, max, step) => number({ label, min, max, step, value: values[k], change: (x) => {
      const least = k > 3 ? 1e-3 : k > 1 ? 0 : -1e6;
      values[k] = k === 3 ? Math.min(Math.max(x, 0), 0.999) : Math.min(Math.max(x, least), 1e6);
      update();
    } });
    const controls = [slider(0, "start, first", -3.5, 6, 0.1), slider(1, "start, second", -3, 3, 0.1),
      slider(2, "learning rate", 0, 1, 0.01), slider(3, "momentum", 0, 0.99, 0.01),
      slider(4, "curvature, first", 0.1, 9, 0.1), slider(5, "curvature, second", 0.1, 9, 0.1)];
    const go = (...changes) => () => {
      changes.forEach((x, k) => { if (x !== null) values[k] = x; });
      controls.forEach((control, k) => control.set(values[k]));
      update();
    };
    root.append(
      element("div", { class: "nnlit-play__controls" }, ...controls.map((c) => c.node)),
      element("div", { class: "nnlit-play__buttons" }, button("rate 0.1", go(null, null, 0.1, 0)), button("rate 0.4", go(null, null, 0.4, 0)),
        button("rate 0.51", go(null, null, 0.51, 0)), button("momentum 4/9, rate 1/9", go(null, null, 1 / 9, 4 / 9)), button("Back to the start", go(...START))),
      element("div", { class: "nnlit-play__plots" }, point.node, losses.node),
      line, numbers.node);
    update();
  }

  window.nnlit.downhill = { descend, loss };
  play("downhill", make);
})();
