#include "models/files/torchscript_model.h"

#include <torch/csrc/jit/serialization/import.h>

#include <sstream>
#include <stdexcept>
#include <utility>

#include "models/files/json_text.h"

namespace digitorch {
namespace {

namespace jit = torch::jit;

class ScriptClassifier : public Classifier {
 public:
  explicit ScriptClassifier(jit::Module module) : module_(std::move(module)) {
    module_.eval();
  }

  BatchResult
  forward_backward(const torch::Tensor&, const torch::Tensor&, const LossOptions&)
      override {
    throw std::logic_error("an exported model cannot be trained");
  }

  NamedTensors parameters() const override {
    NamedTensors found;
    for (const auto& item : module_.named_parameters())
      found.emplace_back(item.name, item.value);
    return found;
  }

  std::vector<torch::Tensor> gradients() const override { return {}; }

  NamedTensors buffers() const override {
    NamedTensors found;
    for (const auto& item : module_.named_buffers())
      found.emplace_back(item.name, item.value);
    return found;
  }

  void train(bool) override {}  // always in evaluation mode

  void to(torch::Device device) override { module_.to(device); }

 private:
  torch::Tensor compute(const torch::Tensor& images, const LayerTap& tap)
      override {
    const torch::Tensor logits = module_.forward({images}).toTensor();
    if (tap) tap("logits", logits);  // an exported file shows no other layer
    return logits;
  }

  jit::Module module_;
};

std::vector<std::string> checked_class_names(jit::ExtraFilesMap& files) {
  const auto input = parse_strict(files["input.json"], "input.json");
  const nlohmann::json expected = {"N", 1, kInputSide, kInputSide};
  if (input.at("shape") != expected)
    throw std::runtime_error(
        "found the input shape " + input.at("shape").dump() + "; expected " +
        expected.dump()
    );
  return parse_strict(files["class_names.json"], "class_names.json");
}

void check_output(Classifier& classifier, size_t classes) {
  const torch::NoGradGuard no_grad;
  const auto logits =
      classifier.forward(torch::zeros({2, 1, kInputSide, kInputSide}));
  if (logits.dim() != 2 || logits.size(0) != 2 ||
      logits.size(1) != static_cast<int64_t>(classes))
    throw std::runtime_error(
        "found another number of logits than its " + std::to_string(classes) +
        " class names"
    );
}

/// The first line of an error of the interpreter, which says what is wrong.
std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

}  // namespace

bool looks_like_torchscript(std::string_view bytes) {
  return bytes.starts_with("PK\x03\x04");
}

TorchScriptModel load_torchscript(
    const std::string& bytes, const std::string& name
) {
  jit::ExtraFilesMap files = {{"class_names.json", ""}, {"input.json", ""}};
  try {
    std::istringstream file(bytes);
    jit::Module module = jit::load(file, torch::kCPU, files);
    std::vector<std::string> class_names = checked_class_names(files);
    auto classifier = std::make_unique<ScriptClassifier>(std::move(module));
    check_output(*classifier, class_names.size());
    return {std::move(classifier), std::move(class_names)};
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    throw std::runtime_error(
        name + ": " + first_line(error.what()) +
        "; expected TorchScript written by digitorch export"
    );
  }
}

}  // namespace digitorch
