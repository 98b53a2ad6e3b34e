// Draw a digit: what is drawn is read by the book's network, 784-10-10, and all numbers on the way are shown. What reads it
// (digit-read.js) and the weights (digit-weights.js, from digit.py) are loaded when there is something to read.
(() => {
  "use strict";
  const { element, svg, text, table, button, choice, write, play } = window.nnlit;
  const [SHEET, PEN, EDGE, STEP, SIDE] = [112, 4.5, 8, 4, 28]; // pixels of the sheet; the pen's radius; what stays empty; a key's step
  const MOST = 600; // points of a drawing, so that it fits into an address
  const HERE = document.currentScript.src;
  const CLASSES = [...Array(10).keys()];
  const EXAMPLES = [
    "56.18-40.26.34.44.34.66.42.88.56.96.70.88.78.66.78.44.70.26.56.18", "44.32.58.20.58.96", "36.36.42.24.58.18.72.26.74.42.62.58.34.92.78.92",
    "36.26.56.18.72.28.68.46.52.54.72.62.76.80.58.96.36.88", "66.96.66.18.32.70.82.70", "76.20.42.20.38.52.58.48.74.58.76.78.60.94.36.88",
    "70.20.50.34.38.60.40.84.58.96.74.84.72.64.56.58.40.68", "34.20.78.20.62.52.50.96", "56.54.40.44.40.28.56.18.72.28.70.44.56.54.38.68.38.86.56.96.74.86.74.68.56.54",
    "74.40.60.52.42.46.38.30.52.18.68.22.74.40.72.70.62.96",
  ];

  // A drawing is a list of strokes, a stroke a list of points; in the address points are x.y and strokes end with a minus.
  const spelled = (strokes) => strokes.map((stroke) => stroke.map((p) => p.join(".")).join(".")).join("-");
  const inside = (x) => Math.min(Math.max(Math.round(x), EDGE), SHEET - EDGE);
  function drawing(words) {
    let left = MOST;
    return (words || "").split("-").map((stroke) => {
      const numbers = stroke.split(".").map((x) => inside(Number(x)));
      const points = numbers.flatMap((y, k) => (k % 2 && Number.isFinite(y + numbers[k - 1]) ? [[numbers[k - 1], y]] : []));
      return points.slice(0, Math.max(left, 0), (left -= points.length));
    }).filter((stroke) => stroke.length);
  }

  const load = (name) => new Promise((done) => {
    const script = element("script", { src: new URL(name, HERE).href });
    script.addEventListener("load", done);
    document.head.append(script);
  });
  let loaded = null;
  const use = () => (loaded ||= Promise.all(["digit-read.js", "digit-weights.js"].map(load)));

  function bars(title, names) {
    const rects = names.map((_, k) => svg("rect", { x: 40, y: 14 * k + 4, height: 10, class: "nnlit-play__bar--0" }));
    const labels = names.map((_, k) => svg("text", { y: 14 * k + 13 }));
    const node = svg("svg", { viewBox: "0 0 220 146", role: "img", class: "nnlit-play__plot" }, svg("title", {}, title),
      ...names.map((name, k) => svg("text", { x: 34, y: 14 * k + 13, "text-anchor": "end" }, name)), ...rects, ...labels);
    const show = (values, most) => values.forEach((v, k) => {
      const width = most ? (130 * Math.max(v, 0)) / most : 0;
      rects[k].setAttribute("width", width);
      labels[k].setAttribute("x", 44 + width);
      labels[k].textContent = text(v, 3);
    });
    return { node: element("div", {}, element("p", {}, title), node), show };
  }

  function image(title) {
    const canvas = element("canvas", { width: SIDE, height: SIDE, role: "img", "aria-label": title, class: "nnlit-play__image" });
    const show = (color) => {
      const context = canvas.getContext("2d");
      const data = context.createImageData(SIDE, SIDE);
      for (let k = 0; k < SIDE * SIDE; k++) data.data.set([...color(k), 255], 4 * k);
      context.putImageData(data, 0, 0);
    };
    return { node: element("div", {}, element("p", {}, title), canvas), show };
  }

  function make(root) {
    const given = new URLSearchParams(location.search).get("digit");
    let strokes = drawing(given ?? EXAMPLES[3]);
    let [pen, down, asked, weights] = [[56, 56], false, "", null];
    let sample = given === null; // a drawing to begin with, which the first stroke takes away
    const lines = svg("g", { class: "nnlit-play__ink" });
    const cursor = svg("circle", { r: 3, class: "nnlit-play__handle" });
    const sheet = element("div", { class: "nnlit-play__sheet", tabindex: 0, role: "application",
      "aria-label": "Sheet. Arrow keys move the pen, space puts it down or lifts it, Backspace takes the last stroke back" },
    svg("svg", { viewBox: `0 0 ${SHEET} ${SHEET}`, "aria-hidden": "true" }, lines, cursor));
    const small = image("what the network gets");
    const wish = image("what the class wants to see: blue more ink, orange less");
    const hidden = bars("the ten hidden numbers", CLASSES.map((k) => String(k + 1)));
    const chances = bars("the probabilities of the digits", CLASSES.map(String));
    const numbers = table("The ten hidden numbers", ["", "sum", "its bias", "hidden number"], CLASSES.map((k) => [`hidden ${k + 1}`, `z${k}`, `b${k}`, `a${k}`]));
    const results = table("The ten classes", ["", "logit", "its bias", "probability"], CLASSES.map((k) => [`digit ${k}`, `Z${k}`, `c${k}`, `P${k}`]));
    const wish_words = element("p", {});
    const line = element("p", { role: "status" });
    const told = element("div", { hidden: true }, element("div", { class: "nnlit-play__plots" }, small.node, wish.node, hidden.node, chances.node),
      wish_words, element("details", {}, element("summary", {}, "All numbers"), element("div", { class: "nnlit-play__plots" }, numbers.node, results.node)));

    const show = () => {
      lines.replaceChildren(...strokes.map((s) => svg("polyline", { points: [...s, s.at(-1)].map((p) => p.join(",")).join(" "), "stroke-width": 2 * PEN })));
      cursor.setAttribute("cx", pen[0]);
      cursor.setAttribute("cy", pen[1]);
      cursor.classList.toggle("nnlit-play__handle--up", !down);
    };
    const begin = () => {
      if (sample) strokes = [];
      sample = false;
      if (count() < MOST) strokes.push([pen]);
    };
    const read = () => {
      if (!sample) write("digit", [spelled(strokes)]);
      show();
      told.hidden = !strokes.length;
      if (!strokes.length) {
        line.textContent = "The sheet is empty: there is nothing to read.";
        delete line.dataset.digit;
        return;
      }
      use().then(() => {
        if (!strokes.length) return;
        const { gray, prepare, unpacked, forward } = window.nnlit.digit;
        weights ||= unpacked(window.nnlit.digitWeights);
        const pixels = prepare(gray(strokes));
        const found = forward(weights, pixels);
        small.show((k) => [pixels[k], pixels[k], pixels[k]]);
        hidden.show(found.A, Math.max(...found.A));
        chances.show(found.P, 1);
        for (const k of CLASSES) {
          numbers.show(`z${k}`, found.hidden[k]);
          numbers.show(`b${k}`, weights.b1[k]);
          numbers.show(`a${k}`, found.A[k]);
          results.show(`Z${k}`, found.Z[k]);
          results.show(`c${k}`, weights.b2[k]);
          results.show(`P${k}`, found.P[k]);
        }
        const order = CLASSES.toSorted((a, b) => found.P[b] - found.P[a]);
        const known = window.nnlit.digitWeights;
        line.textContent = `It reads ${order[0]}, with probability ${text(found.P[order[0]], 3)}; then ${order[1]}, with ${text(found.P[order[1]], 3)}. ` +
          `Of MNIST's ${known.tested.toLocaleString("en")} test images it reads ${text(100 * known.accuracy)} in 100; worst is ${known.worst}, with ${text(100 * known.worstRead)}.`;
        line.dataset.digit = order[0];
        desire(found);
      });
    };
    wish.node.hidden = wish_words.hidden = true;
    const desire = (found) => {
      wish.node.hidden = wish_words.hidden = asked === "";
      if (asked === "") return;
      const slope = window.nnlit.digit.wants(weights, found, Number(asked));
      const most = Math.max(...slope.map(Math.abs)) || 1;
      wish.show((k) => {
        const [part, color] = [Math.abs(slope[k]) / most, slope[k] > 0 ? [61, 127, 217] : [217, 115, 13]];
        return color.map((c) => Math.round(255 + (c - 255) * part));
      });
      const best = slope.indexOf(Math.max(...slope));
      const cell = element("b", { "data-key": "wish", "data-value": slope[best] }, text(slope[best]));
      wish_words.replaceChildren(`The logit of ${asked} would rise fastest with ink in row ${Math.floor(best / SIDE) + 1}, column ${(best % SIDE) + 1} of the prepared image: by `, cell, " for one gray level.");
    };

    const count = () => strokes.flat().length;
    const add = (point) => {
      const last = strokes.at(-1);
      const end = last.at(-1);
      if (count() < MOST && (!end || Math.hypot(end[0] - point[0], end[1] - point[1]) >= 2)) last.push(point);
    };
    const at = (event) => {
      const box = sheet.getBoundingClientRect();
      return [inside(((event.clientX - box.left) * SHEET) / box.width), inside(((event.clientY - box.top) * SHEET) / box.height)];
    };
    sheet.addEventListener("pointerdown", (event) => {
      sheet.setPointerCapture(event.pointerId);
      pen = at(event);
      begin();
      show();
    });
    sheet.addEventListener("pointermove", (event) => {
      if (!sheet.hasPointerCapture(event.pointerId) || !strokes.length) return;
      pen = at(event);
      add(pen);
      show();
    });
    sheet.addEventListener("pointerup", read);
    sheet.addEventListener("keydown", (event) => {
      const move = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key];
      if (!move && event.key !== " " && event.key !== "Backspace") return;
      event.preventDefault();
      if (!move) down = event.key === " " && !down;
      if (event.key === "Backspace") {
        strokes.pop();
        sample = false;
      } else if (!move && down) begin();
      if (move) pen = pen.map((x, k) => inside(x + move[k]));
      if (move && down && strokes.length) add(pen);
      read();
    });
    const take = (words) => {
      sample = false;
      strokes = drawing(words);
      down = false;
      read();
    };
    const example = choice("a drawing to start with", [["", "none"], ...CLASSES.map((k) => [String(k), `a ${k}`])], sample ? "3" : "", (k) => take(EXAMPLES[k]));
    const question = choice("what does a class want to see?", [["", "not asked"], ...CLASSES.map((k) => [String(k), `the class ${k}`])], "", (k) => {
      asked = k;
      read();
    });
    root.append(element("div", { class: "nnlit-play__draw" }, sheet, element("div", {},
      element("p", {}, "A three to begin with. Draw a digit of your own over it, with mouse, finger or keys."), example.node,
      element("div", { class: "nnlit-play__buttons" }, button("Take the last stroke back", () => take(spelled(strokes.slice(0, -1)))), button("Empty the sheet", () => take(""))),
      question.node, line)), told);
    read();
  }

  window.nnlit.digit = { drawing, use, EXAMPLES };
  play("digit", make);
})();
