// A checkpoint as TorchScript, which Python and C++ load without this program.
#pragma once

#include <torch/types.h>

#include <string>

#include "models/files/checkpoint.h"

namespace digitorch {

/// The file's bytes. The module's forward takes pictures, float [N, C, H, W]
/// in 0..1, of any N, on the device that the module is moved to, and returns
/// logits [N, classes]; it raises an error for any other shape. It normalises
/// them itself, dropout is off, and its state_dict has the checkpoint's names.
/// The archive has these extra files:
/// - class_names.json: a list of texts
/// - input.json: shape, dtype and range of the input, and its normalisation
/// - model.json: the spec, the metrics and `checkpoint_sha256`, the SHA-256 of
///   the checkpoint's file in hex
std::string export_torchscript(
    const Checkpoint&, const std::string& checkpoint_sha256
);

/// The logits of the module in `bytes`, on the device of the images, which are
/// as Classifier::forward takes them. Loading TorchScript runs code, so `bytes`
/// must be what export_torchscript() has just returned, never a file's.
torch::Tensor torchscript_logits(
    const std::string& bytes, const torch::Tensor& images
);

}  // namespace digitorch
