// Conversations show their end, as on a phone; one that somebody scrolled up stays where it is.
"use strict";

const scrolledUp = new Set();

function toTheEnd() {
  for (const chat of document.querySelectorAll(".chat")) {
    if (!scrolledUp.has(chat.id)) chat.scrollTop = chat.scrollHeight;
  }
}

document.addEventListener("scroll", (event) => {
  const chat = event.target;
  if (!chat.classList?.contains("chat")) return;
  const end = chat.scrollHeight - chat.scrollTop - chat.clientHeight < 24;
  if (end) scrolledUp.delete(chat.id);
  else scrolledUp.add(chat.id);
}, { capture: true, passive: true });
document.addEventListener("live", toTheEnd);
toTheEnd();
