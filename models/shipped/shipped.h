// The trained network that comes inside the program.
#pragma once

#include <string_view>

namespace digitorch {

/// The bytes of models/shipped/digits.safetensors: a checkpoint with
/// the configuration of its run, but without what only a trainer needs.
std::string_view shipped_checkpoint();

}  // namespace digitorch
