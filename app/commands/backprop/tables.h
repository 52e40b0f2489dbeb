// One step of back-propagation as tables, for the terminal and for HTML.
#pragma once

#include <string>
#include <vector>

#include "app/evaluation/learning_step.h"
#include "app/report/html/lesson.h"

namespace digitorch {

/// In the order in which they are computed: the forward pass from the first
/// layer to the last, the backward pass from the last to the first, and the
/// check of the gradients. Long tables show the rows with the largest
/// gradients.
std::vector<TextTable> tables_of(
    const LearningStep&, const std::vector<std::string>& class_names
);

/// The outcome of the check and of the step, a sentence each.
std::vector<std::string> results_of(const LearningStep&);

}  // namespace digitorch
