// A checkpoint as ONNX, which ONNX Runtime, OpenCV, OpenVINO, TensorRT and
// browsers run: https://onnx.ai/onnx/intro/concepts.html
#pragma once

#include <string>

#include "models/files/checkpoint.h"

namespace digitorch {

/// The file's bytes: IR version 8, operator set 13. The graph takes "images",
/// float [N, C, H, W] in 0..1, of any N, and gives "logits" [N, classes]. It
/// normalises the pictures itself; batch norm is folded into the weights of the
/// layer before it, and dropout is left out. The metadata are class_names,
/// input (see input_contract.h), spec and metrics as JSON, and
/// checkpoint_sha256, the SHA-256 of the checkpoint's file in hex.
std::string export_onnx(
    const Checkpoint&, const std::string& checkpoint_sha256
);

}  // namespace digitorch
