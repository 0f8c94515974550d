// Lists of the queue: how many are ticked, tick all of the page, one question before what cannot be undone, previews.
"use strict";

(() => {
  const form = document.getElementById("varias");
  const boxes = () => Array.from(document.querySelectorAll('input[name="linha"][form="varias"]'));
  const marked = () => boxes().filter((box) => box.checked).length;
  const words = (number) => (number === 1 ? "1 mensagem" : `${number} mensagens`);

  function count() {
    const number = marked();
    const told = document.querySelector("[data-picked]");
    if (!told) return;
    told.textContent = number ? `${words(number)} ${number === 1 ? "marcada" : "marcadas"}:` : "Nenhuma marcada";
    const all = document.querySelector("[data-all]");
    all.hidden = boxes().length < 2;
    const every = all.querySelector("input");
    every.checked = number > 0 && number === boxes().length;
    every.indeterminate = number > 0 && !every.checked;
    for (const button of document.querySelectorAll(".deeds button:not([hidden])")) button.disabled = !number;
  }

  document.addEventListener("change", (event) => {
    if (event.target.closest("[data-all]")) for (const box of boxes()) box.checked = event.target.checked;
    count();
  });
  document.addEventListener("live", () => { count(); peek(); });
  window.addEventListener("pageshow", count);

  // A button's own question is the form's question for this once.
  form?.addEventListener("submit", (event) => {
    const question = event.submitter?.dataset.question;
    if (question) form.dataset.ask = question.replace("{n}", words(marked()));
    else delete form.dataset.ask;
  });

  // A message is composed for its preview when somebody wants to see it.
  async function fill(details) {
    const into = details.querySelector("[data-into]");
    if (!details.open || into.dataset.full) return;
    into.dataset.full = "yes";
    try {
      const answer = await fetch(details.dataset.preview, { redirect: "manual", cache: "no-store" });
      if (!answer.ok) throw new Error(String(answer.status));
      into.innerHTML = await answer.text();
    } catch {
      delete into.dataset.full;
    }
  }
  const peek = () => document.querySelectorAll("details[data-preview][open]").forEach(fill);
  document.addEventListener("toggle", (event) => { if (event.target.matches("[data-preview]")) fill(event.target); }, true);
  count();
  peek();
})();
