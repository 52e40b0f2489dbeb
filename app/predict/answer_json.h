// Answers as JSON, the same for the command line and for the server.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/predict/prediction.h"

namespace digitorch {

/// {"label", "probability", "predictions": [{"label", "probability"}, ...],
/// "blank", "unsure"} with the `count` most probable classes.
nlohmann::json answer_json(
    const Prediction&,
    const std::vector<std::string>& class_names,
    int64_t count
);

}  // namespace digitorch
