// A network's answers as values for the template of the HTML report.
#pragma once

#include <torch/types.h>

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "app/evaluation/mistakes.h"

namespace digitorch {

/// A row for each class: name, samples, precision, recall, f1, misread (the
/// number of misclassified pictures), and part, which is misread divided by its
/// maximum. counts: int64 [classes, classes], as confusion() gives them.
/// trained: the training pictures of each class, where known; else empty.
nlohmann::json class_rows(
    const torch::Tensor& counts,
    const std::vector<std::string>& names,
    const std::vector<int64_t>& trained
);

/// A picture, uint8 [C, H, W], as a PNG file in base64; ink is dark on white.
std::string png_of(const torch::Tensor& picture, bool is_ink);

/// {"rows": [{"name", "cells": [...]}], "worst_cell"}. A cell of mistakes is a
/// button with an id; worst_cell is the largest fraction of a class in one.
nlohmann::json confusion_table(
    const torch::Tensor& counts, const std::vector<std::string>& names
);

/// The mistakes with their pictures: index, truth and
/// answer as numbers, probability as text, png in base64; file, which may be
/// "", and name: that of the file without its folders, or "#" and the index.
nlohmann::json mistake_pictures(
    const std::vector<Mistake>&,
    const torch::Tensor& images,
    bool is_ink,
    const std::vector<std::string>& files
);

}  // namespace digitorch
