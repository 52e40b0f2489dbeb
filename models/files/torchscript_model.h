// A TorchScript file that this program exported, as a Classifier. Loading
// TorchScript runs code from it, so this is only for files that the user
// trusts.
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

/// The module in the bytes, whose CODE IS RUN. Throws std::runtime_error naming
/// `name` for an archive that is damaged, lacks input.json or class_names.json,
/// which export_torchscript() writes, takes pictures of another shape, or does
/// not give one logit for each class.
TorchScriptModel load_torchscript(
    const std::string& bytes, const std::string& name
);

}  // namespace digitorch
