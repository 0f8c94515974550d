// The code's time runs down in words; when it is over, the part is fetched with the next one.
"use strict";

let ends = 0;
let shown = null;

function tick() {
  const line = document.querySelector("[data-seconds]");
  if (line !== shown) {
    shown = line;
    ends = line ? Date.now() + Number(line.dataset.seconds) * 1000 : 0;
  }
  if (!line) return;
  const left = Math.max(0, Math.round((ends - Date.now()) / 1000));
  line.textContent = left
    ? `Vale por mais ${left} ${left === 1 ? "segundo" : "segundos"}. Depois aparece outro sozinho.`
    : "Buscando o próximo código.";
  if (!left) line.closest("[data-live]").dispatchEvent(new CustomEvent("live-now", { bubbles: true }));
}

setInterval(tick, 1000);
