// The editor of a model: where the cursor is, a jump to the line of a problem, and a preview that leaves the form open.
"use strict";

const source = document.getElementById("f-texto");
const where = document.querySelector("[data-where]");
const tell = () => { where.textContent = `Linha ${source.value.slice(0, source.selectionStart).split("\n").length}.`; };
for (const event of ["keyup", "click", "input", "focus"]) source.addEventListener(event, tell);

for (const link of document.querySelectorAll("[data-line]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const lines = source.value.split("\n");
    const start = lines.slice(0, Number(link.dataset.line) - 1).join("\n").length + (Number(link.dataset.line) > 1 ? 1 : 0);
    source.focus();
    source.setSelectionRange(start, start + (lines[Number(link.dataset.line) - 1] || "").length);
    source.scrollTop = (Number(link.dataset.line) - 5) * (source.scrollHeight / lines.length);
    tell();
  });
}

// The preview opens elsewhere; this form may still be posted, and what it holds is still not saved.
source.form.addEventListener("submit", (event) => {
  if (!event.submitter?.hasAttribute("data-preview")) return;
  setTimeout(() => {
    delete source.form.dataset.sent;
    source.dispatchEvent(new Event("input", { bubbles: true }));
  });
});
