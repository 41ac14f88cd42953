// A filter is applied as soon as it is ticked: the page that the form would lead to takes the place
// of this one, and the reader stays where they were.
const PARTS = ["main", ".service", ".bottom"]; // what depends on the address

export function filters() {
  if (!document.querySelector(".filters")) return;
  document.documentElement.classList.add("live");
  const status = document.createElement("p");
  status.className = "hidden";
  status.role = "status";
  document.body.append(status);
  let asked;

  document.addEventListener("change", ({ target }) => {
    if (target.matches(".filters input[type=checkbox]")) apply(target);
  });
  // Back and forward: the page of that address, as if it had been loaded. A link within the page
  // is no reason: it leads to the same address.
  let shown = location.search;
  addEventListener("popstate", () => {
    if (location.search !== shown) location.reload();
  });

  async function apply({ form, id }) {
    asked?.abort();
    asked = new AbortController();
    const address = new URL(form.action);
    address.search = new URLSearchParams(new FormData(form));
    try {
      const answer = await fetch(address, asked);
      if (!answer.ok) throw new Error(answer.statusText);
      swap(new DOMParser().parseFromString(await answer.text(), "text/html"));
      history.pushState(null, "", answer.url);
      shown = location.search;
    } catch (error) {
      if (error.name !== "AbortError") form.requestSubmit();
      return;
    }
    document.getElementById(id)?.focus({ preventScroll: true });
    status.textContent = document.querySelector(".total")?.textContent ?? "";
  }
}

function swap(page) {
  const folded = (from) => [...from.querySelectorAll(".filters, .filters details")];
  const before = folded(document);
  const after = folded(page);
  if (before.length === after.length) after.forEach((each, at) => (each.open = before[at].open));
  for (const part of PARTS) {
    document.querySelector(part).replaceWith(page.querySelector(part));
  }
  document.title = page.title;
}
