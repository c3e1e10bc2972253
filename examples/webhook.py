"""Be told when videos are finished: receive events, and believe only those that are signed.

OPENAI_WEBHOOK_SECRET=whsec_... python examples/webhook.py 8700

The secret is the `signing_secret` that is answered when the address is registered:

curl $OPENAI_BASE_URL/webhook_endpoints -H "Authorization: Bearer $OPENAI_API_KEY" --json '{
  "name": "here", "url": "http://127.0.0.1:8700/", "event_types": ["video.completed"]}'

Addresses in private networks are called only where `network.private` in the server's
configuration names them, as in `private = ["127.0.0.1/32"]`.
"""

from __future__ import annotations

import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

from openai import InvalidWebhookSignatureError, OpenAI

client = OpenAI()


class Receiver(BaseHTTPRequestHandler):
    """Prints every event that is signed with the secret."""

    def do_POST(self) -> None:
        """Receive an event."""
        body = self.rfile.read(int(self.headers["content-length"]))
        try:
            event = client.webhooks.unwrap(body, dict(self.headers))
        except (InvalidWebhookSignatureError, ValueError):
            self.send_error(400)
            return
        print(event.type, event.data.id, flush=True)  # type: ignore[union-attr]
        self.send_response(204)
        self.end_headers()


HTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
