// A TorchScript file that this program exported, as a Classifier. To load
// TorchScript is to run code from it: only for files that the user trusts.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/networks/classifier.h"

namespace digitorch {

struct TorchScriptModel {
  std::unique_ptr<Classifier> classifier;  ///< Cannot be trained.
  std::vector<std::string> class_names;
};

/// Whether the bytes begin as TorchScript's zip archive does.
bool looks_like_torchscript(std::string_view bytes);

/// RUNS CODE that the bytes hold. Throws std::runtime_error naming `name` for
/// an archive that is damaged, has no input contract and class names (extra
/// files of `export`), takes another shape, or does not give one logit for each
/// class.
TorchScriptModel load_torchscript(
    const std::string& bytes, const std::string& name
);

}  // namespace digitorch
