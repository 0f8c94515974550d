// What takes longer to count than the page to show is fetched once the page is there.
"use strict";

for (const place of document.querySelectorAll("[data-load]")) {
  place.setAttribute("aria-busy", "true");
  fetch(place.dataset.load, { credentials: "same-origin" })
    .then((answer) => (answer.ok && !answer.redirected ? answer.text() : Promise.reject(new Error(answer.status))))
    .then((html) => { place.innerHTML = html; })
    .catch(() => { place.textContent = "Não consegui contar as mensagens agora. Recarregue a página."; })
    .finally(() => place.removeAttribute("aria-busy"));
}
