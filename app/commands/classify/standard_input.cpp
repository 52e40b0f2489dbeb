#include "app/commands/classify/standard_input.h"

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "datasets/files/image_format.h"

namespace digitorch {
namespace {

std::vector<std::string> paths_in(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(3);
  const bool by_zeros = text.find('\0') != std::string_view::npos;
  const char separator = by_zeros ? '\0' : '\n';
  std::vector<std::string> paths;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    std::string_view path = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!by_zeros && path.ends_with('\r')) path.remove_suffix(1);
    if (!path.empty()) paths.emplace_back(path);
  }
  return paths;
}

/// Names with line breaks come from lists that zero bytes part.
bool has_control_characters(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < ' ' && c != '\t' && c != '\n' && c != '\r';
  });
}

}  // namespace

StandardInput parse_standard_input(std::string bytes) {
  StandardInput input{.paths = paths_in(bytes)};
  std::error_code error;
  const bool names_a_file =
      !input.paths.empty() &&
      std::filesystem::exists(
          std::filesystem::symlink_status(input.paths.front(), error)
      );
  if (names_a_file) return input;
  if (looks_like_picture(bytes)) return {.picture = std::move(bytes)};
  if (!input.paths.empty() && has_control_characters(input.paths.front()))
    throw std::runtime_error(
        "standard input: found bytes of another kind; expected a picture (" +
        std::string(kImageFormats) + ") or a list of paths"
    );
  return input;
}

}  // namespace digitorch
