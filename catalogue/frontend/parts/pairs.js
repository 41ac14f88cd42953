// Keys of one letter on pages about pairs of concepts, and decisions without waiting for a page.
// Who speaks to a computer types letters too, so the keys can be switched off (WCAG 2.1.4).
const KEPT = "keys"; // "off" in the browser's own storage where a reader switched them off

export function pairs() {
  let on = remembered() !== "off";
  offer();
  if (document.querySelector("[data-decides]")) decisions();

  document.addEventListener("keydown", (event) => {
    if (!on || event.ctrlKey || event.altKey || event.metaKey) return;
    if (!document.querySelector("[data-keys]")) return;
    const typing = event.target.matches("input:not([type=radio]), textarea, select");
    if (typing) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const key = event.key.toLowerCase();
    if (press(document.querySelector(`[data-key="${CSS.escape(key)}"]`)) || step(key)) {
      event.preventDefault();
    }
  });

  // Whoever can use the keys reads which there are, with a button to be rid of them.
  function offer() {
    for (const told of document.querySelectorAll("[data-keys]")) {
      const button = Object.assign(document.createElement("button"), { type: "button" });
      const label = () => {
        button.textContent = on ? told.dataset.off : told.dataset.on;
        told.firstElementChild.hidden = !on;
      };
      button.addEventListener("click", () => {
        on = !on;
        remember(on ? "on" : "off");
        label();
      });
      told.append(" ", button);
      told.hidden = false;
      label();
    }
  }

  // The page that a decision leads to takes the place of this one; what came of it is said aloud.
  function decisions() {
    const status = document.createElement("p");
    status.className = "hidden";
    status.role = "status";
    document.body.append(status);

    document.addEventListener("submit", async (event) => {
      const { target: form, submitter } = event;
      if (!form.matches(".decide")) return;
      event.preventDefault();
      if (form.ariaBusy) return; // a key that is held down decides once
      form.ariaBusy = "true";
      const fields = new URLSearchParams(new FormData(form, submitter));
      try {
        const answer = await fetch(form.action, { method: "POST", body: fields });
        if (!answer.ok) throw new Error(answer.statusText);
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        document.querySelector("main").replaceWith(page.querySelector("main"));
        document.querySelector(".service").replaceWith(page.querySelector(".service"));
        document.title = page.title;
        history.replaceState(null, "", answer.url);
      } catch {
        location.assign(document.querySelector(".brand").href); // the page itself says what is wrong
        return;
      }
      offer();
      // Read once: by the status, which was there before.
      const said = document.querySelector("[data-said]");
      said?.removeAttribute("role");
      status.textContent = said?.textContent ?? "";
      document.querySelector("h1").focus({ preventScroll: true });
      scrollTo({ top: 0 });
    });
  }
}

function press(found) {
  if (!found) return false;
  if (found.matches("textarea")) found.focus();
  else found.click();
  return true;
}

// In a list J and K lead from one pair to the next, as Tab would.
function step(key) {
  const links = [...document.querySelectorAll("[data-pair]")];
  if (!links.length || !["j", "k"].includes(key)) return false;
  const place = links.indexOf(document.activeElement);
  const next = key === "j" ? place + 1 : Math.max(place - 1, 0);
  links[Math.min(next, links.length - 1)].focus();
  return true;
}

function remembered() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null; // the reader does not allow it
  }
}

function remember(choice) {
  try {
    localStorage.setItem(KEPT, choice);
  } catch {
    // Then it holds for this page.
  }
}
