// A button beside a text that is meant to be taken along.
export function copies() {
  if (!navigator.clipboard) return; // a page that is not secure may not write there
  for (const text of document.querySelectorAll("[data-copy]")) {
    const { copy, copied } = text.dataset;
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: copy });
    const status = Object.assign(document.createElement("span"), { role: "status", className: "muted" });
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(text.textContent);
      status.textContent = copied;
    });
    const line = document.createElement("p");
    line.append(button, " ", status);
    text.after(line);
  }
}
