#include "models/input/input_format.h"

#include <stdexcept>

#include "models/options/choices.h"
#include "models/options/limits.h"

namespace digitorch {
namespace {

/// --channels-in and its key in JSON.
Field channels_field(const std::string& name, int64_t& channels) {
  Field made = field(
      name,
      channels,
      WholeRange{1, 3},
      "Channels of a picture: 1 grey, 3 colour"
  );
  made.expected = "1 or 3";
  made.set = [&channels](const std::string& text) {
    if (text != "1" && text != "3") return false;
    channels = text == "1" ? 1 : 3;
    return true;
  };
  return made;
}

Field pictures_field(std::string& pictures) {
  return field(
      "pictures", pictures, preparations(), "How pictures are prepared"
  );
}

}  // namespace

const std::vector<PicturePreparation>& preparations() {
  static const std::vector<PicturePreparation> table = {
      {"ink", "a digit's ink is found and brought to MNIST's size and place"},
      {"plain", "all of the picture, made larger or smaller"}};
  return table;
}

std::string description(const InputFormat& format) {
  const char* kind = format.is_ink()        ? "of ink"
                     : format.channels == 3 ? "in colour"
                                            : "in grey";
  return std::to_string(format.width) + "x" + std::to_string(format.height) +
         " pixels " + kind;
}

std::vector<Field> picture_fields(InputFormat& format) {
  Field size = field(
      "image-size", format.height, kImageSizes, "Side of a picture in pixels"
  );
  size.set = [&format, set = size.set](const std::string& text) {
    if (!set(text)) return false;
    format.width = format.height;
    return true;
  };
  return {
      pictures_field(format.pictures),
      std::move(size),
      channels_field("channels-in", format.channels)};
}

std::vector<Field> json_fields(InputFormat& format) {
  return {
      pictures_field(format.pictures),
      channels_field("channels", format.channels),
      field("height", format.height, kInputSides, "Rows of a picture"),
      field("width", format.width, kInputSides, "Columns of a picture")};
}

void check(const InputFormat& format) {
  InputFormat copy = format;  // fields can also change what they refer to
  check_values(json_fields(copy));
  if (format.is_ink() && format != InputFormat())
    throw std::runtime_error(
        "pictures: found ink with " +
        description({"plain", format.channels, format.height, format.width}) +
        "; expected plain, since ink is always brought to 28x28 pixels in grey"
    );
}

}  // namespace digitorch
