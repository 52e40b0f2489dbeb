// The trained network that comes inside the program.
#pragma once

#include <string_view>

namespace digitorch {

/// The bytes of models/shipped/digits.safetensors, a checkpoint without
/// training state.
std::string_view shipped_checkpoint();

}  // namespace digitorch
