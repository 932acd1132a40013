// Keeps a page of the fake app up to date: fetches it again when something has happened, and
// replaces <main> if it has changed.

import { Countdown } from "./countdown.js";

// How long after a submit the page is not updated, in milliseconds. A form that opens another
// app never leaves the page.
const SUBMIT_PAUSE = 2000;
// The minimum time between two updates, in milliseconds.
const MIN_INTERVAL = 250;

let counting = [];
let leaving = false;
let shown = "";

function count() {
  counting.forEach((one) => one.stop());
  counting = [...document.querySelectorAll("[data-left]")].map((one) => new Countdown(one));
}

// The content of the page without the seconds, which always differ.
function content(main) {
  const copy = main.cloneNode(true);
  copy.querySelectorAll("[data-left]").forEach((one) => one.replaceWith());
  copy.querySelectorAll("details").forEach((one) => one.removeAttribute("open"));
  return copy.innerHTML;
}

// A selector that finds the same element in the next version of the page.
function key(element) {
  const own = element?.closest?.("main [id], main a[href], main button");
  if (own?.id) return `#${CSS.escape(own.id)}`;
  const href = own?.getAttribute("href");
  return href ? `main a[href="${CSS.escape(href)}"]` : null;
}

async function refresh() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  const text = await answer.text();
  if (leaving) return;
  const page = new DOMParser().parseFromString(text, "text/html");
  const [from, to] = [page.querySelector("main"), document.querySelector("main")];
  if (!from) return;
  if (content(from) === shown) {
    const left = from.querySelectorAll("[data-left]");
    to.querySelectorAll("[data-left]").forEach((one, index) => {
      one.dataset.left = left[index].dataset.left;
    });
  } else {
    shown = content(from);
    const focus = key(document.activeElement);
    const open = [...to.querySelectorAll("details[open][id]")].map((one) => one.id);
    to.replaceWith(document.adoptNode(from));
    document.title = page.title;
    open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    if (focus) document.querySelector(focus)?.focus({ preventScroll: true });
  }
  count();
}

let busy = false;
let again = false;

// Runs one update at a time, with a pause after it: many changes can come in a second.
async function update() {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  // If the sandbox has stopped, EventSource reconnects when it is back.
  await refresh().catch(() => {});
  setTimeout(() => {
    busy = false;
    if (again) {
      again = false;
      update();
    }
  }, MIN_INTERVAL);
}

shown = content(document.querySelector("main"));
count();

// A browser has few connections for one server, so a hidden page closes its own.
let events;
function listen() {
  events?.close();
  if (document.hidden) return;
  events = new EventSource("/sandbox/v1/events");
  events.addEventListener("changed", update);
}
listen();
document.addEventListener("visibilitychange", listen);

addEventListener("submit", (event) => {
  // A second press would cancel the first request.
  if (leaving) {
    event.preventDefault();
    return;
  }
  leaving = true;
  setTimeout(() => {
    leaving = false;
    update();
  }, SUBMIT_PAUSE);
});
addEventListener("pageshow", (event) => event.persisted && update());
