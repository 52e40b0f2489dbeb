// Where touching digits may be cut apart.
#pragma once

#include <vector>

#include "app/predict/page/components.h"

namespace digitorch {

struct Part {
  Component component;
  double cut = 0;  ///< Pixels of ink cut through to its left.
};

/// The component cut from top to bottom wherever little ink is in the way, at
/// most every sixth of `height`, which is that of its line's digits. Left to
/// right; the component itself where there is no such place.
std::vector<Part> cut(const Component&, int height);

}  // namespace digitorch
