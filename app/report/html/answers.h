// What an HTML report tells of a network's answers, as values for its template.
#pragma once

#include <torch/types.h>

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "app/evaluation/mistakes.h"

namespace digitorch {

/// A row a class: name, samples, precision, recall, f1, misread, and part,
/// the length of its bar by the longest, 0..1.
/// counts: int64 [classes, classes], as confusion() gives them.
nlohmann::json class_rows(
    const torch::Tensor& counts, const std::vector<std::string>& names
);

/// {"rows": [{"name", "cells": [...]}], "worst_cell"}: a cell that holds
/// mistakes is a button with an address.
nlohmann::json confusion_table(
    const torch::Tensor& counts, const std::vector<std::string>& names
);

/// The mistakes with their pictures, ink dark on paper: index,
/// truth and answer as numbers, probability as text, png in base64.
nlohmann::json mistake_pictures(
    const std::vector<Mistake>&, const torch::Tensor& images
);

}  // namespace digitorch
