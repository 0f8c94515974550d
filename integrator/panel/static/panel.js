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

// Live parts: an element with data-live (its address) and data-topics is fetched anew when one of its topics changes.
(() => {
  const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";
  const worker = meta("live-worker");
  if (!worker) return;
  const [drawnBoot, drawnAt] = meta("live-version").split(".");
  let boot = drawnBoot || null;
  let known = Number(drawnAt ?? 0);
  let link = null;
  let pressed = false;
  let edited = false;
  const parts = new Map();

  // What the page asks by itself does not count as somebody being there.
  const BY_ITSELF = { redirect: "manual", cache: "no-store", headers: { "x-live": "1" } };
  const title = document.title;
  const FIELDS = "textarea, select, input:not([type=checkbox]):not([type=radio]):not([type=hidden])";
  const changedField = (field) =>
    field.matches("select")
      ? Array.from(field.options).some((option) => option.selected !== option.defaultSelected) &&
        Array.from(field.options).some((option) => option.defaultSelected)
      : field.value !== field.defaultValue;

  // What a person is in the middle of is never taken away.
  function busy(element) {
    if (pressed || document.hidden) return true;
    const active = document.activeElement;
    if (active && element.contains(active) && active.matches(FIELDS)) return true;
    const selection = window.getSelection();
    if (selection && !selection.isCollapsed && selection.containsNode(element, true)) return true;
    if (element.querySelector("dialog[open], form[data-sent]")) return true;
    return Array.from(element.querySelectorAll(FIELDS)).some(changedField);
  }

  // How a thing is known again after its part was drawn anew.
  function mark(node) {
    if (node.id) return `#${node.id}`;
    const form = node.closest("form");
    const sent = form
      ? [form.getAttribute("action"), ...Array.from(form.querySelectorAll("input[type=hidden]:not([name=_csrf])"),
          (field) => `${field.name}=${field.value}`)]
      : [];
    const own = node.matches("input, button") ? `${node.name}=${node.value}` : node.getAttribute("href") ?? "";
    return [node.localName, own, node.matches("summary, button, a") ? node.textContent.trim() : "", ...sent].join("|");
  }

  function keep(element) {
    const open = new Map(Array.from(element.querySelectorAll("details"), (each) => [detailsMark(each), each.open]));
    const ticks = new Map(
      Array.from(element.querySelectorAll("input[type=checkbox], input[type=radio]"), (each) => [mark(each), each])
        .filter(([, each]) => each.checked !== each.defaultChecked).map(([name, each]) => [name, each.checked]));
    const active = element.contains(document.activeElement) ? mark(document.activeElement) : "";
    const scrolled = Array.from(element.querySelectorAll("*")).filter((each) => each.scrollTop || each.scrollLeft)
      .map((each) => [path(element, each), each.scrollTop, each.scrollLeft]);
    return { open, ticks, active, scrolled };
  }

  function restore(element, kept) {
    for (const each of element.querySelectorAll("details")) {
      if (kept.open.has(detailsMark(each))) each.open = kept.open.get(detailsMark(each));
    }
    for (const each of element.querySelectorAll("input[type=checkbox], input[type=radio]")) {
      if (kept.ticks.has(mark(each))) each.checked = kept.ticks.get(mark(each));
    }
    if (kept.active) {
      const again = Array.from(element.querySelectorAll("a, button, input, summary, [tabindex]"))
        .find((each) => mark(each) === kept.active);
      if (!again) element.tabIndex = -1;
      (again ?? element).focus({ preventScroll: true });
    }
    for (const [where, top, left] of kept.scrolled) {
      const each = where && element.querySelector(where);
      if (each) { each.scrollTop = top; each.scrollLeft = left; }
    }
  }

  const detailsMark = (each) => each.id || each.querySelector("summary")?.textContent.trim() || "";

  // By id where there is one, else by its place among its brothers.
  function path(element, node) {
    if (node.id) return `#${CSS.escape(node.id)}`;
    const steps = [];
    for (let each = node; each !== element; each = each.parentElement) {
      steps.unshift(`${each.localName}:nth-child(${Array.from(each.parentElement.children).indexOf(each) + 1})`);
    }
    return `:scope > ${steps.join(" > ")}`;
  }

  class Part {
    constructor(element) {
      this.element = element;
      this.topics = (element.dataset.topics ?? "").split(/\s+/);
      this.stale = false;
      this.running = false;
      this.shown = null;
    }

    async refresh() {
      this.stale = true;
      if (this.running || busy(this.element)) return;
      this.running = true;
      this.stale = false;
      try {
        const answer = await fetch(this.element.dataset.live, BY_ITSELF);
        if (answer.status === 401 || answer.type === "opaqueredirect") signedOut();
        else if (answer.ok) this.show(await answer.text());
        else setTimeout(() => this.refresh(), 15000);
      } catch {
        this.stale = true; // the program is away: told by the stream, and asked again when it is back
      } finally {
        this.running = false;
      }
      if (this.stale && !away) setTimeout(look, 200);
    }

    show(html) {
      if (html === this.shown) return;
      if (busy(this.element)) { this.stale = true; return; }
      const kept = keep(this.element);
      this.element.innerHTML = html;
      this.shown = html;
      restore(this.element, kept);
      this.element.dispatchEvent(new CustomEvent("live", { bubbles: true }));
    }
  }

  // Parts may themselves bring live parts along; those that left are forgotten.
  function all() {
    const found = document.querySelectorAll("[data-live]");
    for (const element of parts.keys()) if (!element.isConnected) parts.delete(element);
    for (const element of found) if (!parts.has(element)) parts.set(element, new Part(element));
    return parts.values();
  }

  function look() {
    for (const part of all()) if (part.stale) part.refresh();
    if (badges.stale) badges.refresh();
  }

  function hear(state) {
    back();
    const everything = boot !== null && boot !== state.boot;
    const news = Object.keys(state.topics).filter((topic) => everything || state.topics[topic] > known);
    boot = state.boot;
    known = Math.max(0, ...Object.values(state.topics));
    for (const part of all()) if (everything || part.topics.some((topic) => news.includes(topic))) part.refresh();
    if (everything || news.includes("fila")) badges.refresh();
  }

  // What needs a person, as numbers in the menu and in the tab's title.
  const badges = {
    stale: false,
    async refresh() {
      this.stale = document.hidden;
      if (this.stale) return;
      try {
        const answer = await fetch("/avisos", BY_ITSELF);
        if (answer.ok) this.show(await answer.json());
      } catch {
        this.stale = true;
      }
    },
    show(counts) {
      let sum = 0;
      for (const entry of document.querySelectorAll("#menu a")) {
        entry.querySelector(".badge")?.remove();
        const count = counts[entry.getAttribute("href")];
        if (!count) continue;
        sum += count.number;
        const badge = document.createElement("span");
        badge.className = "badge";
        badge.textContent = count.number.toLocaleString("pt-BR");
        const words = document.createElement("span");
        words.className = "hidden-text";
        words.textContent = ` ${count.words}`;
        badge.append(words);
        entry.append(" ", badge);
      }
      document.title = sum ? `(${sum.toLocaleString("pt-BR")}) ${title}` : title;
    },
  };

  let away = false;
  let line = null;
  function say(text) {
    line ??= Object.assign(document.createElement("p"), { className: "warning" });
    line.setAttribute("role", "status");
    if (!line.isConnected) document.getElementById("conteudo").prepend(line);
    line.textContent = text;
  }
  function gone() {
    away = true;
    say("Sem conexão com o programa. O que está na tela pode estar desatualizado; tento de novo sozinho.");
  }
  function back() {
    away = false;
    line?.remove();
    look();
  }
  function signedOut() {
    if (edited) say("Sua sessão terminou. Copie o que digitou, recarregue a página e entre de novo.");
    else window.location.reload();
  }

  function receive(message) {
    if (message.state) hear(message.state);
    else if (message.away) gone();
    else if (message.over) signedOut();
  }

  function connect() {
    if (typeof SharedWorker === "function") {
      const port = new SharedWorker(worker, { name: "integrador" }).port;
      port.onmessage = (event) => receive(event.data);
      link = { leave: () => port.postMessage("leave"), retry: () => port.postMessage("retry") };
      return;
    }
    const script = Object.assign(document.createElement("script"), { src: worker });
    script.addEventListener("load", () => { link = window.liveListen(receive); });
    document.head.append(script);
  }

  // A page that knows by itself that a part is out of date says so on it.
  document.addEventListener("live-now", (event) => { for (const part of all()) if (part.element === event.target) part.refresh(); });
  document.addEventListener("input", (event) => { if (event.target.matches(FIELDS)) edited = true; });
  document.addEventListener("focusout", () => setTimeout(look));
  document.addEventListener("selectionchange", () => { if (window.getSelection()?.isCollapsed) setTimeout(look); });
  document.addEventListener("pointerdown", () => { pressed = true; });
  for (const name of ["pointerup", "pointercancel"]) {
    document.addEventListener(name, () => { pressed = false; setTimeout(look); });
  }
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { link?.retry(); look(); } });
  window.addEventListener("online", () => link?.retry());
  window.addEventListener("pagehide", () => link?.leave());
  window.addEventListener("pageshow", (event) => { if (event.persisted) { known = -1; connect(); } });
  connect();
  badges.refresh();
})();
