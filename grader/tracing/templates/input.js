// -- what the reader does: zoom, move, point, choose, light up ---------------------------------------------
const still = matchMedia("(prefers-reduced-motion: reduce)");
const SHORTEST = Math.max(END / 1e6, 10);
let moving = 0;
function show(from, to, gently) {
  const span = clamp(to - from, Math.min(SHORTEST, END), END);
  const start = clamp((from + to - span) / 2, 0, END - span), goal = [start, start + span];
  cancelAnimationFrame(moving);
  hideCard();
  if (!gently || still.matches) { [view.from, view.to] = goal; draw(); return; }
  const before = [view.from, view.to], begun = performance.now();
  const turn = now => {
    const part = Math.min((now - begun) / 160, 1), eased = 1 - (1 - part) ** 3;
    [view.from, view.to] = before.map((value, n) => value + (goal[n] - value) * eased);
    draw();
    if (part < 1) moving = requestAnimationFrame(turn);
  };
  moving = requestAnimationFrame(turn);
}
const zoom = (factor, around, gently) => show(around - (around - view.from) / factor, around + (view.to - around) / factor, gently);
const pan = (part, gently) => show(view.from + part * (view.to - view.from), view.to + part * (view.to - view.from), gently);
function middle() {
  if (!view.at) return (view.from + view.to) / 2;
  const s = segment(rows[view.at.row], view.at.at), at = (s.from + s.to) / 2;
  return at >= view.from && at <= view.to ? at : (view.from + view.to) / 2;
}
const deeds = {
  in: () => zoom(2, middle(), true),
  out: () => zoom(0.5, middle(), true),
  left: () => pan(-0.3, true),
  right: () => pan(0.3, true),
  all: () => show(0, END, true),
  taller: () => { view.height = Math.min(view.height * 1.5, 40); draw(); },
  thinner: () => { view.height = Math.max(view.height / 1.5, 3); draw(); },
};
for (const button of document.querySelectorAll("[data-do]")) button.addEventListener("click", deeds[button.dataset.do]);

// -- what is under a point, and its card -------------------------------------------------------------------
function under(event) {
  const area = rowsSvg.getBoundingClientRect(), px = event.clientX - area.left;
  const n = Math.floor((event.clientY - area.top - 3) / view.height);
  if (px < view.left - 2 || px > view.right + TAIL + 2 || n < 0 || n >= rows.length) return null;
  const when = clamp(time(px), view.from, view.to);
  const hold = data.holds.find(([from, to]) => from <= when && when < to);
  if (px > view.right && rows[n].tail && view.to >= END) return { row: n, at: count(rows[n]) - 1 };
  const at = first(rows[n], when);
  if (at < count(rows[n]) && rows[n].segments[at * 6 + 1] <= when) return { row: n, at, hold };
  return hold ? { hold } : null;
}
const MOST_AROUND = 6; // coroutines around the innermost that a card tells of
const lineOf = number => data.lines[number] || null;
const told = line => `${line[0]}:${line[1]}`;
const ENDS = { done: () => "The task ended.", failed: error => `The task failed with ${error || "an exception"}.`, cancelled: () => "The task was cancelled.", pending: () => "The task never ended." };
function facts(where) {
  const row = rows[where.row], s = segment(row, where.at), line = lineOf(s.line);
  const what = s.what && !["running"].includes(s.state) ? `${stateWords[s.state]}: ${s.what}` : stateWords[s.state];
  const until = s.to === END && row.to === null ? "and had not ended" : `until ${moment(s.to)}`;
  return { name: row.name, what, line, when: `from ${moment(s.from)} for ${words(s.to - s.from)}, ${until}`, chain: s.chain.slice(0, -1).map(lineOf), held: ["blocking", "held"].includes(s.state), outcome: ENDS[row.outcome](row.error) };
}
function element(tag, text, style) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (style) made.className = style;
  return made;
}
const lineParts = line => line ? [element("div", told(line), "soft place"), element("code", line[2] || " ")] : [];
function fillWithHold([from, to, line, why]) {
  const when = `from ${moment(from)} for ${words(to - from)}, until ${moment(to)}`;
  card.replaceChildren(element("b", why), element("span", " held the loop"), element("div", when, "soft"), ...lineParts(lineOf(line)));
}
function fill(where) {
  const f = facts(where), parts = [element("b", f.name), element("span", ` ${f.what}`), element("div", f.when, "soft"), ...lineParts(f.line)];
  const around = f.chain.filter(Boolean).slice(-MOST_AROUND);
  if (around.length) {
    const list = document.createElement("ol");
    list.append(...around.map(line => {
      const item = element("li", "");
      item.append(element("span", told(line), "soft"), " ", element("code", line[2]));
      return item;
    }));
    parts.push(element("div", "awaited from", "soft"), list);
  }
  if (where.hold && !f.held) {
    const [, , line, why] = where.hold;
    parts.push(element("div", `Meanwhile ${why} held the loop${line < 0 ? "" : `, ${told(lineOf(line))}`}.`));
  }
  parts.push(element("div", f.outcome, "soft"));
  card.replaceChildren(...parts);
}
function showCard(where, px, py) {
  if (where.row === undefined) fillWithHold(where.hold);
  else fill(where);
  card.hidden = false;
  const w = card.offsetWidth, h = card.offsetHeight;
  card.style.left = `${clamp(px + 14, 8, Math.max(innerWidth - w - 8, 8))}px`;
  card.style.top = `${py + 18 + h < innerHeight ? py + 18 : Math.max(py - h - 14, 8)}px`;
}
function hideCard() { card.hidden = true; }

// -- choosing ----------------------------------------------------------------------------------------------
function choose(where, aloud) {
  view.at = where;
  const s = segment(rows[where.row], where.at);
  if (s.to <= view.from || s.from >= view.to) pan(((s.from + s.to) / 2 - (view.from + view.to) / 2) / (view.to - view.from), false);
  draw();
  const y = where.row * view.height, area = topSvg.getBoundingClientRect().height;
  if (y < stage.scrollTop) stage.scrollTop = y;
  if (y + view.height + area > stage.scrollTop + stage.clientHeight) stage.scrollTop = y + view.height + area - stage.clientHeight;
  if (!aloud) return;
  const f = facts(where), mark = $("chosen").getBoundingClientRect();
  showCard(where, clamp(mark.left, 0, innerWidth), mark.bottom - 12);
  $("said").textContent = `${f.name} ${f.what}, ${f.when}.` + (f.line ? ` ${told(f.line)}: ${f.line[2]}` : "") + ` ${f.outcome}`;
}
function go(down, along) {
  if (!view.at) {
    const row = rows.findIndex(row => count(row));
    return row < 0 ? undefined : choose({ row, at: Math.min(first(rows[row], view.from), count(rows[row]) - 1) }, true);
  }
  let { row, at } = view.at;
  if (down) {
    const when = segment(rows[row], at).from;
    row = clamp(row + down, 0, rows.length - 1);
    while (rows[row] && !count(rows[row])) row += Math.sign(down);
    if (!rows[row]) return;
    at = Math.min(first(rows[row], when), count(rows[row]) - 1);
  } else at = clamp(at + along, 0, count(rows[row]) - 1);
  choose({ row, at }, true);
}
const keys = {
  ArrowUp: () => go(-1, 0), ArrowDown: () => go(1, 0), PageUp: () => go(-10, 0), PageDown: () => go(10, 0), ArrowLeft: e => e.shiftKey ? deeds.left() : go(0, -1), ArrowRight: e => e.shiftKey ? deeds.right() : go(0, 1),
  Home: () => go(0, -1e9), End: () => go(0, 1e9), "+": deeds.in, "=": deeds.in, "-": deeds.out, 0: deeds.all,
  Escape: () => { view.at = null; light(null); hideCard(); draw(); },
  Enter: () => view.at && source(segment(rows[view.at.row], view.at.at).line),
};
stage.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key] || !rows.length) return;
  event.preventDefault();
  keys[event.key](event);
});
stage.addEventListener("blur", hideCard);

// -- wheel, drag, pinch ------------------------------------------------------------------------------------
stage.addEventListener("wheel", event => {
  const pinch = event.ctrlKey || event.metaKey, along = event.shiftKey ? event.deltaY : event.deltaX, zoomed = view.to - view.from < END;
  if (Math.abs(along) > Math.abs(event.deltaY) || event.shiftKey) {
    if (!zoomed) return;
    event.preventDefault();
    return pan(along / 1000, false);
  }
  // A page must stay scrollable past its picture: it zooms once it was clicked, or with Ctrl.
  if (!pinch && document.activeElement !== stage || event.deltaY > 0 && !zoomed) return;
  event.preventDefault();
  zoom(Math.exp(-clamp(event.deltaY, -120, 120) * (pinch ? 0.01 : 0.003)), time(event.clientX - rowsSvg.getBoundingClientRect().left), false);
}, { passive: false });
const fingers = new Map();
let drag = null;
stage.addEventListener("pointerdown", event => {
  const area = stage.getBoundingClientRect();
  if (event.button || event.clientX > area.left + stage.clientLeft + stage.clientWidth) return; // or on the scroll bar
  stage.setPointerCapture(event.pointerId);
  fingers.set(event.pointerId, event.clientX);
  drag = { x: event.clientX, from: view.from, to: view.to, moved: fingers.size > 1, apart: apart() };
});
const apart = () => { const [a, b] = [...fingers.values()]; return Math.max(Math.abs(a - b), 1) || 1; };
stage.addEventListener("pointermove", event => {
  if (event.pointerType === "mouse" && !event.buttons) fingers.clear();
  if (!fingers.has(event.pointerId)) {
    const where = event.pointerType === "touch" ? null : under(event);
    return where ? showCard(where, event.clientX, event.clientY) : hideCard();
  }
  fingers.set(event.pointerId, event.clientX);
  if (fingers.size > 1) {
    const centre = time([...fingers.values()].reduce((a, b) => a + b) / fingers.size - rowsSvg.getBoundingClientRect().left);
    zoom(apart() / drag.apart, centre, false);
    drag.apart = apart();
    return;
  }
  const by = event.clientX - drag.x;
  if (!drag.moved && Math.abs(by) < 4) return;
  drag.moved = true;
  stage.classList.add("dragged");
  const shift = -by * (drag.to - drag.from) / (view.right - view.left);
  show(drag.from + shift, drag.to + shift, false);
});
for (const name of ["pointerup", "pointercancel"])
  stage.addEventListener(name, event => {
    const alone = fingers.delete(event.pointerId) && !fingers.size;
    stage.classList.remove("dragged");
    if (!alone || !drag || drag.moved || name === "pointercancel") return;
    const where = under(event);
    if (!where || where.row === undefined) { view.at = null; hideCard(); draw(); }
    else choose(where, false);
    if (where && event.pointerType === "touch") showCard(where, event.clientX, event.clientY);
  });
// A finger leaves as soon as it is lifted; what it tapped stays told.
stage.addEventListener("pointerleave", event => event.pointerType !== "touch" && hideCard());
stage.addEventListener("dblclick", deeds.all);

// -- findings and lines light up their bars ----------------------------------------------------------------
function light(button) {
  for (const other of document.querySelectorAll("[data-line]")) other.setAttribute("aria-pressed", String(other === button));
  const line = button ? Number(button.dataset.line) : -1;
  const own = (row, at) => row.segments[at * 6 + 3] === line || (data.chains[row.segments[at * 6 + 5]] || []).includes(line);
  const many = rows.reduce((sum, row) => { for (let at = 0; at < count(row); at++) sum += own(row, at); return sum; }, 0);
  // A line that nobody waited at may be where tasks were made.
  view.lit = !button ? null : many ? own : row => row.made === line;
  draw();
  if (!button) { $("said").textContent = ""; return; }
  stage.scrollIntoView({ block: "nearest", behavior: still.matches ? "auto" : "smooth" });
  $("said").textContent = `${told(data.lines[line])} in the picture: ` + (many ? `${many} bars` : `${rows.filter(view.lit).length} tasks`);
}
for (const button of document.querySelectorAll("button[data-line]")) {
  button.hidden = false;
  button.addEventListener("click", () => light(button.getAttribute("aria-pressed") === "true" ? null : button));
}
function source(line) {
  const found = document.getElementById(`line-${line}`);
  if (!found) return;
  found.closest("details").open = true;
  found.scrollIntoView({ block: "center", behavior: still.matches ? "auto" : "smooth" });
  for (const other of document.querySelectorAll(".here")) other.classList.remove("here");
  found.classList.add("here");
}
document.querySelector(".heights").hidden = rows.length <= 28;
$("still").hidden = true;
chart.hidden = false;
new ResizeObserver(draw).observe(stage);
draw();
