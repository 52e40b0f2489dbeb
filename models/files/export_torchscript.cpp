#include "models/files/export_torchscript.h"

#include <torch/csrc/jit/frontend/tracer.h>
#include <torch/csrc/jit/passes/dead_code_elimination.h>
#include <torch/script.h>

#include <sstream>

#include "models/files/input_contract.h"
#include "models/text/json_text.h"

namespace digitorch {
namespace {

namespace jit = torch::jit;

/// A module without members. TorchScript adds a number to a class name that is
/// in use.
jit::Module empty_module(const std::shared_ptr<jit::CompilationUnit>& unit) {
  jit::Module made("__torch__.Digits", unit, /*shouldMangle=*/true);
  made.register_attribute("training", c10::BoolType::get(), false);
  return made;
}

/// Registers the tensor under its dotted name and makes the modules that the
/// name goes through: "conv.0.weight" is the weight of module 0 of module conv.
void place(
    jit::Module module,
    const std::string& name,
    const torch::Tensor& tensor,
    bool is_buffer
) {
  const size_t dot = name.find('.');
  if (dot == std::string::npos) {
    module.register_parameter(name, tensor, is_buffer);
    return;
  }
  const std::string part = name.substr(0, dot);
  if (!module.hasattr(part))
    module.register_module(
        part, empty_module(module._ivalue()->compilation_unit())
    );
  place(module.attr(part).toModule(), name.substr(dot + 1), tensor, is_buffer);
}

/// Adds the method that runs use. A traced one alone would take any tensor of
/// as many numbers for pictures.
void add_checked_forward(jit::Module& module, const InputFormat& input) {
  const std::string channels = std::to_string(input.channels);
  const std::string height = std::to_string(input.height);
  const std::string width = std::to_string(input.width);
  module.define(
      "def forward(self, images: Tensor) -> Tensor:\n"
      "    assert images.dim() == 4 and images.size(1) == " +
      channels + " and images.size(2) == " + height +
      " and images.size(3) == " + width + ", \"expected pictures [N, " +
      channels + ", " + height + ", " + width +
      "]\"\n"
      "    return self.compute(images)\n"
  );
}

/// Records, as the method "compute", what the network computes from the
/// module's own tensors.
void add_compute(jit::Module& module, Classifier& model) {
  // With a single picture an operator could take the batch size for a constant.
  const torch::Tensor example = torch::zeros(model.input().sizes(2));
  const auto forward = [&model](jit::Stack inputs) -> jit::Stack {
    return {model.forward(inputs.front().toTensor())};
  };
  const auto no_name = [](const torch::Tensor&) { return std::string(); };
  const auto [trace, outputs] = jit::tracer::trace(
      {example},
      forward,
      no_name,
      /*strict=*/true,
      /*force_outplace=*/false,
      &module,
      {"images"}
  );
  jit::EliminateDeadCode(trace->graph);
  const c10::QualifiedName name(*module.type()->name(), "compute");
  module.type()->addMethod(
      module._ivalue()->compilation_unit()->create_function(name, trace->graph)
  );
}

jit::ExtraFilesMap description(
    const Checkpoint& checkpoint, const std::string& checkpoint_sha256
) {
  const nlohmann::json model = {
      {"spec", to_json(checkpoint.spec)},
      {"metrics", checkpoint.metrics},
      {"checkpoint_sha256", checkpoint_sha256}};
  return {
      {"class_names.json", dump_lenient(checkpoint.class_names)},
      {"input.json", dump_lenient(input_contract(checkpoint.spec))},
      {"model.json", dump_lenient(model)}};
}

}  // namespace

std::string export_torchscript(
    const Checkpoint& checkpoint, const std::string& checkpoint_sha256
) {
  const torch::NoGradGuard no_grad;
  const std::unique_ptr<Classifier> model = restore(checkpoint, "checkpoint");
  jit::Module module = empty_module(std::make_shared<jit::CompilationUnit>());
  // The tracer refuses constants that require gradients, and it recognises the
  // network's tensors by identity, so they are registered themselves, not
  // copies of them.
  for (auto& [name, tensor] : model->parameters())
    place(module, name, tensor.set_requires_grad(false), false);
  for (const auto& [name, tensor] : model->buffers())
    place(module, name, tensor, true);
  add_compute(module, *model);
  add_checked_forward(module, model->input());

  std::ostringstream file;
  module.save(file, description(checkpoint, checkpoint_sha256));
  return file.str();
}

torch::Tensor torchscript_logits(
    const std::string& bytes, const torch::Tensor& images
) {
  const torch::NoGradGuard no_grad;
  std::istringstream file(bytes);
  return jit::load(file, images.device()).forward({images}).toTensor();
}

}  // namespace digitorch
