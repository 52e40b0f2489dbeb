// Where touching digits may be cut apart.
#pragma once

#include <vector>

#include "app/predict/page/components.h"

namespace digitorch {

struct Part {
  Piece piece;
  double cut = 0;  ///< Pixels of ink cut through to its left.
};

/// The piece cut from top to bottom wherever little ink is in the way, at most
/// every sixth of `height`, which is that of its line's digits. Left to right;
/// the piece itself where there is no such place.
std::vector<Part> cut(const Piece&, int height);

}  // namespace digitorch
