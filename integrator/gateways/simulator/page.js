"use strict";
const field = document.getElementById("busca");
const found = document.getElementById("achados");
const none = document.getElementById("nada");
const phones = Array.from(document.querySelectorAll(".phone"));
const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

function filter() {
  const wanted = fold(field.value.trim());
  const digits = /^[\d\s()+.-]+$/.test(wanted) ? wanted.replace(/\D/g, "") : "";
  let shown = 0;
  for (const phone of phones) {
    const matches = digits ? phone.dataset.number.includes(digits) : fold(phone.dataset.name).includes(wanted);
    phone.hidden = !matches;
    shown += matches ? 1 : 0;
  }
  found.value = wanted ? `${shown} de ${phones.length} celulares` : "";
  none.hidden = shown > 0 || phones.length === 0;
}

field.addEventListener("input", filter);
filter();
