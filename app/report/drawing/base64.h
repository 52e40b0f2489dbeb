// Bytes as text, as data URLs hold them.
#pragma once

#include <string>
#include <string_view>

namespace digitorch {

/// The bytes in base64 with padding (RFC 4648, section 4).
std::string base64(std::string_view bytes);

}  // namespace digitorch
