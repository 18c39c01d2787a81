import numpy as np
import pytest
import torch

from roadwatch_training.data.letterbox import content_size, letterbox
from roadwatch_training.network.boxes import Decoded, generalized_iou, nms, pairwise_iou
from roadwatch_training.scoring.detect import postprocess


@pytest.mark.parametrize(
    ("source", "content"),
    [
        ((1920, 1080), (640, 360)),
        ((512, 512), (384, 384)),
        ((320, 240), (512, 384)),
        ((1000, 10), (640, 6)),
        ((10, 4000), (1, 384)),
        # 384 / 768 * 641 = 320.5: the agent rounds half up.
        ((641, 768), (321, 384)),
    ],
)
def test_a_picture_fits_as_it_does_in_the_agent(source, content):
    assert content_size(source, (640, 384)) == content
    padded, size = letterbox(np.full((source[1], source[0], 3), 7, np.uint8), (640, 384))
    assert size == content and padded.shape == (384, 640, 3)
    assert (padded[: content[1], : content[0]] == 7).all()
    assert (padded[content[1] :] == 114).all() and (padded[:, content[0] :] == 114).all()


def test_raw_maps_mean_offsets_from_the_cell_in_strides_and_log_sizes():
    maps = [torch.zeros(1, 7, 64 // stride, 64 // stride) for stride in (8, 16, 32)]
    # Second row, third column of stride 16, which is anchor 64 + 4 + 2.
    maps[1][0, :, 1, 2] = torch.tensor([0.5, 0.25, np.log(2.0), np.log(3.0), 1.0, 2.0, -2.0])
    found = Decoded(maps)
    # Centre (2.5 * 16, 1.25 * 16), size (32, 48).
    assert found.boxes[0, 70].tolist() == pytest.approx([24, -4, 56, 44])
    wanted = [1 / (1 + np.exp(-1)) / (1 + np.exp(-2)), 1 / (1 + np.exp(-1)) / (1 + np.exp(2))]
    assert found.scores()[0, 70].tolist() == pytest.approx(wanted)
    assert found.boxes.shape == (1, 64 + 16 + 4, 4)


def test_overlaps_worked_out_by_hand():
    a = torch.tensor([[0.0, 0, 2, 2]])
    b = torch.tensor([[1.0, 0, 3, 2], [4.0, 0, 6, 2], [0.0, 0, 2, 2]])
    assert pairwise_iou(a, b)[0].tolist() == pytest.approx([1 / 3, 0, 1])
    # Hulls 6, 12 and 4; unions 6, 8 and 4.
    assert generalized_iou(a.expand(3, 4), b).tolist() == pytest.approx([1 / 3, -1 / 3, 1], abs=1e-5)


def test_of_boxes_on_each_other_the_best_stays():
    boxes = torch.tensor([[0.0, 0, 10, 10], [1.0, 0, 11, 10], [20.0, 0, 30, 10]])
    assert nms(boxes, torch.tensor([0.6, 0.9, 0.3]), 0.5) == [1, 2]


def test_an_anchor_gives_its_best_class_and_classes_do_not_suppress_each_other():
    boxes = np.array([[0, 0, 50, 50], [0, 0, 50, 50], [100, 0, 200, 40], [0, 0, 5, 5]], np.float32)
    scores = np.array([[0.9, 0.8], [0.1, 0.5], [0.0, 0.7], [0.001, 0.0]], np.float32)
    found = postprocess(scores, boxes, (100, 50), 0.5)
    assert found.tolist() == [
        pytest.approx([0, 0.9, 0, 0, 0.5, 1]),
        pytest.approx([1, 0.7, 1, 0, 1, 0.8]),
        pytest.approx([1, 0.5, 0, 0, 0.5, 1]),
    ]
