// Counts the seconds down in an element with data-left, as minutes and seconds.

export class Countdown {
  #element;
  #onTick;
  #end = 0;
  #timer = 0;

  // `onTick` is called each second with the remaining seconds, down to 0.
  constructor(element, onTick = () => {}) {
    this.#element = element;
    this.#onTick = onTick;
    this.start(Number(element.dataset.left));
  }

  start(seconds) {
    clearTimeout(this.#timer);
    this.#end = Date.now() + seconds * 1000;
    this.#tick();
  }

  stop() {
    clearTimeout(this.#timer);
  }

  #tick() {
    const left = Math.max(0, Math.ceil((this.#end - Date.now()) / 1000));
    const text = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    this.#element.textContent = text;
    this.#onTick(left);
    if (left > 0) {
      this.#timer = setTimeout(() => this.#tick(), 1000);
    }
  }
}
