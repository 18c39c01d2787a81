"""The official Standard Webhooks library: verifies calls and signs one, as JSON on standard input and output."""
import datetime
import json
import sys

from standardwebhooks import Webhook, WebhookVerificationError

asked = json.load(sys.stdin)
webhook = Webhook(asked["secret"])


def verdict(call):
    try:
        webhook.verify(call["body"], call["headers"])
        return "verified"
    except WebhookVerificationError as error:
        return str(error)


now = datetime.datetime.now(datetime.timezone.utc)
body = json.dumps(asked["update"])
signed = {
    "webhook-id": "msg-from-python",
    "webhook-timestamp": str(int(now.timestamp())),
    "webhook-signature": webhook.sign("msg-from-python", now, body),
}
json.dump({"verdicts": [verdict(call) for call in asked["calls"]], "body": body, "headers": signed}, sys.stdout)
