// Pictures in sections below each other: a line of text, then tiles or bars.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <string>

#include "app/report/drawing/drawing.h"

namespace digitorch {

class Sections {
 public:
  /// width: that of a section, without margins.
  explicit Sections(double width);

  /// Begins a section with a line of text, and `scale` behind it if given.
  void begin(const std::string& label, const Drawing* scale = nullptr);

  /// Adds a drawing below the previous one.
  void add(const Drawing&);

  Drawing finish();

 private:
  const double width_;
  Drawing drawing_;
};

/// The tensor on the CPU as contiguous float32, without gradient.
torch::Tensor plain(const torch::Tensor&);

/// The width of a colour scale at the end of a section's line.
inline constexpr double kScaleWidth = 120;

/// Arranges n tiles in rows of `columns`. tiles: [n, height, width], or [n] for
/// tiles of one value. Returns [rows, columns, height, width], with NaN for
/// tiles that the last row lacks.
torch::Tensor in_rows(const torch::Tensor& tiles, int64_t columns);

/// Draws tiles with a small gap between them. tiles: contiguous float32 [rows,
/// columns, height, width]; NaN leaves a place empty. pitch: the width of a
/// tile and its gap.
Drawing draw_tiles(
    const torch::Tensor& tiles,
    double pitch,
    const std::function<Color(float)>& color
);

}  // namespace digitorch
