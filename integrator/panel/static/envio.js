// Forms of settings: what was typed and not saved is not lost unseen; hours that do not count are put away.
"use strict";

const settings = document.querySelector("form[data-settings]");
if (settings) {
  let unsaved = document.querySelector("main .problem[role=alert]") !== null && settings.querySelector(".wrong") !== null;
  const bar = settings.querySelector("[data-unsaved]");
  const tell = () => { if (bar) bar.hidden = !unsaved; };
  settings.addEventListener("input", () => { unsaved = true; tell(); });
  settings.addEventListener("submit", () => { unsaved = false; });
  window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
  tell();
}

const showHours = (select) => {
  select.closest(".hours").querySelector(".between").hidden = select.value !== "horario";
};
for (const select of document.querySelectorAll("select[data-hours]")) {
  showHours(select);
  select.addEventListener("change", () => showHours(select));
}

// What the pace means, while it is being typed.
const pace = document.querySelector("[data-pace]");
if (pace) {
  let waiting = 0;
  const ask = async () => {
    const typed = new URLSearchParams();
    for (const input of pace.closest("section").querySelectorAll("input")) typed.set(input.name, input.value);
    const answer = await fetch(`${pace.dataset.pace}?${typed}`).catch(() => null); // the program is away: told by the page
    if (answer?.ok) pace.innerHTML = await answer.text();
  };
  pace.closest("section").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 250);
  });
  if (document.querySelector("main .problem[role=alert]")) ask();
}
