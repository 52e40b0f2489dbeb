"""What the checks share: the folder that write_samples filled."""

import pathlib
import sys

SKIPPED = 77  # ctest's SKIP_RETURN_CODE

try:
    import safetensors
    import safetensors.torch
    import torch
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(SKIPPED)


def names(folder: pathlib.Path) -> list[str]:
    """The samples in the folder; there must be some."""
    found = sorted(path.stem for path in folder.glob("*.pt"))
    assert len(found) >= 6, f"{folder}: found {found}"
    return found


def images_and_logits(folder: pathlib.Path, name: str):
    """Images, and the logits that the C++ program gave for them."""
    tensors = safetensors.torch.load_file(folder / f"{name}.logits.safetensors")
    return tensors["images"], tensors["logits"]


def metadata(path: pathlib.Path) -> dict[str, str]:
    with safetensors.safe_open(path, framework="pt") as file:
        return file.metadata()


def assert_close(found: "torch.Tensor", expected: "torch.Tensor", what: str):
    difference = (found - expected).abs().max().item()
    assert difference <= 1e-5, f"{what}: logits differ by {difference}"
    print(f"{what}: logits differ by {difference:.1e}")
