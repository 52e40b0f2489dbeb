// The pictures that a network takes: how a picture of any origin is prepared
// for it, and how many pixels and colours it then has. The value is part of
// every checkpoint and export, and data sets, `classify` and `serve` prepare
// pictures by it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/options/fields.h"

namespace digitorch {

/// The sides that --image-size takes.
inline constexpr WholeRange kImageSizes{8, 224};

/// The sides that a network takes, which IDX files may set.
inline constexpr WholeRange kInputSides{1, kImageSizes.max};

struct InputFormat {
  /// A name in preparations(). "ink" always means 28x28 pixels of one channel.
  std::string pictures = "ink";
  int64_t channels = 1;  ///< 1: grey; 3: red, green and blue.
  int64_t height = 28;   ///< In kInputSides, as the width.
  int64_t width = 28;

  bool operator==(const InputFormat&) const = default;

  bool is_ink() const { return pictures == "ink"; }

  /// The number of values in a picture.
  int64_t values() const { return channels * height * width; }

  /// The sizes of `count` pictures as a tensor: [count, channels, height,
  /// width].
  std::vector<int64_t> sizes(int64_t count) const {
    return {count, channels, height, width};
  }
};

/// A way to prepare pictures, as an option names it.
struct PicturePreparation {
  std::string name;
  std::string help;  ///< See choices.h.
};

/// "ink", which finds the ink of a digit and makes it a picture of MNIST's, and
/// "plain", which keeps all of a picture and only changes its size.
const std::vector<PicturePreparation>& preparations();

/// Width and height, as in "28x28 pixels of ink", "32x32 pixels in colour",
/// "64x48 pixels in grey".
std::string description(const InputFormat&);

/// The fields "pictures", "image-size", which sets both sides, and
/// "channels-in", as fields that refer to the format.
std::vector<Field> picture_fields(InputFormat&);

/// The fields "pictures", "channels", "height" and "width" of a format in JSON.
std::vector<Field> json_fields(InputFormat&);

/// Throws std::runtime_error naming the option where a value is out of range or
/// ink is asked for in another form than 28x28 pixels of one channel.
void check(const InputFormat&);

}  // namespace digitorch
