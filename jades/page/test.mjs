// Runs the verifier of the page in Node: `node test.mjs PAGE`. It takes everything from the page.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

const page = await readFile(process.env.PAGE, "utf8");
const script = (attributes) => {
  const [, content] = page.match(new RegExp(`<script ${attributes}>([^]*?)</script>`));
  return content;
};
const code = Buffer.from(script('type="module"')).toString("base64");
const { Verifier, fromBase64 } = await import(`data:text/javascript;base64,${code}`);
const verifier = await Verifier.load(fromBase64(script('id="wasm" type="text/plain"')));
const example = JSON.parse(script('id="example-data" type="application/json"'));
const files = (list) => list.map((pem) => ({ name: "a file", blob: new Blob([pem]) }));
const given = { ...example, anchors: files(example.anchors), crls: files(example.crls) };

const failed = (report) =>
  report.checks.filter((check) => check.outcome === "failed").map((check) => check.name);

test("the example has the report that it has in Rust", async () => {
  const report = await verifier.verify(given);
  assert.equal(report.indication, example.indication);
  assert.equal(report.sub_indication, example.sub_indication);
  assert.equal(report.at_claimed_time, example.at_claimed_time);
  assert.deepEqual(failed(report), []);
});

test("another document fails", async () => {
  const document = new Blob(["another document ".repeat(200_000)]);
  const report = await verifier.verify({ ...given, digest: undefined, document });
  assert.equal(report.indication, "TOTAL-FAILED");
  assert.equal(report.sub_indication, "HASH_FAILURE");
});

test("without anchors no chain is found", async () => {
  const report = await verifier.verify({ ...given, anchors: [] });
  assert.equal(report.indication, "INDETERMINATE");
  assert.equal(report.sub_indication, "NO_CERTIFICATE_CHAIN_FOUND");
});

test("a changed signature value fails", async () => {
  const [header, value] = given.signature.split("..");
  const changed = value.startsWith("A") ? `B${value.slice(1)}` : `A${value.slice(1)}`;
  const report = await verifier.verify({ ...given, signature: `${header}..${changed}` });
  assert.equal(report.sub_indication, "SIG_CRYPTO_FAILURE");
});

test("a file that is no certificate is named", async () => {
  const anchors = [{ name: "photo.png", blob: new Blob(["no certificate"]) }];
  await assert.rejects(verifier.verify({ ...given, anchors }), /photo\.png/);
});
