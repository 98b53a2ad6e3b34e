// A network to watch: points in the plane, one or two layers of ReLU, softmax and cross-entropy, trained step by step on all
// points at once. Points and random starts (watch-data.js, from watch.py) were drawn by nnlit.
(() => {
  "use strict";
  const { element, svg, text, table, number, button, choice, write, still, play } = window.nnlit;
  const HERE = document.currentScript.src;
  const [SIDE, CELLS, MOST, FAR] = [200, 40, 5000, 1e6]; // pixels of a plane; cells; steps from the address; too large
  const COLORS = [[61, 127, 217], [217, 115, 13]];
  const real = (k) => (k - 50) / 40;
  const whole = (x, low, high) => Math.min(Math.max(Math.round(x) || 0, low), high);

  function unpacked(words, layers, units) {
    const bytes = Uint8Array.from(atob(words), (letter) => letter.charCodeAt(0));
    const all = Array.from({ length: bytes.length / 4 }, (_, k) => new DataView(bytes.buffer).getFloat32(4 * k, true));
    const sizes = [2, ...Array(layers).fill(units), 2];
    return sizes.slice(1).map((n, l) => ({ n, W: all.splice(0, sizes[l] * n), b: all.splice(0, n) }));
  }

  // The sums and the outputs of every layer for one point; the last layer has no ReLU.
  function forward(network, x) {
    const found = [{ A: x }];
    network.forEach(({ n, W, b }, l) => {
      const A = found[l].A;
      const Z = b.map((bias, k) => A.reduce((sum, a, j) => sum + a * W[n * j + k], bias));
      found.push({ Z, A: l < network.length - 1 ? Z.map((z) => Math.max(0, z)) : Z });
    });
    const Z = found.at(-1).Z;
    const most = Math.max(...Z);
    const E = Z.map((z) => Math.exp(z - most));
    const total = E[0] + E[1];
    return { found, P: E.map((e) => e / total), log: Z.map((z) => z - most - Math.log(total)) };
  }

  // The mean loss over the points and its gradients.
  function slopes(network, points) {
    const grads = network.map(({ W, b }) => ({ W: W.map(() => 0), b: b.map(() => 0) }));
    let loss = 0;
    for (const [x, y, right] of points) {
      const { found, P, log } = forward(network, [real(x), real(y)]);
      loss -= log[right] / points.length;
      let g = P.map((p, k) => (p - (k === right ? 1 : 0)) / points.length);
      for (let l = network.length - 1; l >= 0; l--) {
        const [{ n, W }, A] = [network[l], found[l].A];
        g.forEach((slope, k) => {
          grads[l].b[k] += slope;
          A.forEach((a, j) => { grads[l].W[n * j + k] += a * slope; });
        });
        if (l) g = A.map((_, j) => (found[l].Z[j] > 0 ? g.reduce((sum, slope, k) => sum + slope * W[n * j + k], 0) : 0));
      }
    }
    return { loss, grads };
  }

  const RULES = {
    descent: (p, g, s, rate) => p - rate * g,
    Adam: (p, g, s, rate, t) => {
      s.m = 0.9 * s.m + 0.1 * g;
      s.v = 0.999 * s.v + 0.001 * g * g;
      return p - (rate * (s.m / (1 - 0.9 ** t))) / (Math.sqrt(s.v / (1 - 0.999 ** t)) + 1e-8);
    },
  };

  // One step; false, and nothing is changed, if a number would leave the range in which there is something to see.
  function step(run) {
    const { grads } = slopes(run.network, run.points);
    const t = run.t + 1;
    const next = run.network.map((layer, l) => ({ n: layer.n, ...Object.fromEntries(["W", "b"].map((name) => [name,
      layer[name].map((p, k) => RULES[run.rule](p, grads[l][name][k], (run.memory[`${l}${name}${k}`] ||= { m: 0, v: 0 }), run.rate, t))])) }));
    if (next.some(({ W, b }) => [...W, ...b].some((p) => !(Math.abs(p) < FAR)))) return false;
    Object.assign(run, { network: next, t });
    run.losses.push(slopes(next, run.points).loss);
    return true;
  }

  const screen = (k) => (SIDE * k) / 100;
  const circle = ([x, y, c], more) => svg("circle", { cx: screen(x), cy: SIDE - screen(y), r: 4, class: `nnlit-play__point nnlit-play__bar--${c}`, ...more });

  function make(root, place) {
    const data = window.nnlit.watchData;
    const asked = (new URLSearchParams(location.search).get("watch") || place.dataset.state || "").split(",");
    const own = (asked[7] || "").split("-").map((p) => p.split(".").map(Number)).filter((p) => p.length === 3 && p.every(Number.isFinite));
    const chosen = {
      points: asked[0] === "own" && own.length ? "own" : data.points[asked[0]] ? asked[0] : "XOR",
      layers: whole(asked[1] || 1, 1, 2), units: [2, 3, 4, 6, 8].includes(Number(asked[2])) ? Number(asked[2]) : 2,
      rate: Number(asked[3]) > 0 && Number(asked[3]) <= 3 ? Number(asked[3]) : 0.1, rule: RULES[asked[4]] ? asked[4] : "Adam", seed: whole(asked[5], 0, 2),
    };
    let mine = own.map(([x, y, c]) => [whole(x, 0, 100), whole(y, 0, 100), whole(c, 0, 1)]);
    let [run, timer, cursor, color, lost] = [null, 0, [50, 50], 0, false];

    const regions = element("canvas", { width: CELLS, height: CELLS, class: "nnlit-play__regions" });
    const marks = svg("g", {});
    const lines = svg("g", { class: "nnlit-play__axis" });
    const cross = svg("circle", { r: 5, class: "nnlit-play__handle--up" });
    const plane = element("div", { class: "nnlit-play__plane", tabindex: 0, role: "application",
      "aria-label": "Plane of the points. Arrow keys move the cursor, Enter adds a point, Delete takes the nearest one away" }, regions,
    svg("svg", { viewBox: `0 0 ${SIDE} ${SIDE}`, "aria-hidden": "true" }, lines, marks, cross));
    const folded = svg("svg", { viewBox: `0 0 ${SIDE} ${SIDE}`, role: "img", class: "nnlit-play__plot" }, svg("title", {}, "The first two numbers of the last hidden layer for every point"));
    const path = svg("polyline", { class: "nnlit-play__path" });
    const curve = svg("svg", { viewBox: `0 0 ${SIDE} ${SIDE}`, role: "img", class: "nnlit-play__plot" }, svg("title", {}, "The loss after each step"),
      svg("path", { d: `M20 10V180H195`, class: "nnlit-play__axis", fill: "none" }), path, svg("text", { x: 24, y: 14 }), svg("text", { x: 14, y: 184, "text-anchor": "end" }, "0"));
    const line = element("p", { role: "status" });
    const tables = element("div", {});
    let cells = null;

    function reset() {
      pause();
      const points = chosen.points === "own" ? mine : data.points[chosen.points];
      const network = unpacked(data.starts[[chosen.layers, chosen.units, chosen.seed]], chosen.layers, chosen.units);
      run = { network, points, rule: chosen.rule, rate: chosen.rate, t: 0, memory: {}, losses: [] };
      run.losses = [slopes(network, points).loss];
      lost = false;
      const widest = Math.max(2, chosen.units);
      const rows = network.flatMap(({ n }, l) => Array.from({ length: n }, (_, k) => [l < chosen.layers ? `layer ${l + 1}, unit ${k + 1}` : `output ${k}`,
        ...["b", ...Array(l ? chosen.units : 2).keys()].map((j) => `${l}/${j}/${k}`)]));
      cells = table("Biases and weights", ["", "bias", ...Array.from({ length: widest }, (_, j) => `weight ${j + 1}`)], rows);
      tables.replaceChildren(cells.node);
    }

    function draw() {
      const context = regions.getContext("2d");
      const image = context.createImageData(CELLS, CELLS);
      for (let k = 0; k < CELLS * CELLS; k++) {
        const { P } = forward(run.network, [real((((k % CELLS) + 0.5) * 100) / CELLS), real(100 - ((Math.floor(k / CELLS) + 0.5) * 100) / CELLS)]);
        const strength = Math.round(150 * Math.abs(P[1] - 0.5) * 2);
        image.data.set([...COLORS[P[1] > 0.5 ? 1 : 0], strength], 4 * k);
      }
      context.putImageData(image, 0, 0);
      marks.replaceChildren(...run.points.map((p) => circle(p)));
      cross.setAttribute("cx", screen(cursor[0]));
      cross.setAttribute("cy", SIDE - screen(cursor[1]));
      const { n, W, b } = run.network[0];
      lines.replaceChildren(...b.flatMap((bias, k) => { // where the sum of a unit is zero: from edge to edge of the plane
        const [u, v] = [W[k], W[n + k]];
        const ends = [0, 100].flatMap((e) => [[e, 50 + (-40 * (bias + u * real(e))) / v], [50 + (-40 * (bias + v * real(e))) / u, e]]);
        const inside = ends.filter((p) => p.every((c) => c >= -1e-9 && c <= 100 + 1e-9));
        return inside.length < 2 ? [] : [svg("line", { x1: screen(inside[0][0]), y1: SIDE - screen(inside[0][1]), x2: screen(inside[1][0]), y2: SIDE - screen(inside[1][1]) })];
      }));
      const places = run.points.map(([x, y, c]) => [...forward(run.network, [real(x), real(y)]).found.at(-2).A.slice(0, 2), c]);
      const far = Math.max(1e-9, ...places.flatMap((p) => p.slice(0, 2)));
      folded.replaceChildren(folded.firstChild, svg("path", { d: "M10 5V190H195", class: "nnlit-play__axis", fill: "none" }),
        ...places.map(([u, v, c]) => circle([5 + (90 * u) / far, 5 + (90 * v) / far, c])));
      const top = Math.max(...run.losses, 1e-9);
      curve.querySelector("text").textContent = text(top, 3);
      const shown = run.losses.filter((_, k) => k % Math.ceil(run.losses.length / 400) === 0 || k === run.losses.length - 1);
      path.setAttribute("points", shown.map((f, k) => `${20 + (175 * k) / Math.max(shown.length - 1, 1)},${180 - (165 * f) / top}`).join(" "));
    }

    function tell() {
      draw();
      run.network.forEach(({ n, W, b }, l) => {
        b.forEach((x, k) => cells.show(`${l}/b/${k}`, x));
        W.forEach((x, k) => cells.show(`${l}/${Math.floor(k / n)}/${k % n}`, x));
      });
      const right = run.points.filter(([x, y, c]) => forward(run.network, [real(x), real(y)]).P[c] > 0.5).length;
      const dead = run.network[0].b.filter((_, k) => run.points.every(([x, y]) => forward(run.network, [real(x), real(y)]).found[1].Z[k] <= 0)).length;
      line.textContent = `After ${run.t} steps: loss ${text(run.losses.at(-1))}, ${right} of ${run.points.length} points on the right side.` +
        (dead ? ` Units of the first layer that are zero at every point: ${dead}.` : "") + (lost ? " The next step would lead out of sight: take a smaller rate, and reset." : "");
      Object.assign(line.dataset, { loss: run.losses.at(-1), right, steps: run.t });
      const words = chosen.points === "own" ? [mine.map((p) => p.join(".")).join("-")] : [];
      write("watch", [chosen.points, chosen.layers, chosen.units, chosen.rate, chosen.rule, chosen.seed, run.t, ...words]);
    }

    const go = (count) => { while (count-- > 0 && !lost) lost = !step(run); };
    function pause() {
      cancelAnimationFrame(timer);
      timer = 0;
      runs.textContent = "Run";
    }
    const frame = () => {
      go(4);
      draw();
      if (lost || run.t >= MOST) {
        pause();
        tell();
      } else timer = requestAnimationFrame(frame);
    };
    const runs = button("Run", () => {
      if (timer) {
        pause();
        tell();
      } else if (still()) by(200)();
      else {
        runs.textContent = "Pause";
        timer = requestAnimationFrame(frame);
      }
    });
    const by = (count) => () => {
      pause();
      go(Math.min(count, MOST - run.t));
      tell();
    };
    const again = () => {
      reset();
      tell();
    };
    const change = (key, make) => (x) => {
      chosen[key] = make(x);
      if (key === "points" && x === "own" && !mine.length) mine = data.points.XOR.map((p) => [...p]);
      again();
    };
    const edit = (points) => {
      if (points.length < 1 || points.length > 100) return;
      mine = points;
      chosen.points = "own";
      sets.set("own");
      again();
    };
    const add = () => edit([...run.points, [...cursor, color]]);
    const remove = () => {
      const away = run.points.map(([x, y]) => Math.hypot(x - cursor[0], y - cursor[1]));
      edit(run.points.filter((_, k) => k !== away.indexOf(Math.min(...away))));
    };
    plane.addEventListener("click", (event) => {
      const box = plane.getBoundingClientRect();
      cursor = [whole(((event.clientX - box.left) * 100) / box.width, 0, 100), whole(100 - ((event.clientY - box.top) * 100) / box.height, 0, 100)];
      add();
    });
    plane.addEventListener("keydown", (event) => {
      const move = { ArrowLeft: [-5, 0], ArrowRight: [5, 0], ArrowUp: [0, 5], ArrowDown: [0, -5] }[event.key];
      if (!move && event.key !== "Enter" && event.key !== "Delete") return;
      event.preventDefault();
      if (event.key === "Enter") add();
      else if (event.key === "Delete") remove();
      else cursor = cursor.map((x, k) => whole(x + move[k], 0, 100));
      draw();
    });
    const sets = choice("points", [...Object.keys(data.points).map((name) => [name, name]), ["own", "your own"]], chosen.points, change("points", String));
    const rate = number({ label: "learning rate", min: 0.01, max: 3, step: 0.01, value: chosen.rate, change: (x) => {
      chosen.rate = Math.min(Math.max(x, 1e-4), 3);
      rate.set(chosen.rate);
      again();
    } });
    const labelled = (words, node) => element("div", {}, element("p", {}, words), node);
    root.append(
      element("div", { class: "nnlit-play__controls" }, sets.node,
        choice("layers", [["1", "1"], ["2", "2"]], String(chosen.layers), change("layers", Number)).node,
        choice("units in each", ["2", "3", "4", "6", "8"].map((k) => [k, k]), String(chosen.units), change("units", Number)).node,
        choice("start", ["first", "second", "third"].map((word, k) => [String(k), word]), String(chosen.seed), change("seed", Number)).node,
        choice("rule", Object.keys(RULES).map((k) => [k, k]), chosen.rule, change("rule", String)).node,
        choice("a click adds", [["0", "a blue point"], ["1", "an orange point"]], "0", (k) => { color = Number(k); }).node, rate.node),
      element("div", { class: "nnlit-play__buttons" }, runs, button("Step", by(1)), button("100 steps", by(100)), button("Reset", again)),
      line,
      element("div", { class: "nnlit-play__plots" }, labelled("the plane, its regions, and the lines where a unit's sum is zero", plane),
        labelled("the same points by the first two numbers of the last hidden layer", folded), labelled("the loss", curve)),
      element("details", { open: true }, element("summary", {}, "All biases and weights"), tables));
    reset();
    go(whole(asked[6] || 0, 0, MOST));
    tell();
  }

  window.nnlit.watch = { unpacked, forward, slopes, step };
  const script = element("script", { src: new URL("watch-data.js", HERE).href });
  script.addEventListener("load", () => play("watch", make));
  document.head.append(script);
})();
