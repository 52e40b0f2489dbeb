"""Class folders of pictures in colour, read once and resized to 32x32, and the
network of digitorch's preset small-photos without augmentation: what a plain
script of PyTorch does. It prints the seconds and the processor's seconds of its
epochs; the latter hardly depend on what else the machine does."""

import pathlib
import resource

import numpy
import torch
from PIL import Image
from torch import nn
from torch.nn import functional as F

import common


def read_folder(folder: pathlib.Path):
    """uint8 pictures [N, 3, 32, 32] and int64 labels [N]."""
    images, labels = [], []
    for label, name in enumerate(sorted(p for p in folder.iterdir() if p.is_dir())):
        for path in sorted(name.iterdir()):
            picture = Image.open(path).convert("RGB").resize((32, 32))
            images.append(torch.from_numpy(numpy.array(picture)).permute(2, 0, 1))
            labels.append(label)
    return torch.stack(images), torch.tensor(labels)


class Net(nn.Module):
    def __init__(self, classes: int):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.conv3 = nn.Conv2d(64, 128, 3, padding=1)
        self.fc1 = nn.Linear(128 * 4 * 4, 256)
        self.fc2 = nn.Linear(256, classes)
        self.dropout = nn.Dropout(0.3)

    def forward(self, x):
        for conv in (self.conv1, self.conv2, self.conv3):
            x = F.max_pool2d(F.relu(conv(x)), 2)
        x = self.dropout(F.relu(self.fc1(x.flatten(1))))
        return self.fc2(x)


def cpu_seconds() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime


def main() -> None:
    parser = common.arguments(__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--epochs", type=int, default=1)
    options = parser.parse_args()
    common.begin(options)
    images, labels = read_folder(options.folder)
    mean = images.float().mean() / 255
    deviation = images.float().std() / 255
    model = Net(int(labels.max()) + 1)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    training = common.Stopwatch()
    before = cpu_seconds()
    with training:
        for _ in range(options.epochs):
            for batch in torch.randperm(len(labels)).split(128):
                x = (images[batch].float() / 255 - mean) / deviation
                optimizer.zero_grad()
                loss = F.cross_entropy(
                    model(x), labels[batch], label_smoothing=0.05
                )
                loss.backward()
                optimizer.step()
    common.report(
        train_seconds=training.seconds,
        cpu_seconds=cpu_seconds() - before,
        pictures=options.epochs * len(labels),
    )


if __name__ == "__main__":
    main()
