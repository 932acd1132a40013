// Counts the seconds down in an element with data-left, as minutes and seconds.

export class Countdown {
  #element;
  #tell;
  #end = 0;
  #timer = 0;

  // `tell` hears each second that is left, down to 0.
  constructor(element, tell = () => {}) {
    this.#element = element;
    this.#tell = tell;
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
    this.#tell(left);
    if (left > 0) {
      this.#timer = setTimeout(() => this.#tick(), 1000);
    }
  }
}
