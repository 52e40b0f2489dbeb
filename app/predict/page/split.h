// Runs of pieces -> runs of digits: fragments joined, touching digits split.
#pragma once

#include <functional>
#include <vector>

#include "app/predict/page/lines.h"

namespace digitorch {

/// How sure it is, 0..1, that each piece is one digit.
using PieceScore = std::function<std::vector<float>(const std::vector<Piece>&)>;

/// Asks `score` twice: about pieces that stand by themselves, then about every
/// likely reading of the others.
std::vector<Run> find_digits_in(
    const std::vector<Run>& runs, const PieceScore& score
);

/// A score by shape alone; height: of the digits on its line.
float score_shape(const Piece&, int height);

}  // namespace digitorch
