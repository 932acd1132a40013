// A job of a service in Node 18 or later: what somebody who was onboarded says about themselves
// now, whether or not they are logged in. The key is one of [api_keys] in service.toml.
//
//   API_KEY=... node onboarded.mjs http://127.0.0.1:8080/truid SUB CLAIM...

const [switchback, sub, ...claims] = process.argv.slice(2);

const answer = await fetch(`${switchback}/onboarded/presentation`, {
  method: "POST",
  headers: { authorization: `Bearer ${process.env.API_KEY}` },
  body: new URLSearchParams({ sub, claims: claims.join(",") }),
  signal: AbortSignal.timeout(15_000),
  // A redirect is not followed: the key is for Switchback alone.
  redirect: "manual",
});
const said = await answer.json().catch(() => ({ error: "it is not JSON" }));
if (answer.status === 404 && said.error === "not_onboarded") {
  // They were never onboarded, or have ended it: `reason` says which. Ask no more.
  console.log("nobody");
} else if (answer.status !== 200) {
  throw new Error(`${answer.status} ${said.error} ${said.reason ?? ""}`);
} else {
  for (const { type, value } of said.claims) console.log(`${type} ${JSON.stringify(value)}`);
}
