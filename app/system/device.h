// From the text of --device to a device that is known to work.
#pragma once

#include <torch/types.h>

#include <string>
#include <vector>

namespace digitorch {

/// Whether LibTorch is built with CUDA. (torch::hasCUDA() is also false where
/// LibTorch is, but the machine has no GPU.)
bool libtorch_has_cuda();

/// text: "auto", "cpu", "cuda" (the first GPU) or "cuda:N". Where no GPU works,
/// "auto" gives the CPU and adds a note for the user that says why; "cuda" and
/// "cuda:N" throw EnvironmentError. Throws std::runtime_error for any other
/// text.
torch::Device choose_device(
    const std::string& text, std::vector<std::string>& notes
);

}  // namespace digitorch
