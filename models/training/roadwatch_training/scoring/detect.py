"""Pictures in, boxes out: the model under training, or an exported model folder as the agent runs it."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from ..data.letterbox import letterbox
from ..network.boxes import Decoded, nms
from ..network.model import Detector

CURVE_THRESHOLD = 0.01
MAX_CANDIDATES = 1000

Detect = Callable[[np.ndarray], np.ndarray]
"""From `[H, W, 3]` BGR bytes to `[N, 6]` of class, score, x1, y1, x2, y2 as fractions of the picture."""


class ModelError(Exception):
    """A model folder that cannot be used; the message names it and what was expected."""


def postprocess(scores: np.ndarray, boxes: np.ndarray, content: tuple[int, int], iou: float) -> np.ndarray:
    """
    From scores `[A, C]` and corner boxes `[A, 4]` in input pixels: one class an anchor, its best, then
    suppression by class.
    """
    classes = scores.argmax(1)
    best = scores.max(1)
    candidates = np.flatnonzero(best >= CURVE_THRESHOLD)
    candidates = candidates[np.argsort(-best[candidates], kind="stable")][:MAX_CANDIDATES]
    found = []
    for index in np.unique(classes[candidates]):
        own = candidates[classes[candidates] == index]
        kept = own[nms(torch.from_numpy(boxes[own]), torch.from_numpy(best[own]), iou)]
        fractions = (boxes[kept] / np.tile(content, 2)).clip(0, 1)
        found.append(np.column_stack([np.full(len(kept), index), best[kept], fractions]))
    return np.concatenate(found) if found else np.zeros((0, 6))


def torch_detector(model: Detector, size: tuple[int, int], iou: float) -> Detect:
    """`size`: width and height of the input. The model is used as it is: put it into `eval()` first."""
    device = next(model.parameters()).device

    @torch.no_grad()
    def detect(image: np.ndarray) -> np.ndarray:
        padded, content = letterbox(image, size)
        planes = torch.from_numpy(np.ascontiguousarray(padded.transpose(2, 0, 1)))[None]
        found = Decoded(model(planes.float().to(device)))
        return postprocess(found.scores()[0].cpu().numpy(), found.boxes[0].cpu().numpy(), content, iou)

    return detect


def folder_detector(folder: Path, threads: int = 1) -> tuple[Detect, dict]:
    """The detector of a model folder, and its manifest."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        entry = manifest["input"]
        size, planes = (entry["width"], entry["height"]), ["bgr".index(c) for c in entry["channels"]]
        if (
            manifest["output"]["kind"] != "yolov8"
            or entry["dtype"] != "uint8"
            or entry["resize"] != "letterbox"
        ):
            raise ValueError("expected letterboxed uint8 input and yolov8 output, as the recipe exports them")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        session = onnxruntime.InferenceSession(
            folder / manifest["file"], options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:
        raise ModelError(f"{folder}: not a model folder of this recipe: {error}") from error
    output = manifest["output"]["names"][0]

    def detect(image: np.ndarray) -> np.ndarray:
        padded, content = letterbox(image, size)
        tensor = np.ascontiguousarray(padded.transpose(2, 0, 1)[planes])[None]
        rows = session.run([output], {entry["name"]: tensor})[0][0].T
        half = rows[:, 2:4] / 2
        boxes = np.concatenate([rows[:, :2] - half, rows[:, :2] + half], 1)
        return postprocess(rows[:, 4:], boxes, content, manifest["nmsIou"])

    return detect, manifest
