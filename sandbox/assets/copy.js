// Gives each element of the class "copy" a button that copies its text. Without a script there
// is no button, and the text can be marked by hand.
"use strict";

const said = document.createElement("p");
said.setAttribute("role", "status");
said.className = "said";
document.body.append(said);

// Outside https and loopback browsers give pages no clipboard; marking the text is left.
async function copy(element) {
  try {
    await navigator.clipboard.writeText(element.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(element);
    return document.execCommand("copy");
  }
}

function offer(place) {
  const text = place.querySelector("code");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "small";
  button.textContent = "Copy";
  button.setAttribute("aria-label", `Copy ${place.dataset.copy || text.textContent}`);
  let later;
  button.addEventListener("click", async () => {
    const done = await copy(text);
    button.textContent = done ? "Copied" : "Marked";
    said.textContent = done ? "Copied" : "Marked: copy it by hand";
    clearTimeout(later);
    later = setTimeout(() => (button.textContent = "Copy"), 2000);
  });
  place.append(button);
}

document.querySelectorAll(".copy").forEach(offer);
