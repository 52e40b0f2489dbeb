// Whether a drawing's texts can all be read.
#pragma once

#include <string>
#include <vector>

#include "app/report/drawing/drawing.h"

namespace digitorch::testing {

/// One line for each text that overlaps another or leaves the drawing, by the
/// box that its letters may take.
std::vector<std::string> illegible(const Drawing&);

/// All texts of a drawing, in order.
std::vector<std::string> texts_of(const Drawing&);

/// Elements of that name in the SVG form. Throws std::runtime_error unless the
/// SVG is well-formed: tags closed in order, attributes quoted, no bare & or <.
int count_elements(const std::string& svg, const std::string& name);

}  // namespace digitorch::testing
