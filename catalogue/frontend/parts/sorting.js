// The rows of an answer in the order of one of its columns: each heading becomes a button.
export function sorting() {
  for (const table of document.querySelectorAll("table.sortable")) {
    if (table.tBodies[0].rows.length < 2) continue;
    for (const heading of table.tHead.rows[0].cells) {
      const button = Object.assign(document.createElement("button"), { type: "button" });
      button.append(...heading.childNodes);
      button.addEventListener("click", () => sort(table.tBodies[0], heading));
      heading.append(button);
    }
  }
}

function sort(body, heading) {
  const turn = heading.ariaSort === "ascending" ? -1 : 1;
  for (const other of heading.parentNode.cells) other.ariaSort = null;
  heading.ariaSort = turn < 0 ? "descending" : "ascending";
  const text = (row) => row.cells[heading.cellIndex].textContent.trim();
  const compare = comparing([...body.rows].map(text).filter(Boolean));
  const rows = [...body.rows].sort((one, other) => {
    const [a, b] = [text(one), text(other)];
    // What is not there stays last either way.
    return a && b ? turn * compare(a, b) : !a - !b;
  });
  body.append(...rows);
}

function comparing(texts) {
  const { lang } = document.documentElement;
  const [thousands, point] = lang === "nl" ? [".", ","] : [",", "."];
  const number = (text) => Number(text.replaceAll(thousands, "").replace(point, "."));
  if (texts.every((text) => !isNaN(number(text)))) return (a, b) => number(a) - number(b);
  return new Intl.Collator(lang, { numeric: true }).compare;
}
