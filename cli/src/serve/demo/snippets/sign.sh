digest=$(printf 'the contract' | openssl dgst -sha256 -binary | openssl base64 -A | tr '+/' '-_' | tr -d =)
curl -sS --noproxy '*' {{service}}/signatures -H 'Authorization: Bearer {{api_key}}' \
  -H 'Content-Type: application/json' -d '{"document_id": "https://service.example/contract.txt",
    "digest": "'$digest'", "content_type": "text/plain", "user_message": "I sign the contract"}'
