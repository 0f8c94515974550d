// One stream of changes for all tabs of a browser: a SharedWorker, or a plain script of the page where there is none.
// It tells: {state} the number of each topic's last change; {away} whether the program answers; {over} signed out.
"use strict";

(() => {
  const SILENCE_MS = 40000; // the program gives a sign of life every 15 s
  const LONGEST_WAIT_MS = 30000;
  const listeners = new Set();
  let last = null;
  let stream = null;
  let failures = 0;
  let timer = 0;

  const tell = (message) => { for (const listener of listeners) listener(message); };

  function open() {
    if (stream || !listeners.size) return;
    clearTimeout(timer);
    const mine = new AbortController();
    stream = mine;
    follow(mine).catch(() => "lost").then((why) => {
      if (stream !== mine) return;
      stream = null;
      if (why === "over") { tell({ over: true }); return; }
      failures += 1;
      if (failures > 1) tell({ away: true });
      const wait = Math.min(LONGEST_WAIT_MS, 500 * 2 ** Math.min(failures, 6));
      timer = setTimeout(open, wait * (0.75 + Math.random() / 2));
    });
  }

  function close() {
    clearTimeout(timer);
    stream?.abort();
    stream = null;
    failures = 0;
    last = null;
  }

  async function follow(mine) {
    let silence = setTimeout(() => mine.abort(), SILENCE_MS);
    try {
      const answer = await fetch("/eventos", { signal: mine.signal, redirect: "manual", cache: "no-store" });
      if (answer.status === 401 || answer.type === "opaqueredirect") return "over";
      if (!answer.ok) return "lost";
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return "lost";
        clearTimeout(silence);
        silence = setTimeout(() => mine.abort(), SILENCE_MS);
        const events = (rest + value).split("\n\n");
        rest = events.pop();
        for (const event of events) {
          if (event.startsWith("event: fim")) return "over";
          if (event.startsWith("data: ")) hear(JSON.parse(event.slice(6)));
        }
      }
    } finally {
      clearTimeout(silence);
    }
  }

  function hear(state) {
    failures = 0;
    last = state;
    tell({ state });
  }

  // The way in, for a port of the worker and for a page of its own.
  function listen(listener) {
    listeners.add(listener);
    if (last) listener({ state: last });
    if (failures > 1) listener({ away: true });
    open();
    return {
      leave() { listeners.delete(listener); if (!listeners.size) close(); },
      retry() { if (!stream) { clearTimeout(timer); open(); } },
    };
  }

  if (typeof SharedWorkerGlobalScope === "undefined") {
    window.liveListen = listen;
    return;
  }
  self.addEventListener("connect", (event) => {
    const port = event.ports[0];
    const place = listen((message) => port.postMessage(message));
    port.addEventListener("message", (said) => (said.data === "leave" ? place.leave() : place.retry()));
    port.addEventListener("close", () => place.leave());
    port.start();
  });
})();
