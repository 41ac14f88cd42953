// Only where `s4s watch` runs: a page loads itself again once what was saved can be seen.
const { shown, refused } = document.currentScript.dataset;
const said = Object.assign(document.createElement("p"), { className: "banner", hidden: true });
said.setAttribute("role", "status");
document.querySelector("main").prepend(said);

async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch("/-/watch");
    if (!answer.ok) return; // there is no release yet
    const now = await answer.json();
    if (now.shown !== shown) location.reload();
    said.hidden = now.stage !== "refused";
    said.textContent = said.hidden ? "" : refused;
  } catch {
    // The site is not there for a moment; the next look may find it.
  }
}

setInterval(look, 1000);
document.addEventListener("visibilitychange", look);
