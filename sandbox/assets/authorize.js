// Waits with the person in front of another device: counts down, goes to the redirect URI
// when it was decided, says when it is too late, and answers a page that frames this one.

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

// Said aloud at one minute and at the end, and not every second.
let before = Infinity;
const timer = new Countdown(main.querySelector("[data-left]"), (left) => {
  if (left <= 60 && before > 60) said.textContent = said.dataset.minute;
  before = left;
});

const news = new EventSource(main.querySelector("[data-news]").dataset.news);

function end(state) {
  news.close();
  timer.stop();
  show(state);
}

news.addEventListener("waiting", (event) => {
  before = Infinity;
  timer.start(JSON.parse(event.data).left);
  show("waiting");
});
news.addEventListener("expired", () => end("expired"));
news.addEventListener("decided", (event) => {
  const { redirect } = JSON.parse(event.data);
  if (!redirect) return end("decided");
  end("going");
  document.getElementById("back").href = redirect;
  // In a frame it is the frame that goes, as the page cannot know what its parent wants.
  location.replace(redirect);
});
news.addEventListener("error", () => {
  if (news.readyState === EventSource.CLOSED) end("lost");
  else show("away");
});

// The handshake of iframe-resizer, as Truid has it. Nothing in it is secret, so that any
// parent may have the answer.
addEventListener("message", ({ data, source }) => {
  if (source !== parent || parent === window || typeof data !== "string") return;
  if (data === "[iFrameSizer]truid:1:true") {
    const { scrollHeight, scrollWidth } = document.documentElement;
    parent.postMessage(`[iFrameSizer]truid:${scrollHeight}:${scrollWidth}:init`, "*");
  } else if (data.startsWith("[iFrameSizer]")) {
    console.warn("Truid answers [iFrameSizer]truid:1:true and no other handshake.");
  }
});
