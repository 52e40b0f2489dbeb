"""Opens an exported TorchScript file in PyTorch and scores it on the MNIST test
pictures, then compares with what `digitorch eval --format json` said.

    check_export.py EXPORT.pt EVAL.json FOLDER_OF_IDX_FILES

Prints one JSON object. Exit code 1 where the two differ on more than a picture,
which the order of floating-point sums can explain.

torch.jit.load runs what a file holds: give it only files of your own.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch

BATCH = 1000
MOST_DIFFERENT = 1


def read_idx(path: Path) -> torch.Tensor:
    """The unsigned bytes of an IDX file, in its shape."""
    data = path.read_bytes()
    dims = data[3]
    shape = np.frombuffer(data, ">u4", dims, offset=4)
    values = np.frombuffer(data, np.uint8, offset=4 + 4 * dims)
    return torch.from_numpy(values.reshape(shape.astype(int)).copy())


@torch.inference_mode()
def confusion_of(module: torch.nn.Module, folder: Path) -> torch.Tensor:
    """Counts [classes, classes] of the test set: rows truth, columns answer."""
    images = read_idx(folder / "t10k-images-idx3-ubyte").unsqueeze(1)
    labels = read_idx(folder / "t10k-labels-idx1-ubyte").long()
    logits = torch.cat(
        [module(batch.float() / 255) for batch in images.split(BATCH)]
    )
    classes = logits.shape[1]
    pairs = labels * classes + logits.argmax(1)
    return torch.bincount(pairs, minlength=classes**2).view(classes, classes)


def main() -> int:
    export, evaluation, folder = map(Path, sys.argv[1:])
    module = torch.jit.load(export, map_location="cpu").eval()
    ours = confusion_of(module, folder)
    said = json.loads(evaluation.read_text())
    theirs = torch.tensor(said["confusion"])
    # A changed answer leaves one cell and enters another.
    different = int((ours - theirs).abs().sum()) // 2
    accuracy = float(ours.trace() / ours.sum())
    print(
        json.dumps(
            {
                "python_accuracy": accuracy,
                "eval_accuracy": said["accuracy"],
                "samples": int(ours.sum()),
                "different_answers": different,
            }
        )
    )
    return int(different > MOST_DIFFERENT)


if __name__ == "__main__":
    sys.exit(main())
