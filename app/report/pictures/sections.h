// A picture of sections below each other: a line of text, then tiles or bars.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <string>

#include "app/report/drawing/drawing.h"

namespace digitorch {

class Sections {
 public:
  /// width: inside the margins.
  explicit Sections(double width);

  /// Begins a section. scale: drawn at the right end of the line where given.
  void begin(const std::string& label, const Drawing* scale = nullptr);

  /// Adds a part below what is there.
  void add(const Drawing&);

  Drawing finish();

 private:
  const double width_;
  Drawing drawing_;
};

/// On the CPU as float32 without gradient, contiguous.
torch::Tensor plain(const torch::Tensor&);

/// Width of the scale that a section's line may end with.
inline constexpr double kScaleWidth = 120;

/// n tiles as rows of `columns`. tiles: [n], or [n, height, width]. Returns
/// [rows, columns, height, width], where height and width are 1 for [n]; what
/// is missing in the last row is NaN.
torch::Tensor in_rows(const torch::Tensor& tiles, int64_t columns);

/// tiles: [rows, columns, height, width], contiguous floats, drawn `pitch`
/// wide each with a little paper between them. NaN tiles stay empty.
Drawing draw_tiles(
    const torch::Tensor& tiles,
    double pitch,
    const std::function<Color(float)>& color
);

}  // namespace digitorch
