// The colours of all pictures, chosen to be told apart in grey print and by
// colour-blind eyes.
#pragma once

#include <cstddef>

#include "app/report/drawing/drawing.h"

namespace digitorch {

/// From dark blue (0) to yellow (1) with lightness rising evenly: OpenCV's
/// cividis (Nunez, Anderton and Renslow, 2018). Values outside are clamped.
Color sequential_color(double value);

/// From blue (-1) by white (0) to orange (1); the two ends differ in lightness
/// as well. Values outside are clamped.
Color diverging_color(double value);

/// Black (0) to white (1).
Color grey(double value);

/// The colour of a category's lines and points: Okabe and Ito's palette ("Color
/// Universal Design", 2008) without its yellow, then hues a golden section
/// apart. Charts also use dashes and marks, for print in grey.
Color category_color(std::size_t index);

/// Black or white, whichever has the higher contrast on this background.
Color text_color_on(Color ground);

}  // namespace digitorch
