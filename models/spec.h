// A network's description as a value: its kind, its options and its task. This
// is the only place that lists the kinds of network.
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <variant>
#include <vector>

#include "models/networks/classifier.h"
#include "models/networks/cnn.h"
#include "models/networks/mlp.h"
#include "models/networks/scratch.h"
#include "models/networks/task.h"
#include "models/options/fields.h"
#include "models/options/json_reader.h"

namespace digitorch {

/// The kinds of network. A new one is one more alternative, whose header has
/// the options struct with its constants, and fields(), check(), summary() and
/// make_classifier() for it.
using NetworkOptions = std::variant<CnnOptions, MlpOptions, ScratchOptions>;

struct ModelSpec {
  NetworkOptions network;
  int64_t classes = 10;  ///< >= 1.
  double mean = 0;       ///< Of the training pictures in 0..1; subtracted.
  /// Standard deviation of the training pictures, > 0; divides what is left.
  /// Its key in JSON is "deviation".
  double std_dev = 1;
  /// The pictures that it takes. In JSON, where MNIST's are left out.
  InputFormat input = {};

  NetworkTask task() const { return {classes, mean, std_dev, input}; }
};

/// "cnn", "mlp" and "scratch", in the order of NetworkOptions.
std::vector<std::string> network_kinds();

bool is_network_kind(const std::string& text);

/// The kind's default options. Throws std::runtime_error for an unknown kind,
/// naming the known ones.
NetworkOptions default_network(const std::string& kind);

std::string kind_of(const NetworkOptions&);

/// Whether the network's layers learn from differences within a batch, so that
/// batches need two pictures or more.
bool uses_batch_norm(const NetworkOptions&);

/// Whether training can compute layers in bfloat16.
bool trains_in_bfloat16(const NetworkOptions&);

/// The options of the network, as fields that refer to it.
std::vector<Field> fields(NetworkOptions&);

/// "mean" and "deviation", as fields that refer to the spec.
std::vector<Field> normalisation_fields(ModelSpec&);

/// An option that one or more kinds of network have.
struct NetworkOption {
  Field field;  ///< Of the first kind that has it; keeps its value alive.
  /// Each kind that has the option, with its default as text.
  std::vector<std::pair<std::string, std::string>> defaults;
};

/// The options of all kinds, one for each name, for the command line.
std::vector<NetworkOption> network_options();

/// The network's layers for exporters.
NetworkLayers layers(const NetworkOptions&);

nlohmann::json to_json(const ModelSpec&);

/// Throws std::runtime_error naming the key that is missing, unknown, of the
/// wrong type or out of range.
ModelSpec spec_from_json(const JsonReader&);

/// One line: "cnn: conv 3x3x32, pool 2, …, 10 classes". Where the pictures are
/// not ink: "cnn on 32x32 pixels in colour: …".
std::string summary(const ModelSpec&);

/// Throws std::runtime_error naming the option that does not fit, such as
/// pooling below one pixel. Allocates nothing.
void check(const ModelSpec&);

/// A network on the CPU with weights drawn from the default generator. Throws
/// as check() does.
std::unique_ptr<Classifier> make_model(const ModelSpec&);

}  // namespace digitorch
