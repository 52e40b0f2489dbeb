// The reserved class of pictures that show none of the other classes, such as
// letters, scribbles and smudges among digits.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace digitorch {

/// The name of the class. It is learned and scored as any other, but is never
/// an answer: a picture for which it is the most probable is `unsure`, and its
/// label is the most probable of the other classes.
inline constexpr const char* kNoDigit = "no-digit";

/// The position of the reserved class among these names; nothing where it is
/// not there.
inline std::optional<int64_t> no_digit_class(
    const std::vector<std::string>& class_names
) {
  const auto found =
      std::find(class_names.begin(), class_names.end(), kNoDigit);
  if (found == class_names.end()) return std::nullopt;
  return found - class_names.begin();
}

}  // namespace digitorch
