// Small helps of every page; each works without script, too, only less comfortably.
"use strict";

// The menu on narrow screens.
document.querySelector("[data-menu]")?.addEventListener("click", (event) => {
  const open = document.getElementById("menu").classList.toggle("open");
  event.currentTarget.setAttribute("aria-expanded", String(open));
});

// What cannot be undone is asked once; a form is posted once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.ask && !window.confirm(form.dataset.ask)) {
    event.preventDefault();
    return;
  }
  if (form.method === "post") {
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
  }
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
