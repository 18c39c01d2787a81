"""The loop that everyone writes first: OpenCV reads each camera, a frame every so many seconds goes through onnxruntime.

    python opencv.py MODEL.onnx WIDTH HEIGHT THRESHOLD SECONDS URL ...
"""

import os
import sys
import threading
import time

os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = "rtsp_transport;tcp"
import cv2
import numpy as np
import onnxruntime

cv2.setNumThreads(1)
path, width, height = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
threshold, seconds = float(sys.argv[4]), float(sys.argv[5])
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
lock = threading.Lock()
analysed = 0


def watch(url: str) -> None:
    global analysed
    capture = cv2.VideoCapture(url, cv2.CAP_FFMPEG)
    due = 0.0
    while True:
        if not capture.grab():
            print(f"{url}: stream ended", file=sys.stderr)
            os._exit(1)
        if time.monotonic() < due:
            continue
        due = time.monotonic() + seconds
        _, frame = capture.retrieve()
        scale = min(width / frame.shape[1], height / frame.shape[0])
        size = (round(frame.shape[1] * scale), round(frame.shape[0] * scale))
        canvas = np.full((height, width, 3), 114, np.uint8)
        canvas[: size[1], : size[0]] = cv2.resize(frame, size, interpolation=cv2.INTER_AREA)
        planes = np.ascontiguousarray(canvas[:, :, [1, 0, 2]].transpose(2, 0, 1))[None]
        with lock:
            (boxes,) = session.run(None, {session.get_inputs()[0].name: planes})
            analysed += 1
        (boxes[0][4:].max(0) > threshold).sum()


for address in sys.argv[6:]:
    threading.Thread(target=watch, args=(address,), daemon=True).start()
while True:
    time.sleep(1)
    print(analysed, flush=True)
