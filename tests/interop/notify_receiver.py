"""A service manager's end of sd_notify(3): prints each datagram that comes as a line of JSON. Usage: notify_receiver.py SOCKET"""
import json
import socket
import sys

with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
    manager.bind(sys.argv[1])
    print(json.dumps(["bound"]), flush=True)
    while True:
        # What comes with a barrier is a descriptor, which is closed when it is not taken.
        print(json.dumps(manager.recv(4096).decode().split("\n")), flush=True)
