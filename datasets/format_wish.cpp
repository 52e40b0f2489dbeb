#include "datasets/format_wish.h"

#include <algorithm>
#include <stdexcept>

#include "datasets/no_digit.h"

namespace digitorch {

FormatWish exactly(const InputFormat& format) {
  return {format.pictures, format.height, format.width, format.channels};
}

bool are_digits(const std::vector<std::string>& class_names) {
  return std::all_of(
      class_names.begin(),
      class_names.end(),
      [](const std::string& name) {
        return name == kNoDigit ||
               (name.size() == 1 && name[0] >= '0' && name[0] <= '9');
      }
  );
}

InputFormat resolved(
    const FormatWish& wish,
    const InputFormat& own,
    const std::vector<std::string>& class_names
) {
  InputFormat format = own;
  format.height = wish.height.value_or(own.height);
  format.width = wish.width.value_or(own.width);
  format.channels = wish.channels.value_or(own.channels);
  format.pictures = "ink";
  if (wish.pictures)
    format.pictures = *wish.pictures;
  else if (!are_digits(class_names) || format != InputFormat())
    format.pictures = "plain";
  if (format.is_ink()) {
    const InputFormat ink;  // whatever the size of the pictures
    check(InputFormat{
        "ink",
        wish.channels.value_or(ink.channels),
        wish.height.value_or(ink.height),
        wish.width.value_or(ink.width)});
    return ink;
  }
  const int64_t side = std::max(format.height, format.width);
  if (side > kInputSides.max)
    throw std::runtime_error(
        "found pictures of " + std::to_string(format.width) + "x" +
        std::to_string(format.height) + " pixels; expected at most " +
        std::to_string(kInputSides.max) +
        " on a side. --image-size makes them smaller"
    );
  check(format);
  return format;
}

}  // namespace digitorch
