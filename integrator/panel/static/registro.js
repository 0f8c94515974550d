// Copies the lines shown, also where the browser keeps the clipboard from pages without TLS.
"use strict";

const offer = () => {
  for (const button of document.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
};

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const lines = document.querySelectorAll(`#${button.dataset.copy} pre`);
  const text = Array.from(lines, (line) => line.textContent).join("\n");
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
  } else {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  button.textContent = "Copiado";
});

offer();
const lines = document.getElementById("linhas");
if (lines) new MutationObserver(offer).observe(lines, { childList: true, subtree: true });
