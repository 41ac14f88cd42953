// Suggestions under a search box while someone is typing: a list of links, and how many there are
// for who cannot see it. Arrow keys go through it, Escape puts it away.
const PAUSE = 150; // milliseconds without a key before anything is asked
const LEAST = 2; // letters

export function suggestions() {
  let pause, asked;

  document.addEventListener("input", ({ target }) => {
    if (!target.matches(".find input")) return;
    clearTimeout(pause);
    pause = setTimeout(() => suggest(target), PAUSE);
  });
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest?.(".find");
    if (form) press(form, event);
  });
  document.addEventListener("focusout", ({ target, relatedTarget }) => {
    const form = target.closest?.(".find");
    if (form && !form.contains(relatedTarget)) close(form);
  });

  async function suggest(input) {
    asked?.abort();
    const { form } = input;
    if (input.value.trim().length < LEAST) return close(form);
    asked = new AbortController();
    const [, lang, table] = new URL(form.action).pathname.split("/");
    const query = new URLSearchParams({ q: input.value, table: table === "search" ? "" : table });
    try {
      const answer = await fetch(`/${lang}/suggest.json?${query}`, asked);
      if (answer.ok && form.contains(document.activeElement)) show(form, await answer.json());
    } catch (error) {
      if (error.name !== "AbortError") close(form); // without suggestions the form still works
    }
  }
}

function show(form, { said, things }) {
  const list = form.querySelector(".suggestions") ?? form.appendChild(made("ul", "suggestions"));
  const status = form.querySelector("[role=status]") ?? form.appendChild(made("p", "hidden"));
  status.role = "status";
  status.textContent = said;
  list.hidden = !things.length;
  list.replaceChildren(...things.map(line));
}

function line({ name, lang, kind, href, badge }) {
  const link = made("a", "", name);
  link.href = href;
  if (lang) link.lang = lang;
  const item = made("li");
  item.append(link, made("span", "muted", kind));
  if (badge) item.append(made("span", "badge invented", badge));
  return item;
}

function made(tag, classes = "", text = "") {
  return Object.assign(document.createElement(tag), { className: classes, textContent: text });
}

function close(form) {
  form.querySelector(".suggestions")?.remove();
  form.querySelector("[role=status]")?.replaceChildren();
}

function press(form, event) {
  const input = form.querySelector("input");
  const places = [input, ...form.querySelectorAll(".suggestions a")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && places.length > 1) {
    const at = places.indexOf(document.activeElement);
    places[(at + step + places.length) % places.length].focus();
    event.preventDefault();
  } else if (event.key === "Escape" && places.length > 1) {
    input.focus();
    close(form);
    event.preventDefault(); // the first Escape leaves the words in the box
  }
}
