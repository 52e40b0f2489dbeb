// Numbers between words: which of a page's components are digits, although
// letters look like digits, too ("o", "l", "S").
#pragma once

#include <string>
#include <vector>

#include "app/predict/page/page.h"

namespace digitorch {

/// For each component, whether it is read as a digit. That depends on its own
/// prediction, on those of its word, and on how much of the page is words. A
/// component of a number that hardly looks like a digit is read as well; its
/// prediction is unsure. A 1 that stands alone and is far higher than the
/// page's digits is a line.
///
/// class_names: of the network that made the predictions. If they are not
/// digits and the reserved class (datasets/no_digit.h), nothing tells letters
/// from digits, and each component is judged by its own prediction alone.
///
/// A page is a mixture of numbers and words. The weights of the mixture are
/// found by expectation maximisation (Dempster, Laird and Rubin, 1977).
std::vector<bool> read_as_digits(
    const std::vector<PageDigit>&, const std::vector<std::string>& class_names
);

}  // namespace digitorch
