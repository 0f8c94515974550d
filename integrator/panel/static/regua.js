// The list of who would receive is computed while the page says so.
"use strict";

const who = document.querySelector("[data-who]");
if (who) {
  fetch(who.dataset.who).then(async (answer) => {
    if (!answer.ok) throw new Error(String(answer.status));
    who.innerHTML = await answer.text();
  }).catch(() => {
    who.textContent = "";
    const told = document.createElement("p");
    told.className = "problem";
    told.setAttribute("role", "alert");
    told.textContent = "Não consegui calcular agora. Recarregue a página; se voltar, veja a página Registro.";
    who.append(told);
  }).finally(() => who.setAttribute("aria-busy", "false"));
}
