"""A network video recorder's loop, in the manner of Frigate: for each camera one ffmpeg that records the full stream by copying, one
that decodes the sub-stream at 5 frames a second; motion against a running average first, then detection around what moved.

    python recorder.py MODEL.onnx WIDTH HEIGHT THRESHOLD FOLDER MAIN_URL SUB_URL ...
"""

import atexit
import os
import signal
import subprocess
import sys
import threading
import time

import cv2
import numpy as np
import onnxruntime

cv2.setNumThreads(1)
path, width, height = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
threshold, folder = float(sys.argv[4]), sys.argv[5]
SUB_WIDTH, SUB_HEIGHT, FPS = 640, 360, 5
MOTION_HEIGHT = 100
MOTION_WIDTH = SUB_WIDTH * MOTION_HEIGHT // SUB_HEIGHT
DIFFERENCE, LEAST_AREA, WEIGHT = 30, 10, 0.2
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
lock = threading.Lock()
analysed = 0
children: list[subprocess.Popen] = []


def ffmpeg(url: str, *output: str) -> subprocess.Popen:
    command = ["ffmpeg", "-v", "error", "-nostdin", "-threads", "1", "-rtsp_transport", "tcp", "-i", url, *output]
    child = subprocess.Popen(command, stdout=subprocess.PIPE)
    children.append(child)
    return child


def end(*_: object) -> None:
    for child in children:
        child.kill()
    os._exit(0)


def moved(luma: np.ndarray, average: np.ndarray) -> list[tuple[int, int, int, int]]:
    small = cv2.GaussianBlur(cv2.resize(luma, (MOTION_WIDTH, MOTION_HEIGHT), interpolation=cv2.INTER_AREA), (3, 3), 0)
    difference = cv2.absdiff(small, cv2.convertScaleAbs(average))
    mask = cv2.dilate(cv2.threshold(difference, DIFFERENCE, 255, cv2.THRESH_BINARY)[1], None, iterations=2)
    cv2.accumulateWeighted(small, average, WEIGHT)
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return [cv2.boundingRect(outline) for outline in outlines if cv2.contourArea(outline) > LEAST_AREA]


def detect(frame: np.ndarray) -> None:
    global analysed
    canvas = np.full((height, width, 3), 114, np.uint8)
    scale = min(width / frame.shape[1], height / frame.shape[0])
    size = (round(frame.shape[1] * scale), round(frame.shape[0] * scale))
    canvas[: size[1], : size[0]] = cv2.resize(frame, size, interpolation=cv2.INTER_AREA)
    planes = np.ascontiguousarray(canvas[:, :, [1, 0, 2]].transpose(2, 0, 1))[None]
    with lock:
        (boxes,) = session.run(None, {session.get_inputs()[0].name: planes})
        analysed += 1
    (boxes[0][4:].max(0) > threshold).sum()


def watch(main: str, sub: str, number: int) -> None:
    ffmpeg(main, "-c", "copy", "-f", "segment", "-segment_time", "10", "-segment_wrap", "3", f"{folder}/{number}-%d.ts")
    frames = ffmpeg(sub, "-r", str(FPS), "-f", "rawvideo", "-pix_fmt", "yuv420p", "pipe:1")
    average = None
    while True:
        data = frames.stdout.read(SUB_WIDTH * SUB_HEIGHT * 3 // 2)
        if len(data) < SUB_WIDTH * SUB_HEIGHT * 3 // 2:
            print(f"{sub}: stream ended", file=sys.stderr)
            end()
        yuv = np.frombuffer(data, np.uint8).reshape(SUB_HEIGHT * 3 // 2, SUB_WIDTH)
        luma = yuv[:SUB_HEIGHT]
        if average is None:
            average = cv2.resize(luma, (MOTION_WIDTH, MOTION_HEIGHT), interpolation=cv2.INTER_AREA).astype(np.float32)
            continue
        boxes = moved(luma, average)
        if not boxes:
            continue
        rgb = cv2.cvtColor(yuv, cv2.COLOR_YUV2BGR_I420)
        # One square region around all that moved, at least half the picture high.
        left, top = min(x for x, _, _, _ in boxes), min(y for _, y, _, _ in boxes)
        right, bottom = max(x + w for x, _, w, _ in boxes), max(y + h for _, y, _, h in boxes)
        factor = SUB_HEIGHT / MOTION_HEIGHT
        side = int(min(SUB_HEIGHT, max((right - left) * factor, (bottom - top) * factor, SUB_HEIGHT / 2)))
        x = int(min(max(0, (left + right) / 2 * factor - side / 2), SUB_WIDTH - side))
        y = int(min(max(0, (top + bottom) / 2 * factor - side / 2), SUB_HEIGHT - side))
        detect(rgb[y : y + side, x : x + side])


signal.signal(signal.SIGTERM, end)
atexit.register(end)
urls = sys.argv[6:]
for number in range(len(urls) // 2):
    threading.Thread(target=watch, args=(urls[2 * number], urls[2 * number + 1], number), daemon=True).start()
while True:
    time.sleep(1)
    print(analysed, flush=True)
