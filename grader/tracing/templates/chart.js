"use strict";
// Draws the run between two moments. What input does with it is in the other file.
const data = JSON.parse(document.getElementById("data").textContent);
const $ = id => document.getElementById(id);
const chart = $("chart"), stage = $("stage"), topSvg = $("top"), rowsSvg = $("rows"), card = $("card");
const LEAST = 1, APART = 5, HEAD = 34, LANE = 16, TAIL = 14, END = data.length;
const rows = data.rows, states = data.states.map(([state]) => state), stateWords = Object.fromEntries(data.states);
const segment = (row, at) => { // what a task did: state, from, to, line, what it called, chain
  const s = row.segments.slice(at * 6, at * 6 + 6);
  return { state: states[s[0]], from: s[1], to: s[2], line: s[3], what: data.whats[s[4]], chain: data.chains[s[5]] || [] };
};
const count = row => row.segments.length / 6;
const view = { from: 0, to: END, height: Math.min(22, Math.max(5, 620 / rows.length)), left: 0, right: 1, lit: null, at: null };
const x = time => view.left + (time - view.from) / (view.to - view.from) * (view.right - view.left);
const time = px => view.from + (px - view.left) / (view.right - view.left) * (view.to - view.from);
const clamp = (value, least, most) => Math.min(Math.max(value, least), most);

const UNITS = [[1e9, "s"], [1e6, "ms"], [1e3, "µs"], [1, "ns"]];
function words(ticks) {
  const last = 10 ** Math.max(String(Math.round(ticks)).length - 3, 0), rounded = Math.floor((ticks + last / 2) / last) * last;
  if (ticks >= 120e9) {
    const s = Math.round(ticks / 1e9), hours = s >= 3600;
    const [big, small] = hours ? [Math.floor(s / 3600), Math.floor(s / 60) % 60] : [Math.floor(s / 60), s % 60];
    return `${big} ${hours ? "h" : "min"}` + (small ? ` ${small} ${hours ? "min" : "s"}` : "");
  }
  const [size, unit] = UNITS.find(([size]) => size <= rounded) || UNITS[0];
  return `${Number((rounded / size).toPrecision(3))} ${unit}`;
}
// A moment, to the digit that a reader can see at this zoom.
function moment(ticks) {
  if (END > 120e9) return `${tick(ticks, Math.min((view.to - view.from) / 20, 1e9))} ${END > 7200e9 ? "h" : "min"}`;
  const [size, unit] = UNITS.find(([size]) => size <= END) || UNITS[0];
  const digits = clamp(Math.ceil(Math.log10(size / Math.max((view.to - view.from) / 2000, 1))), 0, 9);
  return `${Number((ticks / size).toFixed(digits))} ${unit}`;
}
function step(most) {
  const span = view.to - view.from;
  if (END > 120e9)
    for (const s of [15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400])
      if (span / most > 5e9 && span <= s * 1e9 * most) return s * 1e9;
  for (let power = 1; ; power *= 10) for (const s of [1, 2, 5]) if (span <= s * power * most) return s * power;
}
function tick(ticks, every) {
  if (END > 120e9) {
    const digits = clamp(Math.ceil(Math.log10(1e9 / every)), 0, 9), s = Number((ticks / 1e9).toFixed(digits)), part = Number((s % 60).toFixed(digits));
    const two = n => (n < 10 ? "0" : "") + n;
    return END > 7200e9 ? `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}${every < 60e9 ? ":" + two(part) : ""}` : `${Math.floor(s / 60)}:${two(part)}`;
  }
  const [size] = UNITS.find(([size]) => size <= END) || UNITS[0];
  return String(Number((ticks / size).toFixed(clamp(Math.ceil(Math.log10(size / every)), 0, 9))));
}
const unit = END > 7200e9 ? "h:min" : END > 120e9 ? "min:s" : (UNITS.find(([size]) => size <= END) || UNITS[0])[1];

const make = (tag, attributes, content) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const name in attributes) made.setAttribute(name, attributes[name]);
  if (content !== undefined) made.textContent = content;
  return made;
};
const pen = document.createElement("canvas").getContext("2d");
const wide = (text, font) => { pen.font = `${font} system-ui, sans-serif`; return pen.measureText(text).width; };
function cut(text, room, font) {
  if (wide(text, font) <= room) return text;
  let n = Math.floor(text.length * room / wide(text, font));
  while (n > 0 && wide(text.slice(0, n) + "…", font) > room) n--;
  return n > 0 ? text.slice(0, n) + "…" : "";
}
const box = (a, y, w, h) => `M${a.toFixed(2)} ${y.toFixed(2)}h${w.toFixed(2)}v${h.toFixed(2)}h${(-w).toFixed(2)}z`;

// The first of a row's segments that ends after a time.
function first(row, when) {
  let low = 0, high = count(row);
  while (low < high) { const mid = (low + high) >> 1; row.segments[mid * 6 + 2] > when ? high = mid : low = mid + 1; }
  return low;
}
// Which rows have room for their names, parents first.
function named(height) {
  if (named.height === height) return named.rows;
  const apart = Math.ceil(13 / height), taken = new Uint8Array(rows.length + apart), parent = n => n + 1 < rows.length && rows[n + 1].depth > rows[n].depth;
  named.rows = new Set();
  for (const first of [true, false])
    for (let n = 0; n < rows.length; n++)
      if (parent(n) === first && !taken.subarray(Math.max(n - apart + 1, 0), n + apart).includes(1)) { taken[n] = 1; named.rows.add(n); }
  named.height = height;
  return named.rows;
}
function place(width) {
  const names = rows.map(row => wide(row.name, "12px") + Math.min(row.depth, 5) * 12 + 12);
  view.left = Math.round(clamp(Math.max(...names, 60), 60, Math.min(190, width * 0.34)));
  view.right = Math.max(width - (rows.some(row => row.tail) ? 24 + TAIL : 24), view.left + 40);
}
function draw() {
  const style = getComputedStyle(stage), width = stage.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  place(width);
  drawRows(width);
  drawTop(width);
  $("window").textContent = view.from > 0 || view.to < END ? `${moment(view.from)} to ${moment(view.to)}` : "the whole run";
}
function drawRows(width) {
  const h = view.height, height = rows.length * h + 6, paths = {}, dim = {}, texts = document.createDocumentFragment(), names = named(h);
  for (const state of states) { paths[state] = []; dim[state] = []; }
  let lives = "";
  rows.forEach((row, n) => {
    const y = n * h + 3, end = row.to === null ? END : row.to, thick = h * (h > 12 ? 0.64 : 0.74), mid = y + (h - thick) / 2;
    const a = clamp(x(row.from), view.left, view.right), b = clamp(x(end), view.left, view.right);
    if (row.from < view.to && end >= view.from) lives += box(a, mid, Math.max(b - a, 1), thick);
    drawBars(row, n, mid, thick, paths, dim, texts);
    const tail = row.tail && view.to >= END ? states.indexOf(row.tail) : -1;
    if (tail >= 0) (view.lit && !view.lit(row, count(row) - 1) ? dim : paths)[row.tail].push(row.tail === "task" ? box(view.right, mid + thick / 2 - 1, TAIL, Math.max(thick / 5, 1)) : box(view.right + 0.5, mid, TAIL, thick));
    if (end >= view.from && end <= view.to && (h >= 7 || row.outcome !== "done")) texts.append(sign(row, x(end) + (tail >= 0 ? TAIL : 0), y + h / 2, h));
    if (!names.has(n)) return;
    const indent = Math.min(row.depth, 5) * 12, font = h >= 14 ? "12px" : "11px";
    texts.append(make("text", { x: indent, y: y + h / 2 + 4, class: font === "12px" ? "" : "tiny" }, cut(row.name, view.left - indent - 10, font)));
  });
  rowsSvg.setAttribute("width", width);
  rowsSvg.setAttribute("height", height);
  rowsSvg.replaceChildren(make("path", { class: "od-grid", d: marks().map(m => `M${x(m).toFixed(2)} 0V${height}`).join("") }),
    make("path", { class: "od-life", d: lives }), ...bands(height));
  for (const [set, style] of [[dim, "dim"], [paths, ""]])
    for (const state of states)
      if (set[state].length) rowsSvg.append(make("path", { class: `od-${state} ${style}`, style: data.woven.includes(state) ? `fill:url(#od-${state})` : "", d: set[state].join("") }));
  rowsSvg.append(texts);
  if (view.at) rowsSvg.append(outline());
}
function drawBars(row, n, y, thick, paths, dim, texts) {
  let crowd = null, last = -99, before = null;
  const put = (state, from, to, whole, lit) => {
    const a = Math.max(x(from), view.left), b = Math.min(x(to), view.right), thin = state === "task", gap = b - a > 4 ? 0.5 : 0;
    if (b <= a) return;
    const high = thin ? Math.max(thick / 5, 1) : thick;
    (lit ? paths : dim)[state].push(box(a + gap, y + (thick - high) / 2, b - a - 2 * gap, high));
    if (whole && lit && thick > 9 && !["task", "held", "running"].includes(state)) write(row, n, whole, a, b, y, thick, texts);
  };
  const together = () => {
    if (crowd && x(crowd.to) - x(crowd.from) >= LEAST / 2)
      put(Object.keys(crowd.times).reduce((p, q) => crowd.times[q] > crowd.times[p] ? q : p), crowd.from, crowd.to, null, crowd.lit);
    crowd = null;
  };
  const ran = when => {
    const at = x(when);
    if (at < view.left - 1 || at > view.right + 1 || at - last < APART) return;
    last = at;
    paths.running.push(box(at - 0.75, y - 0.5, 1.5, thick + 1));
  };
  for (let at = first(row, view.from), all = count(row); at < all; at++) {
    const s = row.segments, from = s[at * 6 + 1], to = s[at * 6 + 2], state = states[s[at * 6]], small = x(to) - x(from) < LEAST;
    if (from > view.to) break;
    const lit = !view.lit || view.lit(row, at);
    if (!small) { together(); put(state, from, to, at + 1, lit); }
    else {
      crowd = crowd || { from, to, times: {}, lit: false };
      crowd.to = to;
      crowd.lit = crowd.lit || lit;
      crowd.times[state] = (crowd.times[state] || 0) + to - from;
      if (x(to) - x(crowd.from) >= LEAST) together();
    }
    if (state === "running" ? small : ![undefined, "running", "blocking"].includes(before === null && at ? states[s[at * 6 - 6]] : before || "") && !["blocking", "held"].includes(state)) ran(from);
    before = state;
  }
  together();
  if (row.to !== null && row.to <= view.to && before && !["running", "blocking"].includes(before)) ran(row.to);
}
function write(row, n, number, a, b, y, thick, texts) {
  const s = segment(row, number - 1), length = words(s.to - s.from);
  for (const text of [`${s.what}  ${length}`.trim(), length]) {
    const w = wide(text, "10.5px");
    if (w + 10 > b - a) continue;
    if (data.woven.includes(s.state)) texts.append(make("path", { class: `od-${s.state}`, d: box(a + 1.5, y, Math.min(w + 9, b - a - 3), thick) }));
    texts.append(make("text", { x: a + 6, y: y + thick / 2 + 3.7, class: `in in-${s.state}` }, text));
    return;
  }
}
function sign(row, at, y, h) {
  const small = h < 14 ? ` scale(${Math.max(h / 16, 0.4)})` : "";
  return make("path", { class: `od-${row.outcome}`, transform: `translate(${at + 10} ${y})${small}`, d: data.signs[row.outcome] });
}
function marks() {
  const every = step(Math.max(Math.floor((view.right - view.left) / 66), 1)), found = [];
  for (let at = Math.ceil(view.from / every - 1e-9) * every; at <= view.to; at += every) found.push(at);
  return found;
}
function bands(height) {
  let boxes = "", edges = "";
  for (const [from, to] of data.holds) {
    if (to < view.from || from > view.to) continue;
    const a = clamp(x(from), view.left, view.right), w = Math.max(Math.min(x(to), view.right) - a, 1.5);
    boxes += box(a, 0, w, height);
    edges += `M${a} 0V${height}` + (w > 3 ? `m${w} 0V0` : "");
  }
  return boxes ? [make("path", { style: "fill:url(#od-band)", d: boxes }), make("path", { class: "od-edge", d: edges })] : [];
}
function drawTop(width) {
  const parts = [], lanes = data.holds.length ? LANE : 0, base = HEAD + 22, every = step(Math.max(Math.floor((view.right - view.left) / 66), 1));
  const clip = Math.max(data.peak, 1), level = n => HEAD - n * (HEAD - 12) / clip;
  let path = "", now = 0;
  for (const [when, many] of data.curve) {
    if (when <= view.from) { now = many; continue; }
    if (when > view.to) break;
    path += `H${x(when).toFixed(2)}V${level(many).toFixed(2)}`;
  }
  path = `M${view.left} ${level(now)}${path}H${view.right}`;
  if (data.curve.length) parts.push(make("path", { class: "od-area", d: `${path}V${HEAD}H${view.left}z` }), make("path", { class: "od-step", d: path }),
    make("text", { x: 0, y: HEAD - 2, class: "tiny soft" }, "in flight"), make("text", { x: view.left, y: 8, class: "tiny" }, `at most ${data.peak.toLocaleString("en")}`));
  for (const at of marks()) parts.push(make("text", { x: x(at), y: base - 8, class: "tiny soft mid" }, tick(at, every)));
  parts.push(make("text", { x: 0, y: base - 8, class: "tiny soft" }, `${unit} (${data.clock})`), ...bandLabels(base + LANE - 6));
  topSvg.setAttribute("width", width);
  topSvg.setAttribute("height", base + lanes);
  topSvg.replaceChildren(...parts);
}
// Holds that a reader cannot tell apart at this zoom, as one; of many of one line the longest speaks for all.
function heldTogether() {
  const found = [], lines = new Map(), length = holds => holds.reduce((sum, [from, to]) => sum + to - from, 0);
  const longest = holds => holds.reduce((p, q) => q[1] - q[0] > p[1] - p[0] ? q : p);
  for (const hold of data.holds) {
    if (hold[1] < view.from || hold[0] > view.to) continue;
    const last = found[found.length - 1];
    if (last && x(hold[0]) - x(last.to) < LEAST) { last.holds.push(hold); last.to = Math.max(last.to, hold[1]); }
    else found.push({ from: hold[0], to: hold[1], holds: [hold] });
  }
  for (const held of found.sort((p, q) => length(q.holds) - length(p.holds))) {
    const line = longest(held.holds)[2];
    lines.set(line, [...(lines.get(line) || []), held]);
  }
  const said = [...lines.values()].flatMap(alike => alike.length > 3 ? [{ ...alike[0], holds: alike.flatMap(held => held.holds) }] : alike);
  return said.map(held => ({ ...held, length: length(held.holds), longest: longest(held.holds) })).sort((p, q) => q.length - p.length).slice(0, 40);
}
function bandLabels(y) {
  const taken = [], found = [], font = "600 11px";
  for (const held of heldTogether()) {
    const [, , line, why] = held.longest, [file, number, source] = data.lines[line] || ["", 0, ""], more = held.holds.length - 1;
    const text = wide(source, font) > 220 ? why || cut(source, 220, font) : source || why;
    const what = !more ? text : held.holds.every(hold => hold[2] === line) ? `${more + 1} × ${text}` : `${text} and ${more} more`;
    const told = cut([what, file && `${file}:${number}`, words(held.length)].filter(Boolean).join(" · "), view.right - view.left, font);
    const w = wide(told, font), mid = (Math.max(x(held.from), view.left) + Math.min(x(held.to), view.right)) / 2, a = clamp(mid - w / 2, view.left, view.right - w);
    if (taken.some(([p, q]) => a < q + 8 && p < a + w + 8)) continue;
    taken.push([a, a + w]);
    found.push(make("text", { x: a, y, class: "on-band" }, told));
  }
  return found;
}
function outline() {
  const row = rows[view.at.row], s = segment(row, view.at.at);
  const a = clamp(x(s.from), view.left, view.right), b = clamp(x(s.to), view.left, view.right);
  return make("rect", { id: "chosen", x: a - 1, y: view.at.row * view.height + 3, width: Math.max(b - a, 1) + 2, height: view.height });
}
