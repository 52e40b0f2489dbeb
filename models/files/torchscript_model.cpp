#include "models/files/torchscript_model.h"

#include <torch/csrc/jit/serialization/import.h>

#include <sstream>
#include <stdexcept>
#include <utility>

#include "models/files/input_contract.h"
#include "models/options/json_reader.h"
#include "models/text/json_text.h"

namespace digitorch {
namespace {

namespace jit = torch::jit;

constexpr const char* kNamesFile = "class_names.json";
constexpr const char* kInputFile = "input.json";

class ScriptClassifier : public Classifier {
 public:
  ScriptClassifier(jit::Module module, const InputFormat& input)
      : Classifier(input), module_(std::move(module)) {
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

constexpr const char* kExpected =
    "; expected TorchScript that takes pictures [N, 1, 28, 28] in 0..1 and "
    "gives logits [N, classes]";

/// The pictures that an input.json asks for; MNIST's without one.
InputFormat input_format(const std::string& text, const std::string& name) {
  if (text.empty()) return {};
  const nlohmann::json input = parse_strict(text, name + ": " + kInputFile);
  return format_of_contract(JsonReader(input, name, kInputFile));
}

/// The names in a class_names.json.
std::vector<std::string> names_in(
    const std::string& text, const std::string& name
) {
  if (text.empty())
    throw std::runtime_error(
        name +
        ": found no names of classes in it; expected --classes LIST, or the "
        "extra file " +
        kNamesFile + " in the archive"
    );
  const nlohmann::json list = parse_strict(text, name + ": " + kNamesFile);
  std::vector<std::string> names;
  for (const JsonReader& item : JsonReader(list, name, kNamesFile).items())
    names.push_back(item.text());
  return names;
}

void check_output(Classifier& classifier, size_t classes) {
  const torch::NoGradGuard no_grad;
  const auto logits =
      classifier.forward(torch::zeros(classifier.input().sizes(2)));
  if (logits.dim() != 2 || logits.size(0) != 2 ||
      logits.size(1) != static_cast<int64_t>(classes))
    throw std::runtime_error(
        "found answers of the shape " + c10::str(logits.sizes()) +
        " to 2 "
        "pictures with " +
        std::to_string(classes) + " names of classes"
    );
}

/// Does what LibTorch's interpreter is needed for. Of its errors only the first
/// line says what is wrong.
template <class Action>
auto interpreted(const std::string& name, const Action& action) {
  try {
    return action();
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    const std::string text = error.what();
    throw std::runtime_error(
        name + ": " + text.substr(0, text.find('\n')) + kExpected
    );
  }
}

}  // namespace

TorchScriptModel load_torchscript(
    const std::string& bytes,
    const std::string& name,
    const std::vector<std::string>& class_names
) {
  jit::ExtraFilesMap files = {{kNamesFile, ""}, {kInputFile, ""}};
  const jit::Module module = interpreted(name, [&] {
    std::istringstream file(bytes);
    return jit::load(file, torch::kCPU, files);
  });
  auto classifier = std::make_unique<ScriptClassifier>(
      module, input_format(files.at(kInputFile), name)
  );
  std::vector<std::string> names =
      class_names.empty() ? names_in(files.at(kNamesFile), name) : class_names;
  interpreted(name, [&] { check_output(*classifier, names.size()); });
  return {std::move(classifier), std::move(names)};
}

}  // namespace digitorch
