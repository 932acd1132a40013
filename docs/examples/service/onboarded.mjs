// A job of a service in Node 18 or later: the current claims of a person who was onboarded,
// logged in or not. The key is one of [api_keys] in service.toml.
//
//   API_KEY=... node onboarded.mjs http://127.0.0.1:8080/truid SUB CLAIM...

const [switchback, sub, ...claims] = process.argv.slice(2);

const answer = await fetch(`${switchback}/onboarded/presentation`, {
  method: "POST",
  headers: { authorization: `Bearer ${process.env.API_KEY}` },
  body: new URLSearchParams({ sub, claims: claims.join(",") }),
  signal: AbortSignal.timeout(15_000),
  // Follow no redirect: the key is only for Switchback.
  redirect: "manual",
});
const said = await answer.json().catch(() => ({ error: "it is not JSON" }));
if (answer.status === 404 && said.error === "not_onboarded") {
  // The person was never onboarded, or has ended it: `reason` says which. Do not ask again.
  console.log("nobody");
} else if (answer.status !== 200) {
  throw new Error(`${answer.status} ${said.error} ${said.reason ?? ""}`);
} else {
  for (const { type, value } of said.claims) console.log(`${type} ${JSON.stringify(value)}`);
}
