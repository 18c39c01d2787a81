"""Plays a stream by `aiortsp` (PyPI), a client of RTSP in Python: how many packets came, and of which types, as JSON."""
import asyncio
import contextlib
import io
import json
import logging
import sys
from urllib.parse import quote

from aiortsp.rtsp.reader import RTSPReader

asked = json.load(sys.stdin)
LOGIN = f"{quote(asked['user'])}:{quote(asked['password'])}@"


async def main():
    types = []
    async with RTSPReader(asked["url"].replace("://", f"://{LOGIN}")) as reader:
        async for packet in reader.iter_packets():
            types.append(packet.pt)
            if len(types) == asked["count"]:
                break
    return {"packets": len(types), "payloadTypes": sorted(set(types))}


# It complains, in two ways, of the answer to its own goodbye.
logging.disable(logging.CRITICAL)
with contextlib.redirect_stderr(io.StringIO()):
    received = asyncio.run(main())
json.dump(received, sys.stdout)
