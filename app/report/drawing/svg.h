// A drawing as an SVG document.
#pragma once

#include <string>

#include "app/report/drawing/drawing.h"

namespace digitorch {

/// A whole SVG document on a white background, with text as text in a
/// sans-serif font. Throws std::logic_error for a coordinate that is not a
/// finite number, and for a raster without rows x columns x 3 bytes.
std::string to_svg(const Drawing&);

}  // namespace digitorch
