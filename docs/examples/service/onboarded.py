"""A job of a service in Python 3.9 or later: the current claims of a person who was
onboarded, logged in or not. The key is one of [api_keys] in service.toml.

  API_KEY=... python3 onboarded.py http://127.0.0.1:8080/truid SUB CLAIM...
"""

import json
import os
import sys
from urllib.parse import urlencode
from urllib.request import HTTPErrorProcessor, ProxyHandler, Request, build_opener


class AsItCame(HTTPErrorProcessor):
    """Follows no redirect: the key is only for Switchback."""

    def http_response(self, _, response):
        return response

    https_response = http_response


switchback, sub, *claims = sys.argv[1:]

form = urlencode({"sub": sub, "claims": ",".join(claims)}).encode()
key = {"Authorization": f"Bearer {os.environ['API_KEY']}"}
request = Request(f"{switchback}/onboarded/presentation", form, key)
with build_opener(ProxyHandler({}), AsItCame).open(request, timeout=15) as answer:
    try:
        said = json.load(answer)
    except ValueError:
        said = {"error": "it is not JSON"}
if answer.status == 404 and said["error"] == "not_onboarded":
    # The person was never onboarded, or has ended it: `reason` says which. Do not ask again.
    print("nobody")
elif answer.status != 200:
    raise SystemExit(f"{answer.status} {said.get('error')} {said.get('reason', '')}")
else:
    for claim in said["claims"]:
        print(claim["type"], json.dumps(claim["value"], ensure_ascii=False))
