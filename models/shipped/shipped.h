// The trained network that comes inside the program.
#pragma once

#include <string_view>

namespace digitorch {

/// The bytes of models/shipped/digits.safetensors, a checkpoint that
/// holds the configuration of its run, but not what a trainer would need.
std::string_view shipped_checkpoint();

}  // namespace digitorch
