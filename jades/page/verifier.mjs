// The verifier, for a page and for Node. `cargo xtask verify-page` writes this file into the page,
// before `page.mjs`. The WebAssembly is in `src/`.

/** How many bytes of a document are hashed at once. */
const CHUNK = 1 << 20;

export class Verifier {
  #wasm;

  /** A verifier from the bytes of the WebAssembly. It has no imports: it can do nothing but compute. */
  static async load(bytes) {
    const { instance } = await WebAssembly.instantiate(bytes, {});
    const verifier = new Verifier();
    verifier.#wasm = instance.exports;
    return verifier;
  }

  /**
   * The report of a signature. `document` is a Blob, or undefined; then `digest` can be its digest,
   * base64url. `anchors`, `timestampAnchors` and `crls` are lists of `{name, blob}`. `time` is in
   * seconds since the epoch. Await a report before you ask for the next one.
   *
   * Throws an error whose message names the file that cannot be read.
   */
  async verify({ signature, document, digest, anchors, timestampAnchors = [], crls = [], time }) {
    const files = await Promise.all([anchors, timestampAnchors, crls].map(encoded));
    const request = JSON.stringify({
      signature,
      time,
      digest,
      anchors: files[0],
      timestamp_anchors: files[1],
      crls: files[2],
    });
    if (document) {
      this.#wasm.begin_document();
      for (let start = 0; start < document.size; start += CHUNK) {
        const chunk = document.slice(start, start + CHUNK);
        this.#put(new Uint8Array(await chunk.arrayBuffer()));
        this.#wasm.add_to_document();
      }
    }
    this.#put(new TextEncoder().encode(request));
    const length = this.#wasm.verify();
    const answer = JSON.parse(new TextDecoder().decode(this.#view(length)));
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.report;
  }

  #put(bytes) {
    this.#view(bytes.length).set(bytes);
  }

  /** The buffer, made this long. The next call can move it. */
  #view(length) {
    const address = this.#wasm.buffer(length);
    return new Uint8Array(this.#wasm.memory.buffer, address, length);
  }
}

async function encoded(files) {
  return Promise.all(
    files.map(async ({ name, blob }) => ({
      name,
      content: toBase64(new Uint8Array(await blob.arrayBuffer())),
    })),
  );
}

function toBase64(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** The bytes of a base64 text. */
export function fromBase64(text) {
  return Uint8Array.from(atob(text.trim()), (character) => character.charCodeAt(0));
}
