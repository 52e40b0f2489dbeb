// The reserved class of pictures that show none of the things a network tells
// apart: letters, scribbles, smudges among digits.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace digitorch {

/// A class of this name, such as a folder of training pictures, is learned and
/// scored as any other, but is never an answer: a picture that it fits best is
/// `unsure`, and its label is the most probable of the other classes.
inline constexpr const char* kNoDigit = "no-digit";

/// The reserved class among these names, if it is there.
inline std::optional<int64_t> no_digit_class(
    const std::vector<std::string>& class_names
) {
  const auto found =
      std::find(class_names.begin(), class_names.end(), kNoDigit);
  if (found == class_names.end()) return std::nullopt;
  return found - class_names.begin();
}

}  // namespace digitorch
