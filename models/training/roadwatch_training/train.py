"""
`python -m roadwatch_training.train`: trains a detector on a prepared folder. Interrupted, it goes on from the
last finished epoch when it is started again with the same options; the result is the same as without the
interruption.
"""

import argparse
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path

import torch
from tqdm import tqdm

from .data.augment import TrainingSet
from .data.classes import NAMES
from .data.pictures import DataError, Picture, read_folder
from .data.sources import DEFAULT, SourceError, read_sources
from .learning.checkpoint import resume, save
from .learning.curves import draw_training
from .learning.ema import ModelEma
from .learning.epoch import loader, make_optimizer, train_epoch
from .learning.state import Options, Progress, TrainingState
from .network.errors import WeightsError
from .network.folded import recalibrate_batch_norm
from .network.model import SIZES, Detector
from .network.weights import load_pretrained
from .scoring.detect import torch_detector
from .scoring.metrics import ap50
from .scoring.predict import predict

NMS_IOU = 0.5


def pretrained_model(path: Path, options: Options, samples: TrainingSet) -> Detector:
    torch.manual_seed(options.seed)
    model = load_pretrained(path, SIZES[options.size], len(NAMES))
    if path.is_dir() or path.suffix == ".onnx":
        some = range(0, len(samples), max(1, len(samples) // 32))
        recalibrate_batch_norm(model, torch.stack([samples[index][0].float() for index in some]))
    return model


def begin(options: Options, start: Path, samples: TrainingSet, last: Path, device: str) -> TrainingState:
    """From the pretrained start, or from the checkpoint `last` where there is one."""
    model = (
        Detector(SIZES[options.size], len(NAMES))
        if last.exists()
        else pretrained_model(start, options, samples)
    )
    model = model.to(device, memory_format=torch.channels_last)
    state = TrainingState(options, model, ModelEma(model), make_optimizer(model, options.rate))
    if last.exists():
        resume(last, state)
    return state


def train(
    options: Options,
    start: Path,
    training: list[Picture],
    validation: list[Picture],
    out: Path,
    device: str = "cpu",
    workers: int = 1,
    evaluate_every: int = 3,
) -> Progress:
    """Writes `last.pt`, `best.pt`, `history.json` and `curves.png` into `out` after each epoch."""
    out.mkdir(parents=True, exist_ok=True)
    samples = TrainingSet(training, options.width, options.height, options.seed, options.samples)
    state = begin(options, start, samples, out / "last.pt", device)
    steps = options.epochs * len(loader(samples, options, 0))
    while state.epochs_left > 0:
        began = time.monotonic()
        epoch, calm = state.progress.epoch, state.epochs_left <= options.calm_epochs
        samples.epoch, samples.mosaic = epoch, not calm
        losses = train_epoch(state, loader(samples, options, workers), steps)
        row = {"epoch": epoch, "loss": losses, "ap50": None}
        if calm or epoch % evaluate_every == 0:
            detect = torch_detector(state.ema.model, (options.width, options.height), NMS_IOU)
            row["ap50"] = ap50(predict(detect, validation, "val"))
        row["seconds"] = time.monotonic() - began
        finish_epoch(row, state, out)
    return state.progress


def finish_epoch(row: dict, state: TrainingState, out: Path) -> None:
    progress = state.progress
    progress.history.append(row)
    progress.epoch += 1
    score = (row["ap50"] or {}).get("mAP50")
    if score is not None and score > progress.best:
        progress.best = score
        save(out / "best.pt", state)
    if row["ap50"]:
        figures = ", ".join(f"{n} {v:.3f}" for n, v in row["ap50"].items() if v is not None)
        tqdm.write(f"epoch {progress.epoch}: AP50 {figures}; {row['seconds']:.0f} s")
    (out / "history.json").write_text(json.dumps(progress.history, indent=1) + "\n", "utf-8")
    draw_training(progress.history, out / "curves.png")
    save(out / "last.pt", state)


def main() -> None:
    parser = argparse.ArgumentParser(prog="roadwatch_training.train", description=__doc__)
    parser.add_argument(
        "--data", type=Path, required=True, help="a folder made by roadwatch_training.prepare"
    )
    parser.add_argument(
        "--start",
        type=Path,
        required=True,
        help="a model folder, a checkpoint .pt, or the pretrained YOLOX-nano .onnx",
    )
    parser.add_argument(
        "--out", type=Path, required=True, help="folder of the checkpoints; goes on where it stopped"
    )
    defaults = Options()
    parser.add_argument("--size", choices=SIZES, default=defaults.size)
    parser.add_argument("--width", type=int, default=defaults.width)
    parser.add_argument("--height", type=int, default=defaults.height)
    parser.add_argument("--epochs", type=int, default=defaults.epochs)
    parser.add_argument(
        "--samples",
        type=int,
        default=defaults.samples,
        help="of an epoch, after which a checkpoint is written; by default as many as there are pictures",
    )
    parser.add_argument(
        "--calm-epochs", type=int, default=defaults.calm_epochs, help="last epochs, without mosaic"
    )
    parser.add_argument("--batch", type=int, default=defaults.batch)
    parser.add_argument("--rate", type=float, default=defaults.rate, help="highest learning rate")
    parser.add_argument("--seed", type=int, default=defaults.seed)
    parser.add_argument("--precision", choices=("bf16", "fp32"), default=defaults.precision)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int, help="of the computation, on a CPU")
    parser.add_argument("--workers", type=int, default=1, help="processes that prepare samples")
    parser.add_argument("--evaluate-every", type=int, default=3, help="epochs")
    parser.add_argument("--sources", type=Path, default=DEFAULT, help="what each source labels")
    given = parser.parse_args()
    options = Options(**{name: getattr(given, name) for name in asdict(defaults)})
    if options.width % 32 or options.height % 32:
        parser.error("--width and --height must be divisible by 32")
    if options.samples and options.samples < options.batch:
        parser.error("--samples must be 0, or at least --batch")
    if given.threads:
        torch.set_num_threads(given.threads)
    try:
        sources = read_sources(given.sources)
        training, skipped = read_folder(given.data / "train", sources)
        validation, also_skipped = read_folder(given.data / "val", sources)
        if skipped or also_skipped:
            count = len(skipped) + len(also_skipped)
            print(f"train: {count} pictures skipped; roadwatch_training.prepare names them")
        train(
            options,
            given.start,
            training,
            validation,
            given.out,
            given.device,
            given.workers,
            given.evaluate_every,
        )
    except (DataError, SourceError, WeightsError, FloatingPointError) as error:
        sys.exit(f"train: {error}")


if __name__ == "__main__":
    main()
