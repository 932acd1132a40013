"""A service's own code in Python 3.9 or later, without a package: it asks `switchback serve` which
person makes each request. docs/how-to/service-languages.md says the reason for each line.

  python3 service.py http://127.0.0.1:8080/truid 3000
"""

import json
import sys
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import HTTPErrorProcessor, ProxyHandler, Request, build_opener

switchback = sys.argv[1]
port = int(sys.argv[2]) if len(sys.argv) > 2 else 3000


class AsItCame(HTTPErrorProcessor):
    """Follows no redirect: the cookie and the token are only for Switchback."""

    def http_response(self, _, response):
        return response

    https_response = http_response


# Switchback runs beside this service: do not use the environment's proxy.
opener = build_opener(ProxyHandler({}), AsItCame)


def session(headers, purpose):
    """Asks for the session of this request for a purpose: 200 with `sub`, or a refusal."""
    shown = {name: headers[name] for name in ("Cookie", "Authorization") if name in headers}
    try:
        request = Request(f"{switchback}/session?purpose={purpose}", headers=shown)
        with opener.open(request, timeout=15) as answer:
            if answer.status in (429, 503):
                return unavailable(answer.headers["Retry-After"])
            if answer.status not in (200, 401):
                return 502, None, {"error": "server_error"}
            body = json.load(answer)
            if not isinstance(body["sub" if answer.status == 200 else "error"], str):
                raise TypeError
            return answer.status, None, body
    except (OSError, HTTPException, LookupError, TypeError, ValueError):
        return unavailable()


def unavailable(retry_after=None):
    """This logs no person out, and lets no person in."""
    return 503, retry_after or "5", {"error": "temporarily_unavailable"}


def is_foreign(method, headers):
    """A page of another site can send a form, and the browser adds the cookie to it."""
    is_safe = method in ("GET", "HEAD")
    site = headers.get("Sec-Fetch-Site", "same-origin")
    return not is_safe and "Authorization" not in headers and site != "same-origin"


orders = {}


class Service(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path not in ("/orders", "/identity"):
            return self.answer(404, {"error": "not_found"})
        if is_foreign(self.command, self.headers):
            return self.answer(403, {"error": "cross_site"})
        status, retry_after, who = session(self.headers, "login")
        if status != 200:
            # Unchanged: the app reads from it whether to refresh, to log in, or to wait.
            return self.answer(status, who, retry_after)
        sub = who["sub"]
        if self.path == "/identity":
            # In a browser, a verification has a session beside the login.
            status, retry_after, verification = session(self.headers, "identity_verification")
            if status > 401:
                return self.answer(status, verification, retry_after)
            return self.answer(200, {"sub": sub, "verified": verification.get("same_person") is True})
        if self.command == "POST":
            orders[sub] = orders.get(sub, 0) + 1
        self.answer(200, {"sub": sub, "orders": orders.get(sub, 0)})

    do_POST = do_GET

    def answer(self, status, body, retry_after=None):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.send_header("Cache-Control", "no-store")
        if retry_after:
            self.send_header("Retry-After", retry_after)
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        """Logs nothing: a request line contains private data."""


server = ThreadingHTTPServer(("127.0.0.1", port), Service)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
