#include "models/networks/classifier.h"

#include <map>
#include <sstream>
#include <stdexcept>

namespace digitorch {
namespace {

std::string description(const torch::Tensor& tensor) {
  std::ostringstream text;
  text << c10::toString(tensor.scalar_type()) << ' ' << tensor.sizes();
  return text.str();
}

}  // namespace

torch::Device Classifier::device() const {
  const NamedTensors state = state_dict(*this);
  return state.empty() ? torch::kCPU : state.front().second.device();
}

NamedTensors state_dict(const Classifier& model) {
  NamedTensors state = model.parameters();
  for (auto& buffer : model.buffers()) state.push_back(std::move(buffer));
  return state;
}

void load_state_dict(
    Classifier& model, const NamedTensors& weights, const std::string& where
) {
  std::map<std::string, torch::Tensor> given;
  for (const auto& [name, tensor] : weights)
    if (!given.emplace(name, tensor).second)
      throw std::runtime_error(
          where + ": found the weight '" + name + "' twice; expected it once"
      );
  const NamedTensors state = state_dict(model);
  // Everything is checked before the first tensor changes.
  std::vector<torch::Tensor> sources;
  for (const auto& [name, target] : state) {
    const auto found = given.extract(name);
    if (found.empty())
      throw std::runtime_error(
          where + ": found no weight '" + name + "'; expected " +
          description(target)
      );
    if (description(found.mapped()) != description(target))
      throw std::runtime_error(
          where + ": found " + description(found.mapped()) + " for '" + name +
          "'; expected " + description(target)
      );
    sources.push_back(found.mapped());
  }
  if (!given.empty())
    throw std::runtime_error(
        where + ": found the weight '" + given.begin()->first +
        "'; expected none of that name"
    );
  const torch::NoGradGuard no_grad;
  for (size_t i = 0; i < state.size(); ++i)
    torch::Tensor(state[i].second).copy_(sources[i]);
}

}  // namespace digitorch
