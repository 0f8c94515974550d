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

// While a phone is waited for, a short word is asked often; the part is fetched when it is another one.
let word = "";

async function listen() {
  const moving = document.querySelector("[data-moves]");
  if (!moving || document.hidden) { word = ""; return; }
  try {
    const answer = await fetch("/whatsapp/sinal", { redirect: "manual", cache: "no-store", headers: { "x-live": "1" } });
    if (!answer.ok) return;
    const now = (await answer.json()).signal;
    if (word && now !== word) moving.closest("[data-live]").dispatchEvent(new CustomEvent("live-now", { bubbles: true }));
    word = now;
  } catch {
    word = ""; // the program is away; the live stream tells it
  }
}

setInterval(listen, 2500);
