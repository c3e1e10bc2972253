"""The resource of webhook endpoints, which only the newest package has.

Run by the tests with that package.
"""

from __future__ import annotations

import openai
from openai import OpenAI

client = OpenAI(max_retries=0)

endpoint = client.webhooks.create(
    name="here", url="https://example.com/hook", event_types=["video.completed"]
)
assert endpoint.signing_secret.startswith("whsec_")
assert client.webhooks.retrieve(endpoint.id).name == "here"
assert endpoint.id in [one.id for one in client.webhooks.list()]
assert client.webhooks.update(endpoint.id, name="there").name == "there"
kinds = client.webhooks.event_types.list()
assert "video.completed" in str(kinds), kinds
rotated = client.webhooks.rotate_secret(endpoint.id)
assert rotated.signing_secret != endpoint.signing_secret
assert client.webhooks.delete(endpoint.id).deleted
try:
    client.webhooks.retrieve(endpoint.id)
except openai.NotFoundError as error:
    assert error.request_id
else:
    raise AssertionError("it is still there")
