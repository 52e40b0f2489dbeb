#include "models/options/limits.h"

#include <stdexcept>

namespace digitorch {
namespace {

constexpr size_t kMaxLayers = 64;
constexpr int64_t kMaxWeights = int64_t{1} << 25;
constexpr int64_t kMaxActivations = int64_t{1} << 22;

}  // namespace

void check_values(const std::vector<Field>& fields) {
  for (const Field& each : fields) assign(each, to_text(each.get()), each.name);
}

void check_depth(
    const std::string& option, const std::vector<int64_t>& layers
) {
  if (layers.size() > kMaxLayers)
    throw std::runtime_error(
        option + ": found " + std::to_string(layers.size()) +
        " layers; expected at most " + std::to_string(kMaxLayers)
    );
}

void check_weight_count(const std::string& option, int64_t weights) {
  if (weights > kMaxWeights)
    throw std::runtime_error(
        option + ": found a network of " + std::to_string(weights) +
        " weights; expected at most " + std::to_string(kMaxWeights)
    );
}

void check_activation_count(const std::string& option, int64_t numbers) {
  if (numbers > kMaxActivations)
    throw std::runtime_error(
        option + ": found a layer that gives " + std::to_string(numbers) +
        " numbers for a picture; expected at most " +
        std::to_string(kMaxActivations)
    );
}

int64_t linear_weight_count(
    int64_t inputs, const std::vector<int64_t>& hidden, int64_t outputs
) {
  int64_t weights = 0;
  for (const int64_t units : hidden) {
    weights += (inputs + 1) * units;
    inputs = units;
  }
  return weights + (inputs + 1) * outputs;
}

}  // namespace digitorch
