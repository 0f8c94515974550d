// Of a number's form only what its engine needs is seen; what is hidden is not sent either.
"use strict";

const chosen = document.querySelector("[data-number] select[name$='.motor']");

function show() {
  for (const each of document.querySelectorAll("[data-engines]")) {
    const wanted = each.dataset.engines.split(" ").includes(chosen.value);
    each.hidden = !wanted;
    for (const field of each.querySelectorAll("input:not([data-locked])")) field.disabled = !wanted;
  }
}

if (chosen) {
  for (const each of document.querySelectorAll("[data-engines] input:disabled")) each.dataset.locked = "1";
  chosen.addEventListener("change", show);
  show();
}
