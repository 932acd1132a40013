// Keeps a page up to date: whenever something happens in the sandbox, the page is fetched
// again, and each element with data-fresh takes over what is new in its namesake. What is
// the same stays as it is, and so do unfolded details, the focus and the place on the page.
"use strict";

// Without a script the page has a link to load it again; now it says how it stands.
const light = document.querySelector("[data-live]");
// Where the page is to be had: one that answered a form is not at its own address.
const place = light?.querySelector("a")?.href ?? location.href;
const pause = 200;
let stale = false;
let busy = false;

function say(live) {
  if (!light) return;
  light.textContent = live ? "Live" : "Not connected";
  light.classList.toggle("on", live);
}

// Details that a person has unfolded stay unfolded.
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
  // What stays is not moved, or it would lose the focus.
  for (const child of [...own.childNodes]) {
    if (!children.includes(child)) child.remove();
  }
  children.forEach((child, place) => {
    if (own.children[place] !== child) own.insertBefore(child, own.children[place] ?? null);
  });
}

// A name for where the focus is, that is good after the change.
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
      if (answer.status === 404 && light) light.textContent = "Forgotten by the sandbox";
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
      // The sandbox has stopped; the events say so, and begin again with it.
    }
    // Many things may happen at once.
    await new Promise((done) => setTimeout(done, pause));
  }
  busy = false;
}

function changed() {
  stale = true;
  refresh();
}

// A browser has few connections for one server, so a page that nobody sees has none.
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
// Some things happen by time alone: a request expires, a code is left unused.
setInterval(changed, 10_000);

// The same value is marked everywhere while one points at it.
document.addEventListener("mouseover", (event) => {
  const value = event.target.closest?.(".mask")?.textContent;
  for (const mask of document.querySelectorAll(".mask")) {
    mask.classList.toggle("same", mask.textContent === value);
  }
});
