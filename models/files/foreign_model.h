// Model files of other programs, known by their content.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace digitorch {

/// What the file is, and what to do to use its network here, as the end of a
/// message; nothing for other bytes. TorchScript is no foreign model.
std::optional<std::string> foreign_model(std::string_view bytes);

}  // namespace digitorch
