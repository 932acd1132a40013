// Complete logins by a third-party library: openid-client, which is based on oauth4webapi.
// Usage: `node login.mjs BASE_URL`. A failure ends with an exit code and a reason.
//
// Truid documents no discovery, so the endpoints are written here, as in a real integration.

import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import * as client from 'openid-client';

// In Debian's Node, this is not a global yet.
globalThis.crypto ??= webcrypto;

const base = process.argv[2];
assert.ok(base, 'usage: node login.mjs BASE_URL');

const EMAIL = 'truid.app/data-point/email';
const EMAIL_CLAIM = 'truid.app/claim/email/v1';
const PERSON = 'maja.sjostrom@example.com';

const app = { id: 'demo-app', redirectUri: 'https://app.example/truid/callback' };
const backend = {
  id: 'demo-backend',
  secret: 'demo-backend-secret',
  redirectUri: 'https://service.example/truid/complete',
};

/** The metadata that discovery would return. */
function configured(purpose, { id, secret }, authentication) {
  const server = {
    issuer: base,
    authorization_endpoint: `${base}/oauth2/v1/authorize/${purpose}`,
    pushed_authorization_request_endpoint: `${base}/oauth2/v1/par/${purpose}`,
    token_endpoint: `${base}/oauth2/v1/token`,
    userinfo_endpoint: `${base}/oidc/v1/user-info`,
  };
  const config = new client.Configuration(server, id, secret, authentication);
  client.allowInsecureRequests(config); // http, on loopback
  return config;
}

/** The parameters of a login, and the values that the service stores until the callback. */
async function begin({ redirectUri }) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const expectedState = client.randomState();
  const parameters = {
    redirect_uri: redirectUri,
    scope: EMAIL,
    state: expectedState,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  };
  return { parameters, checks: { pkceCodeVerifier, expectedState } };
}

/** The person with the phone: opens the link, and decides. Gives the callback. */
async function decided(link, decision) {
  const { id } = await posted('/sandbox/v1/app/open', { url: link.href });
  const { redirect } = await posted(`/sandbox/v1/app/waiting/${id}/${decision}`, {});
  return new URL(redirect);
}

async function posted(path, body) {
  const answer = await fetch(base + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  assert.equal(answer.status, 200, `${path}: ${text}`);
  return JSON.parse(text);
}

/** From the callback to who it is, and on to the second pair of tokens. */
async function completed(config, callback, checks) {
  const first = await client.authorizationCodeGrant(config, callback, checks);
  assert.equal(first.token_type, 'bearer');
  assert.equal(first.scope, EMAIL);
  assert.ok(first.expires_in > 0 && first.refresh_token);

  const second = await client.refreshTokenGrant(config, first.refresh_token);
  assert.notEqual(second.refresh_token, first.refresh_token, 'a refresh token is used once');

  const info = await client.fetchUserInfo(config, second.access_token, client.skipSubjectCheck);
  assert.equal(info.email, PERSON);
  const claims = new URL(`${base}/exchange/v2/presentation`);
  claims.searchParams.set('claims', EMAIL_CLAIM);
  const answer = await client.fetchProtectedResource(config, second.access_token, claims, 'GET');
  const presentation = await answer.json();
  assert.equal(presentation.sub, info.sub, 'one person, one sub');
  assert.deepEqual(presentation.claims, [{ type: EMAIL_CLAIM, value: PERSON }]);

  // The second use of the first refresh token ends the grant.
  await refused(client.refreshTokenGrant(config, first.refresh_token), 'invalid_grant');
  await refused(client.refreshTokenGrant(config, second.refresh_token), 'invalid_grant');
}

async function refused(promise, error) {
  await assert.rejects(promise, (thrown) => {
    assert.equal(thrown.error, error, String(thrown.stack));
    return true;
  });
}

async function aPublicClient(purpose) {
  const config = configured(purpose, app, client.None());
  const { parameters, checks } = await begin(app);
  const link = client.buildAuthorizationUrl(config, parameters);
  await completed(config, await decided(link, 'approve'), checks);
}

async function aConfidentialClient(purpose, authentication) {
  const config = configured(purpose, backend, authentication(backend.secret));
  const { parameters, checks } = await begin(backend);
  const link = await client.buildAuthorizationUrlWithPAR(config, parameters);
  const sent = [...link.searchParams.keys()].sort();
  assert.deepEqual(sent, ['client_id', 'request_uri'], 'nothing else is in the URL after PAR');
  await completed(config, await decided(link, 'approve'), checks);
}

async function aPersonWhoDeclines() {
  const config = configured('login-session', app, client.None());
  const { parameters, checks } = await begin(app);
  const link = client.buildAuthorizationUrl(config, parameters);
  const callback = await decided(link, 'decline');
  await refused(client.authorizationCodeGrant(config, callback, checks), 'access_denied');
}

async function aWrongSecret() {
  for (const authentication of [client.ClientSecretPost, client.ClientSecretBasic]) {
    const config = configured('idv', backend, authentication('not-the-secret'));
    const { parameters } = await begin(backend);
    const pushed = client.buildAuthorizationUrlWithPAR(config, parameters);
    // openid-client reads the challenge of a 401, if there is one.
    await assert.rejects(pushed, ({ status }) => status === 401);
  }
}

for (const purpose of ['confirm-signup', 'login-session', 'idv']) {
  await aPublicClient(purpose);
  await aConfidentialClient(purpose, client.ClientSecretPost);
  await aConfidentialClient(purpose, client.ClientSecretBasic);
}
await aPersonWhoDeclines();
await aWrongSecret();
console.log('all logins ended as they should');
