"""Logs in at a camera by the Digest of `requests` (PyPI): how it is answered with the right password and a wrong one, as JSON."""
import json
import socket
import sys
from urllib.parse import urlsplit

from requests.auth import HTTPDigestAuth
from requests.utils import parse_dict_header

asked = json.load(sys.stdin)
place = urlsplit(asked["url"])


def describe(connection, authorization=None):
    lines = [f"DESCRIBE {asked['url']} RTSP/1.0", "CSeq: 1", "Accept: application/sdp"]
    if authorization:
        lines.append(f"Authorization: {authorization}")
    connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
    head = b""
    while b"\r\n\r\n" not in head:
        head += connection.recv(4096)
    first, *headers = head.split(b"\r\n\r\n")[0].decode().split("\r\n")
    offered = [line.split(": ", 1)[1] for line in headers if line.lower().startswith("www-authenticate: ")]
    return int(first.split()[1]), offered


def log_in(password):
    with socket.create_connection((place.hostname, place.port)) as connection:
        _, offered = describe(connection)
        login = HTTPDigestAuth(asked["user"], password)
        login.init_per_thread_state()
        challenges = [parse_dict_header(text.removeprefix("Digest ")) for text in offered]
        login._thread_local.chal = next(c for c in challenges if c.get("algorithm") == asked["algorithm"])
        # Of an address it takes the path (RFC 7616 3.4): what is asked for goes in whole, as RTSP has it.
        status, _ = describe(connection, login.build_digest_header("DESCRIBE", asked["url"]))
        return status, len(offered)


right, offered = log_in(asked["password"])
wrong, _ = log_in("a wrong one")
print(json.dumps({"offered": offered, "right": right, "wrong": wrong}))
