// A TorchScript file, of this program or of Python, as a Classifier. Loading
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

/// The module in the bytes, whose CODE IS RUN. It takes pictures as
/// Classifier::forward does, which its extra file input.json may say as well.
/// class_names: of its classes; empty for those in its extra file
/// class_names.json. export_torchscript() writes both files. Throws
/// std::runtime_error naming `name` for an archive that is damaged, has no
/// names of classes either way, takes pictures of another shape, or does not
/// give one logit for each class.
TorchScriptModel load_torchscript(
    const std::string& bytes,
    const std::string& name,
    const std::vector<std::string>& class_names = {}
);

}  // namespace digitorch
