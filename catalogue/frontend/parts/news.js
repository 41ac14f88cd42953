// Whether something changed since the last visit. The browser remembers which release it saw last,
// in its own storage; nothing of it is sent.
const KEY = "release";

export function news() {
  const link = document.querySelector("[data-release]");
  if (!link) return;
  const { release, said } = link.dataset;
  const seen = remembered();
  if (seen && seen !== release) {
    link.after(" ", Object.assign(document.createElement("span"), { className: "badge", textContent: said }));
  }
  const since = document.querySelector("[data-before]");
  if (since && seen) {
    const which = seen === release ? "same" : seen === since.dataset.before ? "one" : "more";
    since.querySelector(`[data-since=${which}]`).hidden = false;
  }
  if (since || !seen) remember(release);
}

function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // the reader does not allow it
  }
}

function remember(release) {
  try {
    localStorage.setItem(KEY, release);
  } catch {
    // Then the next visit is the first again.
  }
}
