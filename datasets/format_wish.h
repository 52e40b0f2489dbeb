// What is asked of the pictures of a data set, and the form that they get.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/input/input_format.h"

namespace digitorch {

/// Nothing is asked where a member is empty; the data decide then.
struct FormatWish {
  std::optional<std::string> pictures = {};  ///< See InputFormat::pictures.
  std::optional<int64_t> height = {};
  std::optional<int64_t> width = {};
  std::optional<int64_t> channels = {};

  bool operator==(const FormatWish&) const = default;
};

/// The wish for pictures of just that format, as a network takes them.
FormatWish exactly(const InputFormat&);

/// Whether every class is one of the ten digits, or the reserved one of
/// no_digit.h.
bool are_digits(const std::vector<std::string>& class_names);

/// The format of a set with these classes, whose pictures are of the format
/// `own` where nothing else is asked: its members, but for `pictures`, which is
/// ink for digits of ink's size, and plain for all else. Throws
/// std::runtime_error for a wish that cannot be, as check() of a format does,
/// and for pictures that are larger than a network takes.
InputFormat resolved(
    const FormatWish&,
    const InputFormat& own,
    const std::vector<std::string>& class_names
);

}  // namespace digitorch
