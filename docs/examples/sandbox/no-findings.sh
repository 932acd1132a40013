#!/usr/bin/env bash
# A test of a login against the sandbox, with curl: `bash no-findings.sh BASE_URL`.
# Start the sandbox with `switchback sandbox --port 8090`.
set -euo pipefail

base=${1:?usage: no-findings.sh BASE_URL, such as http://127.0.0.1:8090}
client=demo-app
redirect_uri=https://app.example/truid/callback

# The control API of the sandbox. Its errors say what is wrong.
control() { # METHOD PATH [JSON]
  local answer
  answer=$(curl -sS --fail-with-body -X "$1" "$base/sandbox/v1$2" \
    ${3:+-H 'Content-Type: application/json' --data "$3"}) || wrong "$1 $2: $answer"
  echo "$answer"
}
# The token endpoint, as your app or backend calls it. The last line is the status.
token() { # NAME=VALUE...
  local parameter form=()
  for parameter in "$@"; do form+=(--data-urlencode "$parameter"); done
  curl -sS -w '\n%{http_code}' "$base/oauth2/v1/token" -d "client_id=$client" "${form[@]}"
}
# The value of a field. This is enough for this example; use jq in real code.
field() { sed -nE "s/.*\"$1\":[[\"]*([^\",}]*).*/\1/p"; }
random() { openssl rand 32 | base64url; }
base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
wrong() { echo "$*" >&2 && exit 1; }

# Reset the sandbox. With this seed, codes and tokens are the same in each run.
control POST /reset '{"seed": "no-findings"}' > /dev/null

# Your app makes the authorization URL: state and PKCE verifier are new for each login.
state=$(random)
verifier=$(random)
challenge=$(printf %s "$verifier" | openssl dgst -sha256 -binary | base64url)
link="$base/oauth2/v1/authorize/login-session?response_type=code&client_id=$client"
link+="&redirect_uri=https%3A%2F%2Fapp.example%2Ftruid%2Fcallback"
link+="&scope=truid.app%2Fdata-point%2Femail&state=$state"
link+="&code_challenge=$challenge&code_challenge_method=S256"

# The phone opens the Truid app with this URL, and the person approves.
waiting=$(control POST /app/open "{\"url\": \"$link\"}")
id=$(field id <<< "$waiting")
flow=$(field flow <<< "$waiting")
echo "$(field client_id <<< "$waiting") asks for $(field data_points <<< "$waiting")"
callback=$(control POST "/app/waiting/$id/approve" | field redirect)
[[ $callback == *"state=$state"* ]] || wrong "this callback belongs to another login"
code=$(sed -E 's/.*[?&]code=([^&]*).*/\1/' <<< "$callback")
echo "The person approves"

# Your app exchanges the code.
tokens=$(token grant_type=authorization_code "code=$code" "redirect_uri=$redirect_uri" \
  "code_verifier=$verifier")
refresh_token=$(field refresh_token <<< "$tokens")
echo "Logged in for $(field expires_in <<< "$tokens") s"

# Time passes. The response to the next refresh is lost, as in a tunnel.
control POST /clock '{"advance": 140}' > /dev/null
control POST /rules '{"misbehaviour": "dropped-after", "endpoint": "refresh"}' > /dev/null
lost=0
token grant_type=refresh_token "refresh_token=$refresh_token" > /dev/null 2>&1 || lost=$?
[[ $lost != 0 ]] || wrong "the refresh was answered"
[[ $(control GET /counters | field refreshes) == 1 ]] || wrong "the refresh took no place"
echo "The refresh took place, and its answer was lost"

# Sending the old refresh token again is a reuse: the person must log in again.
again=$(token grant_type=refresh_token "refresh_token=$refresh_token")
echo "Once more with the old token: ${again##*$'\n'} $(field error <<< "$again")"

# The trace of the flow, step by step.
control GET "/trace/$flow" | grep -oE '"from":"[^"]*","to":"[^"]*","title":"[^"]*"' |
  sed -E 's/"from":"([^"]*)","to":"([^"]*)","title":"([^"]*)"/  \1 -> \2: \3/'

# The end of every test: the sandbox has no finding, except the one we provoked.
control POST /assert/no-findings "{\"flow\": \"$flow\", \"allow\": [\"refresh-token-reused\"]}" \
  > /dev/null
echo "No findings but the one that was provoked"
