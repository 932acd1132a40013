"""A job of a service in Python 3.9 or later: what somebody who was onboarded says about themselves
now, whether or not they are logged in. The key is one of [api_keys] in service.toml.

  API_KEY=... python3 onboarded.py http://127.0.0.1:8080/truid SUB CLAIM...
"""

import json
import os
import sys
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

switchback, sub, *claims = sys.argv[1:]

form = urlencode({"sub": sub, "claims": ",".join(claims)}).encode()
key = {"Authorization": f"Bearer {os.environ['API_KEY']}"}
request = Request(f"{switchback}/onboarded/presentation", form, key)
try:
    with build_opener(ProxyHandler({})).open(request, timeout=15) as answer:
        for claim in json.load(answer)["claims"]:
            print(claim["type"], json.dumps(claim["value"], ensure_ascii=False))
except HTTPError as refused:
    said = json.load(refused)
    if said["error"] != "not_onboarded":
        raise SystemExit(f"{refused.code} {said['error']} {said.get('reason', '')}")
    # They were never onboarded, or have ended it: `reason` says which. Ask no more.
    print("nobody")
