#include "app/training/frozen.h"

#include <stdexcept>
#include <string>

namespace digitorch {

std::size_t frozen_parameters(const Classifier& model, int64_t layers) {
  if (layers == 0) return 0;
  if (!model.buffers().empty())
    throw std::runtime_error(
        "--freeze: found a network with batch norm, whose statistics change in "
        "training; expected --no-batch-norm"
    );
  const NamedTensors parameters = model.parameters();
  std::size_t count = 0;
  int64_t seen = 0;
  std::string layer;
  for (const auto& [name, tensor] : parameters) {
    const std::string of = name.substr(0, name.rfind('.'));
    if (of != layer) ++seen;
    layer = of;
    if (seen <= layers) ++count;
  }
  if (seen <= layers)
    throw std::runtime_error(
        "--freeze: found " + std::to_string(layers) +
        "; expected fewer than the " + std::to_string(seen) +
        " layers with weights"
    );
  return count;
}

}  // namespace digitorch
