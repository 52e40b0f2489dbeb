// The points, commas and minus signs between the digits of a number.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "app/predict/page/reading.h"
#include "datasets/vision/morphology.h"

namespace digitorch {

/// ink: of the mask of the upright page that the lines were read from.
/// Returns for each digit of each line the sign between it and the next one:
/// '.', ',' or '-', and 0 for none. Where a page has more specks beside its
/// numbers than points in them, those are taken for specks, too.
std::vector<std::vector<char>>
find_signs(const Labels& ink, const std::vector<DigitLine>&);

}  // namespace digitorch
