// --device: from text to a device that is known to work.
#pragma once

#include <torch/types.h>

#include <string>
#include <vector>

namespace digitorch {

/// Whether LibTorch is built with CUDA, whatever this machine has.
/// (torch::hasCUDA() is false where there is no GPU, too.)
bool libtorch_has_cuda();

/// text: "auto", "cpu", "cuda" (the first GPU) or "cuda:N". Only auto falls
/// back to the CPU, and adds a note for the user that says so. Throws
/// std::runtime_error for any other text and EnvironmentError for a GPU that is
/// not there or does not work.
torch::Device choose_device(
    const std::string& text, std::vector<std::string>& notes
);

}  // namespace digitorch
