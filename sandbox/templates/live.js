// Keeps a page up to date: when something happens in the sandbox, this script fetches the page
// again, and updates each element with data-fresh from the element with the same id. It keeps
// unchanged elements, open details, the focus and the scroll position.
"use strict";

// Without a script the page has a link that reloads it; the script replaces it with the state
// of the connection.
const light = document.querySelector("[data-live]");
// The URL of the page. A page that answered a form has another address.
const place = light?.querySelector("a")?.href ?? location.href;
const pause = 200;
let stale = false;
let busy = false;

function say(live) {
  if (!light) return;
  light.textContent = live ? "Live" : "Not connected";
  light.classList.toggle("on", live);
}

// Keeps details open that the person opened.
function unfold(own, fresh) {
  for (const details of own.querySelectorAll("details[id][open]")) {
    const same = fresh.querySelector(`#${CSS.escape(details.id)}`);
    if (same) same.open = true;
  }
}

function merge(own, fresh) {
  unfold(own, fresh);
  if (own.isEqualNode(fresh)) return;
  const keyed = [...fresh.children].some((child) => child.id);
  if (!keyed) {
    own.replaceChildren(...fresh.childNodes);
    return;
  }
  const children = [...fresh.children].map((child) => {
    const same = child.id && document.getElementById(child.id);
    return same && own.contains(same) && same.isEqualNode(child) ? same : child;
  });
  // A child that stays is not moved, because a moved element loses the focus.
  for (const child of [...own.childNodes]) {
    if (!children.includes(child)) child.remove();
  }
  children.forEach((child, place) => {
    if (own.children[place] !== child) own.insertBefore(child, own.children[place] ?? null);
  });
}

// Remembers the focused element; returns a function that restores the focus after the update.
function focused() {
  const here = document.activeElement;
  const near = here?.closest("[data-fresh] [id]");
  if (!near) return () => {};
  const place = [...near.querySelectorAll("*")].indexOf(here);
  return () => {
    if (here.isConnected) return;
    const again = document.getElementById(near.id);
    (place < 0 ? again : again?.querySelectorAll("*")[place])?.focus({ preventScroll: true });
  };
}

async function refresh() {
  if (busy || document.hidden) return;
  busy = true;
  while (stale && !document.hidden) {
    stale = false;
    try {
      const answer = await fetch(place, { cache: "no-store" });
      if (answer.status === 404 && light) light.textContent = "Not in the sandbox any more";
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const focus = focused();
        for (const own of document.querySelectorAll("[data-fresh]")) {
          const fresh = page.getElementById(own.id);
          if (fresh) {
            own.className = fresh.className;
            merge(own, fresh);
          }
        }
        const diagram = document.querySelector(".diagram");
        const other = page.querySelector(".diagram");
        if (diagram && other) diagram.className = other.className;
        focus();
      }
    } catch {
      // The sandbox has stopped. EventSource shows that, and reconnects when it is back.
    }
    // Many changes can come in a short time.
    await new Promise((done) => setTimeout(done, pause));
  }
  busy = false;
}

function changed() {
  stale = true;
  refresh();
}

// A browser has few connections for one server, so a hidden page closes its own.
let events;
function listen() {
  events?.close();
  if (document.hidden) return;
  events = new EventSource("/sandbox/v1/events");
  events.addEventListener("open", () => say(true));
  events.addEventListener("error", () => say(false));
  events.addEventListener("changed", changed);
}
listen();
document.addEventListener("visibilitychange", listen);
// Some changes come without an event: a request expires, a code remains unused.
setInterval(changed, 10_000);

// Marks all occurrences of the masked value under the pointer.
document.addEventListener("mouseover", (event) => {
  const value = event.target.closest?.(".mask")?.textContent;
  for (const mask of document.querySelectorAll(".mask")) {
    mask.classList.toggle("same", mask.textContent === value);
  }
});
