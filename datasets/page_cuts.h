// Where touching digits may be cut apart.
#pragma once

#include <vector>

#include "datasets/page_pieces.h"

namespace digitorch {

/// The piece cut from top to bottom wherever little ink is in the way, at most
/// every sixth of `height`, which is that of its line's digits. Left to right;
/// the piece itself where there is no such place.
std::vector<Piece> cut(const Piece&, int height);

}  // namespace digitorch
