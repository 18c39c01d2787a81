"""A GStreamer pipeline for each camera, a frame every so many seconds at the model's size through onnxruntime.

    python gstreamer.py MODEL.onnx WIDTH HEIGHT THRESHOLD SECONDS URL ...
"""

import sys
import threading
import time

import gi

gi.require_version("Gst", "1.0")
from gi.repository import Gst
import numpy as np
import onnxruntime

Gst.init(None)
path, width, height = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
threshold, seconds = float(sys.argv[4]), int(sys.argv[5])
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
lock = threading.Lock()
analysed = 0


def watch(url: str) -> None:
    global analysed
    pipeline = Gst.parse_launch(
        f"rtspsrc location={url} protocols=tcp latency=200 ! decodebin ! videorate drop-only=true ! video/x-raw,framerate=1/{seconds} "
        f"! videoscale add-borders=true ! videoconvert ! video/x-raw,format=GBR,width={width},height={height} "
        "! appsink name=sink max-buffers=1 drop=true sync=false"
    )
    sink = pipeline.get_by_name("sink")
    pipeline.set_state(Gst.State.PLAYING)
    while True:
        sample = sink.emit("pull-sample")
        if sample is None:
            print(f"{url}: stream ended", file=sys.stderr)
            sys.exit(1)
        buffer = sample.get_buffer()
        ok, view = buffer.map(Gst.MapFlags.READ)
        planes = np.frombuffer(view.data, np.uint8).reshape(1, 3, height, width).copy()
        buffer.unmap(view)
        with lock:
            (boxes,) = session.run(None, {session.get_inputs()[0].name: planes})
            analysed += 1
        (boxes[0][4:].max(0) > threshold).sum()


for address in sys.argv[6:]:
    threading.Thread(target=watch, args=(address,), daemon=True).start()
while True:
    time.sleep(1)
    print(analysed, flush=True)
