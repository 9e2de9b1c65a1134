import hashlib, hmac, os, sys

body = sys.stdin.buffer.read()
print(hmac.new(os.environ["WEBHOOK_SECRET"].encode(), body, hashlib.sha256).hexdigest())
