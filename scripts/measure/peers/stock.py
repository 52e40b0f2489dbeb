"""PyTorch's MNIST example: two convolutions, dropout, Adadelta, batches of 64
from a DataLoader that prepares every picture by itself. --augment turns, scales,
shifts and slants each as digitorch does; --until ends with the epoch after which
the test pictures are answered so well, whose scoring is not timed."""

import math

import torch
from PIL import Image
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, Dataset

import common


def distorted(picture: torch.Tensor) -> torch.Tensor:
    """uint8 [28, 28], distorted by Pillow as torchvision's transforms do it."""
    turn, right, down, size, slant = torch.empty(5).uniform_(-1, 1).tolist()
    angle, scale = math.radians(12 * turn), 1 + 0.12 * size
    cos, sin, shear = math.cos(angle) / scale, math.sin(angle) / scale, 0.15 * slant
    a, b, c, d = cos + shear * sin, sin - shear * cos, -sin, cos  # the way back
    centre, x, y = 13.5, 28 * 0.08 * right, 28 * 0.08 * down
    way_back = (
        a, b, centre - a * (centre + x) - b * (centre + y),
        c, d, centre - c * (centre + x) - d * (centre + y),
    )  # fmt: skip
    image = Image.fromarray(picture.numpy()).transform(
        (28, 28), Image.Transform.AFFINE, way_back, Image.Resampling.BILINEAR
    )
    return torch.frombuffer(bytearray(image.tobytes()), dtype=torch.uint8).view(
        28, 28
    )


class Mnist(Dataset):
    def __init__(self, images, labels, augment):
        self.images, self.labels, self.augment = images, labels, augment

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        picture = self.images[index]
        if self.augment:
            picture = distorted(picture)
        picture = picture.unsqueeze(0).float().div(255)
        return picture.sub(common.MEAN).div(common.DEVIATION), self.labels[index]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.dropout1 = nn.Dropout(0.25)
        self.dropout2 = nn.Dropout(0.5)
        self.fc1 = nn.Linear(9216, 128)
        self.fc2 = nn.Linear(128, 10)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = F.relu(self.conv2(x))
        x = self.dropout1(F.max_pool2d(x, 2)).flatten(1)
        x = self.dropout2(F.relu(self.fc1(x)))
        return F.log_softmax(self.fc2(x), dim=1)


def main() -> None:
    parser = common.arguments(__doc__)
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--augment", action="store_true")
    parser.add_argument("--until", type=float, default=1, help="test accuracy")
    options = parser.parse_args()
    common.begin(options)
    images, labels = common.read_part(options.data_dir, "train")
    loader = DataLoader(
        Mnist(images, labels, options.augment), batch_size=64, shuffle=True
    )
    test, truth = common.read_part(options.data_dir, "t10k")
    test = common.normalised(test)
    model = Net()
    optimizer = torch.optim.Adadelta(model.parameters(), lr=1.0)
    schedule = torch.optim.lr_scheduler.StepLR(optimizer, 1, gamma=0.7)
    training = common.Stopwatch()
    for epoch in range(1, options.epochs + 1):
        with training:
            model.train()
            for x, y in loader:
                optimizer.zero_grad()
                F.nll_loss(model(x), y).backward()
                optimizer.step()
            schedule.step()
        accuracy = common.accuracy(model, test, truth)
        if accuracy >= options.until:
            break
    common.report(
        train_seconds=training.seconds, accuracy=accuracy, epochs=epoch
    )


if __name__ == "__main__":
    main()
