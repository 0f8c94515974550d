// The pages about people: a password can be looked at while it is typed, and a provisional one copied.
"use strict";

for (const button of document.querySelectorAll("[data-show]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const input = document.getElementById(button.dataset.show);
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
    button.firstChild.nodeValue = shown ? "Ocultar" : "Mostrar";
  });
}
// What is sent is never kept by the browser as plain text of a form.
document.addEventListener("submit", () => {
  for (const button of document.querySelectorAll("[data-show]")) document.getElementById(button.dataset.show).type = "password";
});

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    button.textContent = "Copiada";
  });
}
