// The page works without this script. With it, a login on a computer is in a frame if the
// provider allows frames, times are in the person's time zone, and a page that is open in
// another tab reloads after a login.

for (const time of document.querySelectorAll("time")) {
  const shown = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
  time.textContent = shown.format(new Date(time.dateTime));
}

// The page shows a refusal once, and not again after a reload.
const address = new URL(location.href);
if (address.searchParams.has("login")) {
  address.searchParams.delete("login");
  history.replaceState(history.state, "", address);
}

const shown = [...document.querySelectorAll("[data-person]")].map((section) => section.dataset.person);
const channel = new BroadcastChannel("switchback");
channel.postMessage(shown);
channel.addEventListener("message", ({ data: elsewhere }) => {
  if (elsewhere.some((purpose) => !shown.includes(purpose))) location.replace(location.pathname);
});

const dialog = document.querySelector("dialog");
if (dialog) logInFramed(dialog);

function logInFramed(dialog) {
  const place = dialog.querySelector("[data-frame]");
  const { frame: title, width, height, resizer } = place.dataset;
  const origins = dialog.dataset.origins.split(" ").map((origin) => new URL(origin).origin);
  const agent = navigator.userAgent;
  // The provider's page is not framed on a phone, which has the provider's app. An iPad sends the
  // name of a Mac, but no Mac has a touch screen.
  const isPhone = /Android|Mobi|iPhone|iPad/.test(agent) || (/Mac/.test(agent) && navigator.maxTouchPoints > 1);

  function open(link) {
    const frame = document.createElement("iframe");
    Object.assign(frame, { title, width, height, src: link.href });
    // The handshake of iframe-resizer. It holds no secret, and the frame may be at another origin
    // when it redirects back.
    frame.addEventListener("load", () => frame.contentWindow.postMessage(`[iFrameSizer]${resizer}:1:true`, "*"));
    dialog.querySelector("h2").textContent = link.textContent;
    for (const other of dialog.querySelectorAll("[data-other]")) other.href = link.href;
    place.replaceChildren(frame);
    dialog.showModal();
  }

  const handshake = new RegExp(`^\\[iFrameSizer\\]${resizer}:(\\d{1,5})(?:\\.\\d+)?:[\\d.]{1,12}:init$`);
  addEventListener("message", ({ data, origin, source }) => {
    const frame = place.querySelector("iframe");
    if (source !== frame?.contentWindow || !origins.includes(origin) || typeof data !== "string") return;
    const answer = handshake.exec(data);
    if (answer) frame.height = Math.min(Math.max(answer[1], 300), 700);
  });

  // Closing the dialog stops the login.
  dialog.addEventListener("close", () => place.replaceChildren());

  for (const link of document.querySelectorAll("[data-begin]")) {
    link.addEventListener("click", (event) => {
      const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
      if (elsewhere || isPhone || !matchMedia("(min-width: 28rem)").matches) return;
      event.preventDefault();
      open(link);
    });
  }
}
