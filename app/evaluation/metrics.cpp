#include "app/evaluation/metrics.h"

#include "app/evaluation/accuracy.h"
#include "app/evaluation/calibration.h"

namespace digitorch {

const std::vector<Metric>& metrics() {
  static const std::vector<Metric> table = {
      {.name = "accuracy",
       .title = "accuracy",
       .note = "",
       .is_fraction = true,
       .value = [](const Evaluation& e) { return accuracy(e); }},
      {.name = "error_rate",
       .title = "error rate",
       .note = "",
       .is_fraction = true,
       .value = [](const Evaluation& e) { return 1 - accuracy(e); }},
      {.name = "loss",
       .title = "loss",
       .note = "mean cross-entropy",
       .is_fraction = false,
       .value = [](const Evaluation& e) { return e.loss; }},
      {.name = "calibration_error",
       .title = "ECE",
       .note = "expected calibration error",
       .is_fraction = true,
       .value = [](const Evaluation& e) {
         return calibration(e).expected_error;
       }}};
  return table;
}

}  // namespace digitorch
