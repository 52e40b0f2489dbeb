// Bytes as text, as data addresses hold them.
#pragma once

#include <string>
#include <string_view>

namespace digitorch {

std::string base64(std::string_view bytes);

}  // namespace digitorch
