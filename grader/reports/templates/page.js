"use strict";
const table = document.querySelector(".heat"), body = table.tBodies[0], field = document.querySelector("#find");
const rows = [...body.rows], said = document.querySelector("#found");
function filter() {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of rows) {
    const text = row.cells[0].textContent.toLowerCase() + " " + row.dataset.is;
    row.hidden = !words.every(word => text.includes(word));
    shown += !row.hidden;
  }
  said.textContent = words.length ? `${shown} of ${rows.length} shown` : "";
}
field.addEventListener("input", filter);
field.closest("[hidden]").hidden = false;
for (const link of document.querySelectorAll("[data-find]"))
  link.addEventListener("click", () => { field.value = link.dataset.find; filter(); });
const value = (row, column) => column ? Number(row.cells[column].dataset.v) : row.cells[0].textContent.trim();
[...table.tHead.rows[0].cells].forEach((head, column) => {
  const button = document.createElement("button");
  let turn = column ? -1 : 1;
  button.type = "button";
  button.textContent = "↕";
  button.setAttribute("aria-label", "Sort by " + head.dataset.name);
  button.addEventListener("click", () => {
    const order = (a, b) => column ? value(a, column) - value(b, column) : value(a, 0).localeCompare(value(b, 0));
    body.append(...rows.sort((a, b) => turn * order(a, b)));
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", turn > 0 ? "ascending" : "descending");
    turn = -turn;
  });
  head.append(button);
});
