"""PyTorch's MNIST example: two convolutions, dropout, Adadelta, batches of 64
from a DataLoader that prepares every picture by itself."""

import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, Dataset

import common


class Mnist(Dataset):
    def __init__(self, images, labels):
        self.images, self.labels = images, labels

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        picture = self.images[index].unsqueeze(0).float().div(255)
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
    options = parser.parse_args()
    common.begin(options)
    images, labels = common.read_part(options.data_dir, "train")
    loader = DataLoader(Mnist(images, labels), batch_size=64, shuffle=True)
    model = Net()
    optimizer = torch.optim.Adadelta(model.parameters(), lr=1.0)
    schedule = torch.optim.lr_scheduler.StepLR(optimizer, 1, gamma=0.7)
    training = common.Stopwatch()
    with training:
        for _ in range(options.epochs):
            model.train()
            for x, y in loader:
                optimizer.zero_grad()
                F.nll_loss(model(x), y).backward()
                optimizer.step()
            schedule.step()
    test, truth = common.read_part(options.data_dir, "t10k")
    common.report(
        train_seconds=training.seconds,
        accuracy=common.accuracy(model, common.normalised(test), truth),
    )


if __name__ == "__main__":
    main()
