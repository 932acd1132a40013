(
export no_proxy=127.0.0.1
PHONE={{provider}}/sandbox/v1/app
ask() { curl -sS -H 'Switchback-Session: token' "$@"; }
field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }

begun=$(ask -i {{start}} | tr -d '\r')
url=$(printf '%s\n' "$begun" | sed -n 's/^location: //p')
login_token=$(printf '%s\n' "$begun" | field login_token)
echo "The app opens ${url%%\?*}"

id=$(curl -sS "$PHONE/open" -H 'Content-Type: application/json' -d "{\"url\": \"$url\"}" | field id)
link=$(curl -sS -X POST "$PHONE/waiting/$id/approve" | field redirect)
echo "The person approves, and the phone opens ${link%%\?*}"

completed=$(ask -H "Authorization: Bearer $login_token" "{{complete}}?${link#*\?}")
access_token=$(printf '%s\n' "$completed" | field access_token)
as_person() { ask -H "Authorization: Bearer $access_token" "$@"; }
echo "Logged in: $(as_person {{service}}/session)"
echo "Who it is: $(as_person {{service}}/user-info)"
echo "Log-out: $(as_person -X POST -o /dev/null -w '%{http_code}' {{service}}/log-out)"
echo "Afterwards: $(as_person {{service}}/session)"
)
