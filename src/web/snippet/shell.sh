openssl dgst -sha256 -hmac "$WEBHOOK_SECRET" -hex | sed 's/^.* //'
