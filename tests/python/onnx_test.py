"""ONNX's own checker accepts the exported files, and ONNX Runtime answers as the
C++ program did.

python onnx_test.py FOLDER, which write_samples filled.
"""

import hashlib
import json
import pathlib
import sys

import samples
import torch

try:
    import onnx
    import onnxruntime
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(samples.SKIPPED)

# Nothing else may be in a file: batch norm is folded and dropout left out.
OPERATORS = {"Sub", "Div", "Slice", "Conv", "MaxPool", "Flatten", "Gemm"} | {
    "Relu",
    "Tanh",
    "Sigmoid",
}


def check_form(path: pathlib.Path, classes: int) -> None:
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    assert model.ir_version == 8 and model.opset_import[0].version == 13
    operators = {node.op_type for node in model.graph.node}
    assert operators <= OPERATORS, operators - OPERATORS
    shapes = {
        value.name: [
            side.dim_param or side.dim_value
            for side in value.type.tensor_type.shape.dim
        ]
        for value in [*model.graph.input, *model.graph.output]
    }
    assert shapes == {"images": ["N", 1, 28, 28], "logits": ["N", classes]}


def check_metadata(metadata: dict[str, str], folder: pathlib.Path, name: str):
    checkpoint = folder / f"{name}.checkpoint.safetensors"
    source = samples.metadata(checkpoint)
    for key in ("class_names", "spec", "metrics"):
        assert json.loads(metadata[key]) == json.loads(source[key]), key
    inputs = json.loads(metadata["input"])
    assert inputs["shape"] == ["N", 1, 28, 28], inputs
    assert inputs["normalisation"]["inside_the_model"] is True, inputs
    digest = hashlib.sha256(checkpoint.read_bytes()).hexdigest()
    assert metadata["checkpoint_sha256"] == digest, metadata


def check(folder: pathlib.Path, name: str) -> None:
    path = folder / f"{name}.onnx"
    images, logits = samples.images_and_logits(folder, name)
    check_form(path, logits.shape[1])
    session = onnxruntime.InferenceSession(
        path, providers=["CPUExecutionProvider"]
    )
    check_metadata(
        session.get_modelmeta().custom_metadata_map, folder, name
    )

    def answers(batch: torch.Tensor) -> torch.Tensor:
        (found,) = session.run(None, {"images": batch.numpy()})
        return torch.from_numpy(found)

    samples.assert_close(answers(images), logits, name)
    for i in range(len(images)):  # any batch size, one picture too
        one = slice(i, i + 1)
        samples.assert_close(answers(images[one]), logits[one], f"{name}[{i}]")
    try:
        answers(torch.zeros(2, 3, 28, 28))
    except Exception as error:
        assert "invalid dimensions" in str(error).lower(), error
    else:
        raise AssertionError(f"{name}: took pictures of three channels")


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    for name in samples.names(folder):
        check(folder, name)


if __name__ == "__main__":
    main()
