// A checkpoint as plain safetensors for PyTorch: the weights and nothing else.
#pragma once

#include <torch/types.h>

#include <string>

#include "models/files/checkpoint.h"

namespace digitorch {

/// The file's bytes, which hold exactly the weights under the names of
/// state_dict, so that Python's load_state_dict(load_file(path), strict=True)
/// takes them. The metadata are spec and class_names as JSON, and
/// checkpoint_sha256, the SHA-256 of the checkpoint's file in hex.
std::string export_state_dict(
    const Checkpoint&, const std::string& checkpoint_sha256
);

/// The logits of a new network with the weights in `bytes`, on the device of
/// the images, which are as Classifier::forward takes them.
torch::Tensor state_dict_logits(
    const std::string& bytes, const torch::Tensor& images
);

}  // namespace digitorch
