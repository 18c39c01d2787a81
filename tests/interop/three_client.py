"""The Open311 client `three` (PyPI): services, a report without and with a photograph, lists, as JSON on standard output."""
import io
import itertools
import json
import sys

itertools.ifilter = filter  # of Python 2, which it still asks for
import three

asked = json.load(sys.stdin)
client = three.Three(asked["url"], api_key=asked["key"], jurisdiction=asked["jurisdiction"])
place = dict(lat="30.2084", long="120.2119")
photo = io.BytesIO(b"\xff\xd8\xff\xe0" + bytes(100_000))
photo.name = "photo.jpg"
json.dump(
    {
        "services": [service["service_code"] for service in client.services()],
        "definition": client.services("pothole")["service_code"],
        "made": client.post("pothole", description="deep", name="Zhang San", **place),
        "withAddress": client.post("pothole", address="滨盛路 1"),
        "withPhoto": client.post("pothole", media=photo, **place),
        "listed": len(client.requests()),
        "counted": len(client.requests(count=2)),
        "between": len(client.requests(between=asked["between"])),
    },
    sys.stdout,
)
