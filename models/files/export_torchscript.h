// Checkpoint -> TorchScript, which Python and C++ load without this program.
#pragma once

#include <torch/types.h>

#include <string>

#include "models/files/checkpoint.h"

namespace digitorch {

/// The file's bytes. Its forward takes float [N, 1, 28, 28] in 0..1, of any N,
/// on the device the module is moved to, and returns logits [N, classes]; the
/// normalisation is inside, dropout is off and its state_dict has the
/// checkpoint's names. Extra files:
/// - class_names.json: a list of texts
/// - input.json: shape, dtype and range of the input, and its normalisation
/// - model.json: the spec, the metrics and `checkpoint_sha256`, the SHA-256 of
///   the checkpoint's file in hex
std::string export_torchscript(
    const Checkpoint&, const std::string& checkpoint_sha256
);

/// The largest absolute difference between the logits of `original` and those
/// of the file loaded again. To load TorchScript is to run it, so `bytes` must
/// be what export_torchscript has just returned, never a file's. images: as
/// forward takes them, on the device of `original`.
double torchscript_difference(
    const std::string& bytes, Classifier& original, const torch::Tensor& images
);

}  // namespace digitorch
