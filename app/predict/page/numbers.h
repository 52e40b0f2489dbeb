// Numbers between words: which components of a page are read as digits,
// although letters look like digits too ("o", "l", "S").
#pragma once

#include <string>
#include <vector>

#include "app/predict/page/page.h"
#include "app/predict/predictor.h"

namespace digitorch {

/// Of each component, whether it is a digit by its own looks and those of its
/// word, and by how much of the page is words. Of a number, components that
/// hardly look like digits are among them too: they are unsure. One prediction
/// for each, of a network with these classes; each by itself alone unless they
/// are digits and the reserved class (datasets/no_digit.h), since then nothing
/// tells letters.
///
/// A page is a mixture of numbers and words, whose weight is found by
/// expectation maximisation (Dempster, Laird and Rubin, 1977).
std::vector<bool> read_as_digits(
    const std::vector<PageDigit>&,
    const std::vector<Prediction>&,
    const std::vector<std::string>& class_names
);

}  // namespace digitorch
