// A test of a login against the sandbox, through plain HTTP: `node no-findings.mjs BASE_URL`.
// Start the sandbox with `switchback sandbox --port 8090`. Node 18 and up, no packages.

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';

const base = process.argv[2];
assert.ok(base, 'usage: node no-findings.mjs BASE_URL, such as http://127.0.0.1:8090');

const CLIENT = 'demo-app';
const REDIRECT = 'https://app.example/truid/callback';

/** The control API of the sandbox. Its errors say what is wrong. */
async function control(method, path, body) {
  const answer = await fetch(`${base}/sandbox/v1${path}`, {
    method,
    headers: body ? { 'Content-Type': 'application/json' } : {},
    body: body && JSON.stringify(body),
  });
  const json = await answer.json();
  assert.ok(answer.ok, `${method} ${path}: ${json.error}: ${json.error_description}`);
  return json;
}

/** The token endpoint, as your app or backend calls it. */
async function token(parameters) {
  const answer = await fetch(`${base}/oauth2/v1/token`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: CLIENT, ...parameters }),
  });
  return { status: answer.status, ...(await answer.json()) };
}

// Reset the sandbox. With this seed, codes and tokens are the same in each run.
await control('POST', '/reset', { seed: 'no-findings' });

// Your app makes the authorization URL: state and PKCE verifier are new for each login.
const state = randomBytes(32).toString('base64url');
const verifier = randomBytes(32).toString('base64url');
const link = new URL(`${base}/oauth2/v1/authorize/login-session`);
link.search = new URLSearchParams({
  response_type: 'code',
  client_id: CLIENT,
  redirect_uri: REDIRECT,
  scope: 'truid.app/data-point/email',
  state,
  code_challenge: createHash('sha256').update(verifier).digest('base64url'),
  code_challenge_method: 'S256',
});

// The phone opens the Truid app with this URL, and the person approves.
const waiting = await control('POST', '/app/open', { url: link.href });
console.log(`${waiting.client_id} asks for ${waiting.data_points}`);
const { redirect } = await control('POST', `/app/waiting/${waiting.id}/approve`);
const callback = new URL(redirect).searchParams;
assert.equal(callback.get('state'), state, 'this callback belongs to another login');
console.log('The person approves');

// Your app exchanges the code.
const tokens = await token({
  grant_type: 'authorization_code',
  code: callback.get('code'),
  redirect_uri: REDIRECT,
  code_verifier: verifier,
});
assert.equal(tokens.status, 200);
console.log(`Logged in for ${tokens.expires_in} s`);

// Time passes. The response to the next refresh is lost, as in a tunnel.
await control('POST', '/clock', { advance: 140 });
await control('POST', '/rules', { misbehaviour: 'dropped-after', endpoint: 'refresh' });
const refresh = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token };
await assert.rejects(token(refresh), TypeError); // fetch failed
const { refreshes } = await control('GET', '/counters');
assert.equal(refreshes, 1);
console.log('The refresh took place, and its answer was lost');

// Sending the old refresh token again is a reuse: the person must log in again.
const again = await token(refresh);
assert.equal(again.error, 'invalid_grant');
console.log(`Once more with the old token: ${again.status} ${again.error}`);

// The trace of the flow, step by step.
const trace = await control('GET', `/trace/${waiting.flow}`);
for (const { from, to, title } of trace.said) console.log(`  ${from} -> ${to}: ${title}`);

// The end of every test: the sandbox has no finding, except the one we provoked.
const allow = ['refresh-token-reused'];
await control('POST', '/assert/no-findings', { flow: waiting.flow, allow });
console.log('No findings but the one that was provoked');
