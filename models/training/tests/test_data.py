from pathlib import Path

import pytest
from conftest import draw_road

from roadwatch_training.data.pictures import DataError, read_folder
from roadwatch_training.data.sources import SourceError, read_sources
from roadwatch_training.prepare import Folders, prepare

SOURCES = read_sources()
PARTS = ("train", "val", "left-out")


def test_labels_become_pixel_boxes(data: Path):
    pictures, skipped = read_folder(data / "train", SOURCES)
    assert [picture.source.name for picture in pictures] == ["rdd_cn", "rdd_cn", "web", "web"]
    assert pictures[0].boxes[0].tolist() == pytest.approx([43.52, 35.52, 84.48, 60.48], abs=0.01)
    assert skipped == []


@pytest.mark.parametrize(
    ("label", "reason"),
    [
        ("5 0.5 0.5 0.2 0.4", "class 5 is not one of the 5"),
        ("-1 0.5 0.5 0.2 0.4", "class -1 is not one"),
        ("1.5 0.5 0.5 0.2 0.4", "class 1.5 is not one"),
        ("1 0.5 0.5 0.2", 'expected "class cx cy width height"'),
        ("1 0.5 0.5 0.2 nan", 'expected "class cx cy width height"'),
        ("1 0.5 0.5 0.2 0.2\n1 1.5 0.5 0.2 0.4", ":2: box outside the picture"),
        ("1 0.5 0.5 0 0.4", "box outside the picture"),
    ],
)
def test_a_picture_with_a_bad_label_is_skipped_and_named(data: Path, label: str, reason: str):
    (data / "train" / "labels" / "web_a.txt").write_text(label)
    pictures, skipped = read_folder(data / "train", SOURCES)
    assert len(pictures) == 3
    assert [entry.path.name for entry in skipped] == ["web_a.png"] and reason in skipped[0].reason


def test_unreadable_and_empty_pictures_and_unknown_sources_are_skipped_and_named(data: Path):
    images = data / "train" / "images"
    (images / "web_a.png").write_bytes(b"")
    (images / "web_b.png").write_bytes(b"not a picture")
    (images / "rdd_cn_b.png").rename(images / "unheard_of.png")
    pictures, skipped = read_folder(data / "train", SOURCES)
    assert [picture.name for picture in pictures] == ["rdd_cn_a.png"]
    assert {entry.path.name for entry in skipped} == {"web_a.png", "web_b.png", "unheard_of.png"}
    assert "no source has this beginning" in next(
        e.reason for e in skipped if e.path.name == "unheard_of.png"
    )


def test_classes_are_taken_by_name_and_an_unknown_one_is_refused(data: Path):
    (data / "classes.txt").write_text("pothole\nrepair\nlongitudinal_crack\ntransverse_crack\n")
    assert read_folder(data / "train", SOURCES)[0][0].classes.tolist() == [1]
    (data / "classes.txt").write_text("pothole\ncat\n")
    with pytest.raises(DataError, match=r"classes.txt:2: unknown class 'cat'"):
        read_folder(data / "train", SOURCES)


def test_a_folder_of_another_shape_is_refused(tmp_path: Path):
    with pytest.raises(DataError, match="expected images/ and labels/"):
        read_folder(tmp_path, SOURCES)


def test_a_prepared_folder_says_the_same_as_its_origin(data: Path, tmp_path: Path):
    prepare(Folders(data), SOURCES, tmp_path / "prepared")
    before, after = (read_folder(root / "train", SOURCES)[0] for root in (data, tmp_path / "prepared"))
    assert [picture.name for picture in before] == [picture.name for picture in after]
    for one, other in zip(before, after, strict=True):
        assert one.boxes == pytest.approx(other.boxes, abs=0.01)


def test_a_source_that_is_left_out_is_in_neither_part_and_kept_for_a_test(data: Path, tmp_path: Path):
    (data / "val" / "images" / "rdd_cn_c.png").rename(data / "val" / "images" / "web_c.png")
    draw_road(data / "val", "rdd_cn_d", 9)
    for wanted in ("web", "web_"):
        out = tmp_path / wanted
        prepare(Folders(data), SOURCES, out, leave_out=[wanted])
        names = {part: sorted(p.stem for p in (out / part / "images").iterdir()) for part in PARTS}
        assert names["train"] == ["rdd_cn_a", "rdd_cn_b"] and names["val"] == ["rdd_cn_d"]
        assert names["left-out"] == ["web_a", "web_b", "web_c"]


@pytest.mark.parametrize(
    ("wanted", "error", "reason"),
    [
        (["moon"], SourceError, "no source has the name 'moon'; known: rdd_cn"),
        (["rdd_cn"], DataError, "val: no picture is left"),
    ],
)
def test_a_source_that_cannot_be_left_out_is_named(
    data: Path, tmp_path: Path, wanted: list[str], error: type[Exception], reason: str
):
    with pytest.raises(error, match=reason):
        prepare(Folders(data), SOURCES, tmp_path / "prepared", leave_out=wanted)


def test_of_obstacles_only_the_boxes_of_damage_are_kept(data: Path, tmp_path: Path):
    animals = tmp_path / "animals"
    for part in ("images", "labels"):
        (animals / part).mkdir(parents=True)
    for name in ("obs_a", "obs_b", "obs_c"):
        draw_road(animals, name, 5)
    (animals / "classes.txt").write_text("animal\npothole\n")
    (animals / "labels" / "obs_a.txt").write_text("0 0.5 0.5 0.2 0.2\n1 0.4 0.4 0.1 0.1\n")
    (animals / "labels" / "obs_b.txt").write_text("0 0.5 0.5 0.2 0.2\n")
    (animals / "labels" / "obs_c.txt").write_text("2 0.5 0.5 0.2 0.2\n")
    summary = prepare(Folders(data, obstacles=[animals]), SOURCES, tmp_path / "prepared")
    found = {p.name: p.classes.tolist() for p in read_folder(tmp_path / "prepared" / "train", SOURCES)[0]}
    assert found["obs_a.png"] == [3] and found["obs_b.png"] == []
    assert summary["train"]["skipped"] == [
        "obs_c.png: obs_c.txt:1: class 2 is not one of the 2 in classes.txt"
    ]
    with pytest.raises(DataError, match="unknown class 'animal'"):
        prepare(Folders(data, more=[animals]), SOURCES, tmp_path / "strict")


@pytest.mark.parametrize(
    "text", ["[]", '{"a": {}}', '{"a": {"prefix": "a_", "share": 2, "labels": ["pothole"]}}', "{"]
)
def test_a_sources_file_that_does_not_fit_is_refused_by_name(tmp_path: Path, text: str):
    path = tmp_path / "sources.json"
    path.write_text(text)
    with pytest.raises(SourceError, match="sources.json"):
        read_sources(path)
