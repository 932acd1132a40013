// Keeps a page of the fake app up to date: fetches it again when something has happened,
// and puts the new <main> in the place of the old one if it says something else.

import { Countdown } from "./countdown.js";

// How long a form has for leaving the page. One that leads to an app of its own never does.
const LEAVING = 2000;
// The least time between two looks.
const BREATH = 250;

let counting = [];
let leaving = false;
let shown = "";

function count() {
  counting.forEach((one) => one.stop());
  counting = [...document.querySelectorAll("[data-left]")].map((one) => new Countdown(one));
}

// A page without its seconds, which always differ.
function words(main) {
  const copy = main.cloneNode(true);
  copy.querySelectorAll("[data-left]").forEach((one) => one.replaceWith());
  copy.querySelectorAll("details").forEach((one) => one.removeAttribute("open"));
  return copy.innerHTML;
}

// What stands for an element in the next version of its page.
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
  if (words(from) === shown) {
    const left = from.querySelectorAll("[data-left]");
    to.querySelectorAll("[data-left]").forEach((one, index) => {
      one.dataset.left = left[index].dataset.left;
    });
  } else {
    shown = words(from);
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

// One at a time, and not without a breath: much can happen in a second.
async function look() {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  // A sandbox that has gone away is nothing to tell in a console: the events come back.
  await refresh().catch(() => {});
  setTimeout(() => {
    busy = false;
    if (again) {
      again = false;
      look();
    }
  }, BREATH);
}

shown = words(document.querySelector("main"));
count();

// A browser has few connections for one server, so a page that nobody sees has none.
let news;
function listen() {
  news?.close();
  if (document.hidden) return;
  news = new EventSource("/sandbox/v1/events");
  news.addEventListener("changed", look);
}
listen();
document.addEventListener("visibilitychange", listen);

addEventListener("submit", (event) => {
  // Sent once: a second press would end the first on its way.
  if (leaving) {
    event.preventDefault();
    return;
  }
  leaving = true;
  setTimeout(() => {
    leaving = false;
    look();
  }, LEAVING);
});
addEventListener("pageshow", (event) => event.persisted && look());
