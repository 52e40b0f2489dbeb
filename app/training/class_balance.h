// Classes that a network can hardly learn, or has not learned.
#pragma once

#include <string>
#include <vector>

#include "app/evaluation/evaluation.h"
#include "datasets/image_set.h"

namespace digitorch {

/// Warnings about the training pictures: classes without any, classes of one or
/// two, and a class fifty times as large as another.
std::vector<std::string> balance_warnings(const ImageSet& train);

/// A warning for every class that has pictures here and that the network never
/// answered with.
std::vector<std::string> never_answered_warnings(
    const Evaluation&, const std::vector<std::string>& class_names
);

}  // namespace digitorch
