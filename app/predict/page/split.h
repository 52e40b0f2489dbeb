// Runs of components -> runs of digits: fragments joined, touching digits
// split.
#pragma once

#include <functional>
#include <vector>

#include "app/predict/page/lines.h"

namespace digitorch {

/// How sure it is, 0..1, that each component is one digit.
using ComponentScore =
    std::function<std::vector<float>(const std::vector<Component>&)>;

/// Asks `score` twice: about components that stand by themselves, then about
/// every likely reading of the others.
std::vector<TextLine> split_lines(
    const std::vector<TextLine>& runs, const ComponentScore& score
);

/// A score by shape alone; height: of the digits on its line.
float score_shape(const Component&, int height);

}  // namespace digitorch
