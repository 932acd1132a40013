// Adds a button that copies the text to each element of the class "copy".
"use strict";

const said = document.createElement("p");
said.setAttribute("role", "status");
said.className = "said";
document.body.append(said);

// Browsers allow the clipboard only over https and on loopback; elsewhere select the text.
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
    button.textContent = done ? "Copied" : "Selected";
    said.textContent = done ? "Copied" : "Selected: press the copy keys";
    clearTimeout(later);
    later = setTimeout(() => (button.textContent = "Copy"), 2000);
  });
  place.append(button);
}

document.querySelectorAll(".copy").forEach(offer);
