// The order in which the text lines of a page are read.
#pragma once

#include <vector>

#include "app/predict/page/reading.h"

namespace digitorch {

/// Puts text lines into reading order: columns one after the other, the lines
/// of a column from top to bottom. Lines of one column at the same height
/// become one line, left to right. Empty lines are left out.
///
/// A gap from top to bottom parts two columns if both have several lines of
/// several digits, and is wider where their lines lie beside each other, since
/// a table is read across. Up to two lines above the columns may be a title
/// that goes across them.
std::vector<DigitLine> reading_order(std::vector<DigitLine>);

}  // namespace digitorch
