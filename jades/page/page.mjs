// The page: takes files, and shows the report. All text is set as text, never as HTML, since a
// signature can contain anything.

const element = (id) => document.getElementById(id);

const UTC = { dateStyle: "long", timeStyle: "medium", timeZone: "UTC" };
const instant = (seconds) =>
  `${new Intl.DateTimeFormat("en-GB", UTC).format(seconds * 1000)} UTC`;

/** What an indication means, and how it looks. */
const VERDICTS = {
  "TOTAL-PASSED": ["passed", "The signature is valid: the person of this certificate signed this document."],
  "TOTAL-FAILED": ["failed", "The signature is not valid: it is wrong, or it is not a signature of this document."],
  INDETERMINATE: ["undecided", "Nothing shows that the signature is wrong, but a proof is missing."],
};

/** What `INDETERMINATE / SIG_CONSTRAINTS_FAILURE` means. */
const BREAKS_A_RULE = "The signature breaks a rule of this verification: do not accept it.";

const OUTCOMES = {
  passed: "✓ passed",
  failed: "✗ failed",
  undecided: "? undecided",
  skipped: "not made",
  remark: "remark",
};

function start(verifier) {
  element("time").value = new Date().toISOString().slice(0, 19);
  element("form").addEventListener("submit", (event) => {
    event.preventDefault();
    run(() => verify(verifier));
  });
  element("example").addEventListener("click", () => run(() => example(verifier)));
  if (location.hash === "#example") run(() => example(verifier));
}

/** Shows the report or the error; one verification at a time. */
async function run(verification) {
  const buttons = document.querySelectorAll("button");
  buttons.forEach((button) => (button.disabled = true));
  try {
    show(await verification());
  } catch (error) {
    element("result").replaceChildren(text("p", `This did not work: ${error.message}`, "failed"));
  } finally {
    buttons.forEach((button) => (button.disabled = false));
  }
}

async function verify(verifier) {
  const [file] = element("signature-file").files;
  const files = (id) => Array.from(element(id).files, (blob) => ({ name: blob.name, blob }));
  return verifier.verify({
    signature: file ? await file.text() : element("signature").value,
    document: element("document").files[0],
    digest: element("digest").value.trim() || undefined,
    anchors: files("anchors"),
    timestampAnchors: files("timestamp-anchors"),
    crls: files("crls"),
    time: Math.floor(Date.parse(`${element("time").value}Z`) / 1000),
  });
}

/** A real signature of a test service, at a time at which its certificates were valid. */
async function example(verifier) {
  const { signature, digest, anchors, crls, time } = EXAMPLE;
  element("signature").value = signature;
  element("digest").value = digest;
  element("time").value = new Date(time * 1000).toISOString().slice(0, 19);
  const files = (name, list) => list.map((pem) => ({ name, blob: new Blob([pem]) }));
  return verifier.verify({
    signature,
    digest,
    time,
    anchors: files("the example's root", anchors),
    crls: files("the example's revocation list", crls),
  });
}

function show(report) {
  const [look, usual] = VERDICTS[report.indication];
  const meaning = report.sub_indication === "SIG_CONSTRAINTS_FAILURE" ? BREAKS_A_RULE : usual;
  const reason = report.sub_indication ? ` / ${report.sub_indication}` : "";
  const parts = [
    text("h2", "Result"),
    text("p", report.indication + reason, `verdict ${look}`),
    text("p", meaning),
  ];
  if (report.indication === "INDETERMINATE" && report.at_claimed_time === "TOTAL-PASSED") {
    parts.push(text("p", "It is valid if it was made at the time that it claims. Nothing proves that time."));
  }
  const decides = ({ outcome }) => outcome === "failed" || outcome === "undecided";
  const deciding = document.createElement("ul");
  deciding.append(...report.checks.filter(decides).map((check) => text("li", check.text)));
  if (deciding.firstChild) parts.push(deciding);
  const { summary } = report;
  if (summary) parts.push(text("h2", "The signature says"), table(facts(summary)));
  const checks = report.checks.map((check) => {
    const name = text("code", check.name);
    const section = text("span", check.section, "soft");
    const lines = [name, text("div", check.text), section];
    return [text("span", OUTCOMES[check.outcome], check.outcome), lines];
  });
  parts.push(text("h2", "Checks"), table(checks, "checks"));
  if (summary) {
    const certificates = summary.certificates.map((certificate) => [
      certificate.subject,
      `${instant(certificate.not_before)} to ${instant(certificate.not_after)}; issuer: ` +
        `${certificate.issuer}; serial number: ${certificate.serial}; SHA-256: ${certificate.sha256}`,
    ]);
    parts.push(text("h2", "Certificates"), table(certificates));
  }
  element("result").replaceChildren(...parts);
}

function facts({ level, claimed_time, proven_time, document, header }) {
  const rows = [["Level", level]];
  if (claimed_time) rows.push(["Claimed time", instant(claimed_time.time)]);
  if (proven_time) rows.push(["Proven time", `${instant(proven_time.time)}, by ${proven_time.authority}`]);
  if (document) {
    rows.push(["Document", document.id], ["SHA-256", document.digest]);
    if (document.content_type) rows.push(["Content type", document.content_type]);
  }
  for (const [name, value] of Object.entries(header)) {
    rows.push([name, typeof value === "string" ? value : JSON.stringify(value)]);
  }
  return rows;
}

/** Rows of a name and its value: texts or elements, and for a value also a list of elements. */
function table(rows, look = "facts") {
  const table = document.createElement("table");
  table.className = look;
  for (const [name, value] of rows) {
    const row = table.insertRow();
    const head = document.createElement("th");
    head.scope = "row";
    head.append(name);
    row.append(head);
    row.insertCell().append(...[value].flat());
  }
  return table;
}

function text(tag, content, look) {
  const made = document.createElement(tag);
  made.textContent = content;
  if (look) made.className = look;
  return made;
}

// Node has no page, and uses the verifier only.
const EXAMPLE =
  globalThis.document && JSON.parse(element("example-data").textContent);
if (globalThis.document) {
  start(await Verifier.load(fromBase64(element("wasm").textContent)));
}
