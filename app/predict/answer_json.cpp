#include "app/predict/answer_json.h"

namespace digitorch {

nlohmann::json answer_json(
    const Prediction& answer,
    const std::vector<std::string>& class_names,
    int64_t count
) {
  nlohmann::json predictions = nlohmann::json::array();
  for (const auto& [label, probability] : answer.classes) {
    if (std::ssize(predictions) == count) break;
    predictions.push_back(
        {{"label", class_names[static_cast<std::size_t>(label)]},
         {"probability", probability}}
    );
  }
  return {
      {"label", predictions[0]["label"]},
      {"probability", answer.probability()},
      {"predictions", predictions},
      {"blank", answer.blank},
      {"unsure", answer.unsure}};
}

}  // namespace digitorch
