"""
`python -m roadwatch_training.prepare`: checks the labelled pictures of one or more folders and writes them,
no larger than training needs, into one folder with `train/` and `val/`. Prints how many of each class and
source there are, and what was skipped, and why. With `--leave-out`, what a source shows is kept from both and
put into `left-out/`: how well a training without it finds its damage says how well the model travels.
"""

import argparse
import json
import shutil
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import cv2
from tqdm import tqdm

from .data.classes import NAMES
from .data.pictures import DataError, Picture, Skipped, read_folder
from .data.sources import DEFAULT, Source, SourceError, named, read_sources

LONGEST_SIDE = 720
JPEG_QUALITY = 95


def write(pictures: list[Picture], folder: Path) -> None:
    for part in ("images", "labels"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    for picture in tqdm(pictures, desc=f"{folder.name}: pictures"):
        stem = Path(picture.name).stem
        scale = LONGEST_SIDE / max(picture.width, picture.height)
        if scale < 1:
            image = cv2.resize(picture.decode(), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            cv2.imwrite(
                str(folder / "images" / f"{stem}.jpg"), image, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
            )
        else:
            (folder / "images" / picture.name).write_bytes(picture.encoded)
        (folder / "labels" / f"{stem}.txt").write_text("".join(label_lines(picture)), "utf-8")


def label_lines(picture: Picture) -> list[str]:
    lines = []
    for index, (x1, y1, x2, y2) in zip(picture.classes, picture.boxes, strict=True):
        centre = ((x1 + x2) / 2 / picture.width, (y1 + y2) / 2 / picture.height)
        size = ((x2 - x1) / picture.width, (y2 - y1) / picture.height)
        lines.append(" ".join([str(index), *(f"{value:.6f}" for value in (*centre, *size))]) + "\n")
    return lines


def write_frames(video: Path, every: int, folder: Path) -> int:
    """Frames of a video that shows no damage, as pictures without a label."""
    capture = cv2.VideoCapture(str(video))
    if not capture.isOpened():
        raise DataError(f"{video}: not a readable video")
    written = number = 0
    while capture.grab():
        if number % every == 0:
            ok, frame = capture.retrieve()
            if ok:
                cv2.imwrite(str(folder / "images" / f"video_{video.stem}_{number:06d}.jpg"), frame)
                written += 1
        number += 1
    capture.release()
    return written


def report(name: str, pictures: list[Picture], skipped: list[Skipped]) -> dict:
    classes = Counter(NAMES[index] for picture in pictures for index in picture.classes)
    sources = Counter(picture.source.name for picture in pictures)
    print(f"{name}: {len(pictures)} pictures, {len(skipped)} skipped")
    for title, counts in (("sources", sources), ("boxes", classes)):
        print(f"  {title}: " + ", ".join(f"{key} {count}" for key, count in counts.items()))
    for entry in skipped:
        print(f"  skipped {entry.path}: {entry.reason}")
    return {
        "pictures": len(pictures),
        "sources": dict(sources),
        "boxes": dict(classes),
        "skipped": [f"{entry.path.name}: {entry.reason}" for entry in skipped],
    }


@dataclass(frozen=True)
class Folders:
    """Where the pictures lie: `data` has train/ and val/, `more` and `obstacles` are for training."""

    data: Path
    more: list[Path] = field(default_factory=list)
    obstacles: list[Path] = field(default_factory=list)

    def read(self, sources: list[Source]) -> dict[str, tuple[list[Picture], list[Skipped]]]:
        training = [read_folder(folder, sources) for folder in (self.data / "train", *self.more)]
        training += [read_folder(folder, sources, other_things=True) for folder in self.obstacles]
        usable, skipped = (sum(part, []) for part in zip(*training, strict=True))
        return {"train": (usable, skipped), "val": read_folder(self.data / "val", sources)}


def prepare(
    folders: Folders,
    sources: list[Source],
    out: Path,
    videos: list[Path] | None = None,
    every: int = 50,
    leave_out: list[str] | None = None,
) -> dict:
    unseen = named(leave_out or [], sources)
    summary = {}
    out.mkdir(parents=True, exist_ok=True)
    (out / "classes.txt").write_text("".join(f"{name}\n" for name in NAMES), "utf-8")
    kept_apart = []
    for part, (pictures, skipped) in folders.read(sources).items():
        kept = [picture for picture in pictures if picture.source not in unseen]
        kept_apart += [picture for picture in pictures if picture.source in unseen]
        summary[part] = write_part(part, kept, skipped, out)
    if unseen:
        summary["left-out"] = write_part("left-out", kept_apart, [], out)
    if videos:
        summary["frames"] = sum(write_frames(video, every, out / "train") for video in videos)
    (out / "prepared.json").write_text(json.dumps(summary, indent=2) + "\n", "utf-8")
    return summary


def write_part(part: str, pictures: list[Picture], skipped: list[Skipped], out: Path) -> dict:
    names = Counter(Path(picture.name).stem for picture in pictures)
    twice = [name for name, count in names.items() if count > 1]
    if twice:
        raise DataError(
            f"{part}: {len(twice)} pictures have the same name in two folders, such as {twice[0]}"
        )
    if not pictures:
        raise DataError(f"{part}: no picture is left")
    write(pictures, out / part)
    return report(part, pictures, skipped)


def main() -> None:
    parser = argparse.ArgumentParser(prog="roadwatch_training.prepare", description=__doc__)
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with train/ and val/, each with images/ and labels/"
    )
    parser.add_argument(
        "--train",
        type=Path,
        nargs="*",
        default=[],
        help="further folders with images/ and labels/, for training",
    )
    parser.add_argument(
        "--obstacles",
        type=Path,
        nargs="*",
        default=[],
        help="further folders, for training, whose classes.txt also names other things than damage: those "
        "boxes are left out",
    )
    parser.add_argument(
        "--leave-out",
        nargs="*",
        default=[],
        metavar="SOURCE",
        help="keep these sources, by name or prefix, from train/ and val/, and put them into left-out/",
    )
    parser.add_argument(
        "--video", type=Path, nargs="*", default=[], help="videos without damage, for training as negatives"
    )
    parser.add_argument("--every", type=int, default=50, help="take each N-th frame of the videos")
    parser.add_argument("--sources", type=Path, default=DEFAULT, help="what each source labels")
    parser.add_argument("--strict", action="store_true", help="fail when anything was skipped")
    parser.add_argument("--out", type=Path, required=True, help="a new folder")
    options = parser.parse_args()
    if options.out.exists():
        parser.error(f"{options.out} exists already")
    unfinished = options.out.with_name(options.out.name + ".part")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        sources = read_sources(options.sources)
        folders = Folders(options.data, options.train, options.obstacles)
        summary = prepare(folders, sources, unfinished, options.video, options.every, options.leave_out)
        if options.strict and any(summary[part]["skipped"] for part in ("train", "val")):
            raise DataError("some pictures were skipped")
    except (DataError, SourceError) as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        sys.exit(f"prepare: {error}")
    unfinished.rename(options.out)


if __name__ == "__main__":
    main()
