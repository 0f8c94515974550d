// Of a number's form only what was chosen is seen; what another engine needs is not sent either.
"use strict";

const engine = document.querySelector("[data-number] select[name$='.motor']");
const reply = document.querySelector("[data-number] select[name$='.respostas']");

function showEngine() {
  for (const each of document.querySelectorAll("[data-engines]")) {
    const wanted = each.dataset.engines.split(" ").includes(engine.value);
    each.hidden = !wanted;
    for (const field of each.querySelectorAll("input:not([data-locked])")) field.disabled = !wanted;
  }
}

function showReply() {
  for (const each of document.querySelectorAll("[data-replies]")) {
    each.hidden = !["", reply.value].includes(each.dataset.replies);
  }
}

for (const each of document.querySelectorAll("[data-engines] input:disabled")) each.dataset.locked = "1";
engine.addEventListener("change", showEngine);
reply.addEventListener("change", showReply);
showEngine();
showReply();
