// A network's description as a value: which kind, with which options. The one
// place that lists the kinds of network.
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <variant>
#include <vector>

#include "models/networks/classifier.h"
#include "models/networks/cnn.h"
#include "models/networks/mlp.h"
#include "models/networks/scratch.h"
#include "models/options/fields.h"

namespace digitorch {

/// A new kind of network is one more alternative here; beside its options lie
/// their kKind, fields(), summary() and make_classifier().
using NetworkOptions = std::variant<CnnOptions, MlpOptions, ScratchOptions>;

struct ModelSpec {
  NetworkOptions network;
  int64_t classes = 10;  ///< >= 1.
  /// Mean and standard deviation of the training pictures in 0..1; the model
  /// subtracts and divides. deviation > 0.
  double mean = 0;
  double deviation = 1;
};

/// "cnn", "mlp", …
std::vector<std::string> network_kinds();

bool is_network_kind(const std::string& text);

/// The kind's default options. Throws std::runtime_error for an unknown kind,
/// naming the known ones.
NetworkOptions default_network(const std::string& kind);

std::string kind_of(const NetworkOptions&);

/// The options of the network, as fields that refer to it.
std::vector<Field> fields(NetworkOptions&);

/// The names of all options that any kind has, once each, with the kinds that
/// have them and their defaults: for the command line.
struct NetworkOption {
  Field field;  ///< Of the first kind that has it, on options of its own.
  std::vector<std::pair<std::string, std::string>> defaults;  ///< kind, text.
};
std::vector<NetworkOption> network_options();

nlohmann::json to_json(const ModelSpec&);

/// Throws std::runtime_error naming `where` and the key that is missing,
/// unknown or out of range.
ModelSpec spec_from_json(const nlohmann::json&, const std::string& where);

/// One line: "cnn: conv 3x3x32, pool 2, …, 10 classes".
std::string summary(const ModelSpec&);

/// A freshly initialised network on the CPU, drawing from the default
/// generator. Throws std::runtime_error naming the option that does not fit
/// (such as pooling below one pixel).
std::unique_ptr<Classifier> make_model(const ModelSpec&);

}  // namespace digitorch
