// What is drawn becomes an image as `nnlit predict` prepares a picture (nnlit/pictures.py), and is read by a network of two
// dense layers with ReLU between them.
(() => {
  "use strict";
  const [SHEET, PEN] = [112, 4.5]; // pixels of the sheet, as in digit.js; the pen's radius
  const [BOX, SIDE, FLOOR, FULL] = [20, 28, 0.1, 0.75]; // as in nnlit/pictures.py
  const HALF = 0.5 + 1e-9; // a level that lies between two goes up, whatever rounding did to it before
  const CLASSES = [...Array(10).keys()];

  // The gray levels of the sheet: full inside the pen's line, less over one pixel at its edge.
  function gray(strokes) {
    const levels = new Float64Array(SHEET * SHEET);
    const reach = PEN + 1.5;
    for (const stroke of strokes) {
      for (let s = 0; s < Math.max(stroke.length - 1, 1); s++) {
        const [[ax, ay], [bx, by]] = [stroke[s], stroke[Math.min(s + 1, stroke.length - 1)]];
        const [dx, dy] = [bx - ax, by - ay];
        const length = dx * dx + dy * dy;
        const around = (p, q) => [Math.min(p, q) - reach, Math.max(p, q) + reach]; // inside the sheet, whose edge is empty
        const [[top, bottom], [first, last]] = [around(ay, by), around(ax, bx)].map((ends) => ends.map(Math.floor));
        for (let y = top; y < bottom; y++) {
          for (let x = first; x < last; x++) {
            const [px, py] = [x + 0.5 - ax, y + 0.5 - ay];
            const t = length ? Math.min(Math.max((px * dx + py * dy) / length, 0), 1) : 0;
            const level = Math.min(Math.max(PEN + 0.5 - Math.hypot(px - t * dx, py - t * dy), 0), 1);
            const k = y * SHEET + x;
            levels[k] = Math.max(levels[k], Math.floor(255 * level + HALF));
          }
        }
      }
    }
    return levels;
  }

  // NumPy's round: halves go to the even neighbor.
  const even = (x) => (x % 1 === 0.5 ? 2 * Math.round(x / 2) : Math.round(x));
  const sum = (all) => all.reduce((a, b) => a + b, 0);
  const largest = (all) => all.reduce((a, b) => Math.max(a, b));

  // Where the digit begins and ends, to parts of a pixel.
  function span(most) {
    const inked = [...most.keys()].filter((k) => most[k] >= 0.5);
    const [first, last] = [inked[0], inked.at(-1)];
    const low = first + 1 - most[first] - (most[first - 1] || 0);
    const high = last + most[last] + (most[last + 1] || 0);
    return high - low < 1 ? [first, last + 1] : [low, high];
  }

  // The weights that take the old pixels from low to high to new ones: triangles as wide as the coarser pixel.
  function triangles(low, high, size) {
    const step = (high - low) / size;
    return Array.from({ length: size }, (_, k) => {
      const middle = low + (k + 0.5) * step - 0.5;
      const row = Float64Array.from({ length: SHEET }, (_unused, j) => Math.max(0, 1 - Math.abs(j - middle) / Math.max(step, 1)));
      const whole = Math.max(sum(row), 1e-9);
      return row.map((w) => w / whole);
    });
  }

  function quantile(values, part) {
    const sorted = values.toSorted((a, b) => a - b);
    const at = part * (sorted.length - 1);
    const [low, high] = [sorted[Math.floor(at)], sorted[Math.min(Math.floor(at) + 1, sorted.length - 1)]];
    const t = at - Math.floor(at);
    return t < 0.5 ? low + (high - low) * t : high - (high - low) * (1 - t); // as NumPy interpolates
  }

  // The image of 28x28 bytes that nnlit's `prepare` makes of a sheet with something on it. Its edge is empty, so the ground
  // is zero; and the drawing is light, as the images of MNIST are.
  function prepare(levels) {
    const top = largest(levels);
    const ink = levels.map((v) => (v / top < FLOOR ? 0 : v / top));
    const [rows, columns] = [new Float64Array(SHEET), new Float64Array(SHEET)];
    ink.forEach((v, k) => {
      const [y, x] = [Math.floor(k / SHEET), k % SHEET];
      rows[y] = Math.max(rows[y], v);
      columns[x] = Math.max(columns[x], v);
    });
    const spans = [span(rows), span(columns)];
    const longer = Math.max(...spans.map(([low, high]) => high - low));
    const [h, w] = spans.map(([low, high]) => Math.max(1, even(((high - low) * BOX) / longer)));
    const [R, C] = [triangles(...spans[0], h), triangles(...spans[1], w)];
    const digit = R.map((row) => {
      const mixed = new Float64Array(SHEET);
      row.forEach((weight, y) => { if (weight) for (let x = 0; x < SHEET; x++) mixed[x] += weight * ink[y * SHEET + x]; });
      return C.map((column) => sum(column.map((weight, x) => weight * mixed[x])));
    });
    const full = quantile(digit.flat().filter((v) => v > FLOOR), FULL);
    const scaled = digit.map((row) => row.map((v) => Math.min(v / full, 1)));
    const masses = [scaled.map(sum), C.map((_, x) => sum(scaled.map((row) => row[x])))];
    const [r, c] = masses.map((mass) => {
      const middle = Number((sum(mass.map((m, k) => m * k)) / sum(mass)).toFixed(9)); // of a symmetric digit exactly half
      return Math.min(Math.max(even(SIDE / 2 - middle), 0), SIDE - mass.length);
    });
    const pixels = new Uint8Array(SIDE * SIDE);
    scaled.forEach((row, y) => row.forEach((v, x) => { pixels[(r + y) * SIDE + c + x] = even(255 * v); }));
    return pixels;
  }

  function unpacked(file) {
    const bytes = Uint8Array.from(atob(file.weights), (letter) => letter.charCodeAt(0));
    const all = Float64Array.from({ length: bytes.length / 4 }, (_, k) => new DataView(bytes.buffer).getFloat32(4 * k, true));
    return { W1: all.subarray(0, 7840), b1: all.subarray(7840, 7850), W2: all.subarray(7850, 7950), b2: all.subarray(7950) };
  }

  function forward({ W1, b1, W2, b2 }, pixels) {
    const hidden = [...b1];
    pixels.forEach((p, j) => { if (p) for (const k of CLASSES) hidden[k] += (p / 255) * W1[10 * j + k]; });
    const A = hidden.map((z) => Math.max(0, z));
    const Z = CLASSES.map((k) => b2[k] + sum(A.map((a, j) => a * W2[10 * j + k])));
    const most = Math.max(...Z);
    const E = Z.map((z) => Math.exp(z - most));
    return { hidden, A, Z, P: E.map((e) => e / sum(E)) };
  }

  // How the logit of a class changes with every pixel, for one gray level.
  function wants({ W1, W2 }, { hidden }, k) {
    const open = hidden.map((z, j) => (z > 0 ? W2[10 * j + k] : 0));
    return Float64Array.from({ length: SIDE * SIDE }, (_, i) => sum(open.map((v, j) => v * W1[10 * i + j])) / 255);
  }

  Object.assign(window.nnlit.digit, { gray, prepare, unpacked, forward, wants });
})();
