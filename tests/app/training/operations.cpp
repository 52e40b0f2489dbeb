#include "tests/app/training/operations.h"

#include <ATen/record_function.h>

#include <algorithm>
#include <set>
#include <sstream>

namespace digitorch::testing {
namespace {

thread_local Operations* watching = nullptr;

const std::set<std::string> kWaits = {
    "aten::_local_scalar_dense",
    "aten::equal",
    "aten::is_nonzero",
    "aten::masked_select",
    "aten::nonzero",
    "aten::unique_dim",
    "aten::_unique2"};

bool reads_on_a_cpu_only(const std::string& operation) {
  return operation == "aten::one_hot" || operation.starts_with("aten::_fused_");
}

std::string text_of(const c10::IValue& value) {
  std::ostringstream text;
  if (value.isTensor()) {
    const torch::Tensor& tensor = value.toTensor();
    text << (tensor.defined() ? "tensor" : "none");
    if (tensor.defined()) text << tensor.sizes();
  } else if (value.isTensorList()) {
    text << "tensors";
  } else if (value.isGenerator()) {
    text << "generator";
  } else {
    text << value;
  }
  return text.str();
}

}  // namespace

struct Operations::Callbacks {
  static std::unique_ptr<at::ObserverContext> start(
      const at::RecordFunction& operation
  ) {
    const std::string name = operation.name();
    std::string text = name;
    for (const c10::IValue& input : operation.inputs())
      text += " " + text_of(input);
    watching->all_.push_back(text);
    const auto& around = watching->running_;
    if (kWaits.contains(name) &&
        std::none_of(around.begin(), around.end(), reads_on_a_cpu_only))
      watching->waits_.push_back(text);
    watching->running_.push_back(name);
    return nullptr;
  }

  static void end(const at::RecordFunction&, at::ObserverContext*) {
    watching->running_.pop_back();
  }
};

Operations::Operations() {
  TORCH_CHECK(!watching, "operations are watched already");
  watching = this;
  handle_ = at::addThreadLocalCallback(
      at::RecordFunctionCallback(&Callbacks::start, &Callbacks::end)
          .needsInputs(true)
          .scopes({at::RecordScope::FUNCTION})
  );
}

Operations::~Operations() {
  at::removeCallback(handle_);
  watching = nullptr;
}

}  // namespace digitorch::testing
