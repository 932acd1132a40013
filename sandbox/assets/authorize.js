// The authorize page while the person decides on a phone: counts down, opens the redirect URI
// after the decision, shows when the request has expired, and answers the page that frames it.

import { Countdown } from "./countdown.js";

const main = document.querySelector("main");
const said = document.getElementById("said");
const states = [...main.querySelectorAll("[data-state]")];
const waits = [...main.querySelectorAll("[data-waits]")];

function show(state) {
  states.forEach((one) => (one.hidden = one.dataset.state !== state));
  waits.forEach((one) => (one.hidden = state !== "waiting"));
  const words = states.find((one) => one.dataset.state === state)?.textContent ?? "";
  if (state !== "waiting") said.textContent = words.trim();
}

// Screen readers announce the last minute and the end, and not every second.
let before = Infinity;
const timer = new Countdown(main.querySelector("[data-left]"), (left) => {
  if (left <= 60 && before > 60) said.textContent = said.dataset.minute;
  before = left;
});

const events = new EventSource(main.querySelector("[data-events]").dataset.events);

function end(state) {
  events.close();
  timer.stop();
  show(state);
}

events.addEventListener("waiting", (event) => {
  before = Infinity;
  timer.start(JSON.parse(event.data).left);
  show("waiting");
});
events.addEventListener("expired", () => end("expired"));
events.addEventListener("decided", (event) => {
  const { redirect } = JSON.parse(event.data);
  if (!redirect) return end("decided");
  end("going");
  document.getElementById("back").href = redirect;
  // In a frame, only the frame goes there: the page does not know what its parent wants.
  location.replace(redirect);
});
events.addEventListener("error", () => {
  if (events.readyState === EventSource.CLOSED) end("lost");
  else show("away");
});

// The handshake of iframe-resizer, as Truid does it. It contains no secret, so any parent may
// get the answer.
addEventListener("message", ({ data, source }) => {
  if (source !== parent || parent === window || typeof data !== "string") return;
  if (data === "[iFrameSizer]truid:1:true") {
    const { scrollHeight, scrollWidth } = document.documentElement;
    parent.postMessage(`[iFrameSizer]truid:${scrollHeight}:${scrollWidth}:init`, "*");
  } else if (data.startsWith("[iFrameSizer]")) {
    console.warn("Truid answers [iFrameSizer]truid:1:true and no other handshake.");
  }
});
