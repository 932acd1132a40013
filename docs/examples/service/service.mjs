// A service's own code in Node 18 or later, without a package: it asks `switchback serve` which
// person makes each request. docs/how-to/service-languages.md says the reason for each line.
//
//   node service.mjs http://127.0.0.1:8080/truid 3000

import { createServer } from "node:http";

const [switchback, port = "3000"] = process.argv.slice(2);

// Asks for the session of this request for a purpose: 200 with `sub`, or a refusal for the caller.
async function session(request, purpose) {
  const headers = {};
  for (const name of ["cookie", "authorization"]) {
    if (request.headers[name]) headers[name] = request.headers[name];
  }
  try {
    const signal = AbortSignal.timeout(15_000);
    // Follow no redirect: the cookie and the token are only for Switchback.
    const url = `${switchback}/session?purpose=${purpose}`;
    const answer = await fetch(url, { headers, signal, redirect: "manual" });
    const { status } = answer;
    if (status === 429 || status === 503) return unavailable(answer.headers.get("retry-after"));
    if (status !== 200 && status !== 401) return { status: 502, body: { error: "server_error" } };
    const body = await answer.json();
    if (typeof body[status === 200 ? "sub" : "error"] !== "string") throw new TypeError();
    return { status, body };
  } catch {
    return unavailable();
  }
}

// This logs no person out, and lets no person in.
function unavailable(retryAfter) {
  return { status: 503, retryAfter: retryAfter ?? "5", body: { error: "temporarily_unavailable" } };
}

// A page of another site can send a form, and the browser adds the cookie to it.
function isForeign(request) {
  const site = request.headers["sec-fetch-site"];
  const isSafe = ["GET", "HEAD"].includes(request.method);
  return !isSafe && !request.headers.authorization && site !== undefined && site !== "same-origin";
}

// Unchanged: the app reads from it whether to refresh, to log in, or to wait.
function refuse(response, { status, body, retryAfter }) {
  answer(response, status, body, retryAfter ? { "retry-after": retryAfter } : {});
}

function answer(response, status, body, headers = {}) {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store", ...headers });
  response.end(JSON.stringify(body));
}

const orders = new Map();

const server = createServer(async (request, response) => {
  if (!["/orders", "/identity"].includes(request.url)) return answer(response, 404, { error: "not_found" });
  if (isForeign(request)) return answer(response, 403, { error: "cross_site" });
  const who = await session(request, "login");
  if (who.status !== 200) return refuse(response, who);
  const { sub } = who.body;
  if (request.url === "/identity") {
    // In a browser, a verification has a session beside the login.
    const verification = await session(request, "identity_verification");
    if (verification.status > 401) return refuse(response, verification);
    return answer(response, 200, { sub, verified: verification.body.same_person === true });
  }
  if (request.method === "POST") orders.set(sub, (orders.get(sub) ?? 0) + 1);
  answer(response, 200, { sub, orders: orders.get(sub) ?? 0 });
});

server.listen(Number(port), "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${server.address().port}`);
});
