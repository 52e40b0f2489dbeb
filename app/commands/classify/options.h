// The options of `digitorch classify`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/cli/command.h"
#include "app/cli/option_groups.h"

namespace digitorch {

struct ClassifyOptions {
  std::string model;
  TorchScriptOptions torchscript;
  int64_t top_k = 3;
  double min_confidence = 0;
  bool page = false;
  std::string annotate;
  std::string explain;
  bool overwrite = false;
  DataOptions data;
  ComputeOptions compute;
  std::string format = "text";
  bool quiet = false;
};

/// Their groups in the help, which keep references to the options.
std::vector<OptionGroup> classify_groups(ClassifyOptions&);

}  // namespace digitorch
