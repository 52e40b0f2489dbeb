// The scores that sum up an evaluation in one number each: the table from which
// `eval` and the report show them.
#pragma once

#include <string>
#include <vector>

#include "app/evaluation/evaluation.h"

namespace digitorch {

/// A row of the table.
struct Metric {
  std::string name;   ///< In JSON: "error_rate".
  std::string title;  ///< For people: "error rate".
  std::string note;   ///< What it is, in a few words; may be empty.
  bool is_fraction;   ///< True for a number in 0..1 that is shown in percent.
  double (*value)(const Evaluation&);
};

/// All metrics, in the order in which they are shown.
const std::vector<Metric>& metrics();

}  // namespace digitorch
