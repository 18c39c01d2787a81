from pathlib import Path

import cv2
import numpy as np
import pytest

from roadwatch_training.data.augment import EFFECTS, TrainingSet
from roadwatch_training.data.classes import NAMES, POTHOLE
from roadwatch_training.data.compose import Scene, random_tiles, random_warp, warp, warp_box
from roadwatch_training.data.pictures import read_folder
from roadwatch_training.data.sources import read_sources
from roadwatch_training.data.style import colours_of

WIDTH, HEIGHT = 320, 192


@pytest.fixture
def samples(data: Path) -> TrainingSet:
    return TrainingSet(read_folder(data / "train", read_sources())[0], WIDTH, HEIGHT, seed=1)


@pytest.mark.parametrize("mosaic", [True, False])
def test_boxes_stay_inside_the_picture_and_worth_seeing(samples: TrainingSet, mosaic: bool):
    samples.mosaic = mosaic
    seen = 0
    for samples.epoch in range(10):
        for index in range(len(samples)):
            planes, targets = samples[index]
            assert planes.shape == (3, HEIGHT, WIDTH)
            boxes = targets.boxes
            assert len(boxes) == len(targets.classes)
            assert (boxes >= 0).all() and (boxes[:, 2] <= WIDTH).all() and (boxes[:, 3] <= HEIGHT).all()
            assert (boxes[:, 2:] - boxes[:, :2] >= 4).all()
            seen += len(boxes)
    assert seen >= 40


def test_a_box_follows_its_damage_through_scale_mirror_shear_and_perspective():
    image = np.full((120, 160, 3), 200, np.uint8)
    image[40:80, 50:110] = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        matrix = random_warp(160, 120, (320, 240), rng, (1.0, 1.8))
        rows, columns = np.nonzero(warp(image, matrix, (320, 240))[..., 0] < 60)
        box = np.clip(warp_box(np.array([50.0, 40, 110, 80]), matrix), 0, [320, 240, 320, 240])
        assert [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1] == pytest.approx(box, abs=2.5)


def test_a_sample_follows_from_seed_epoch_and_index_alone(samples: TrainingSet):
    first, other_index = samples[0][0], samples[1][0]
    assert (samples[0][0] == first).all()
    assert not (first == other_index).all()
    samples.epoch = 1
    assert not (samples[0][0] == first).all()


@pytest.mark.parametrize("number", range(len(EFFECTS)))
def test_each_effect_changes_the_picture_and_keeps_its_shape(number: int):
    ramp = np.linspace(20, 230, 96 * 160 * 3).reshape(96, 160, 3).astype(np.uint8)
    image = cv2.rectangle(ramp, (40, 30), (90, 60), (10, 10, 10), -1)
    for seed in range(5):
        changed = EFFECTS[number][1](image.copy(), np.random.default_rng(seed))
        assert changed.shape == image.shape and changed.dtype == np.uint8
        assert (changed != image).any()


def test_tiles_cover_the_scene_exactly_once():
    for seed in range(30):
        count = np.zeros((HEIGHT, WIDTH), int)
        for x1, y1, x2, y2 in random_tiles(WIDTH, HEIGHT, np.random.default_rng(seed)):
            count[y1:y2, x1:x2] += 1
        assert (count == 1).all()


def test_only_what_a_source_labels_is_denied_in_its_place(data: Path):
    pictures = {p.source.name: p for p in read_folder(data / "train", read_sources())[0]}
    scene, rng = Scene(WIDTH, HEIGHT), np.random.default_rng(0)
    half = WIDTH // 2
    scene.place(pictures["rdd_cn"], (0, 0, half, HEIGHT), rng, (1.0, 1.1))
    scene.place(pictures["web"], (half, 0, WIDTH, HEIGHT), rng, (1.0, 1.1))
    left, right = scene.unlabelled[:, : half // 8], scene.unlabelled[:, half // 8 :]
    assert not left.any()
    assert not right[..., POTHOLE].any()
    assert right[..., [index for index in range(len(NAMES)) if index != POTHOLE]].all()


def test_damage_that_is_cut_off_is_neither_asked_for_nor_denied(data: Path):
    picture = read_folder(data / "train", read_sources())[0][0]
    for seed in range(200):
        scene = Scene(WIDTH, HEIGHT)
        scene.place(picture, (0, 0, 64, 64), np.random.default_rng(seed), (3.0, 4.0))
        if scene.unlabelled.any():
            assert scene.unlabelled[..., POTHOLE].any() and len(scene.boxes) == 0
            return
    pytest.fail("no seed cut the damage off")


def test_a_picture_takes_the_colours_of_another():
    rng = np.random.default_rng(0)
    blue, bright = (
        np.clip(rng.normal(colour, 12, (60, 80, 3)), 0, 255).astype(np.uint8)
        for colour in ((140, 60, 50), (200, 210, 220))
    )
    half, whole = (colours_of(blue, bright, share).mean((0, 1)) for share in (0.5, 1))
    assert whole == pytest.approx(bright.mean((0, 1)), abs=6)
    assert (blue.mean((0, 1)) < half).all() and (half < whole).all()
