#include "models/spec.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "models/options/fields_json.h"
#include "models/options/limits.h"

namespace digitorch {
namespace {

constexpr const char* kInputKey = "input";
constexpr WholeRange kClasses{1, 65536};
constexpr RealRange kMean{-1e6, 1e6};
constexpr RealRange kStdDev{1e-6, 1e6};

/// Default options of every kind, in the order of the variant.
template <size_t... Index>
std::vector<NetworkOptions> defaults(std::index_sequence<Index...>) {
  return {std::variant_alternative_t<Index, NetworkOptions>()...};
}

std::vector<NetworkOptions> default_networks() {
  return defaults(std::make_index_sequence<std::variant_size_v<NetworkOptions>>(
  ));
}

/// What a spec holds besides its network.
std::vector<Field> task_fields(ModelSpec& spec) {
  std::vector<Field> all = normalisation_fields(spec);
  all.push_back(
      field("classes", spec.classes, kClasses, "classes to choose from")
  );
  return all;
}

void check_task(const ModelSpec& spec) {
  ModelSpec copy = spec;  // fields can also change what they refer to
  check_values(task_fields(copy));
  check(spec.input);
}

}  // namespace

std::vector<std::string> network_kinds() {
  std::vector<std::string> kinds;
  for (const NetworkOptions& network : default_networks())
    kinds.push_back(kind_of(network));
  return kinds;
}

bool is_network_kind(const std::string& text) {
  const auto kinds = network_kinds();
  return std::find(kinds.begin(), kinds.end(), text) != kinds.end();
}

NetworkOptions default_network(const std::string& kind) {
  for (const NetworkOptions& network : default_networks())
    if (kind_of(network) == kind) return network;
  throw std::runtime_error(
      "model: found '" + kind + "'; expected one of " + join(network_kinds())
  );
}

std::string kind_of(const NetworkOptions& network) {
  return std::visit(
      [](const auto& options) { return std::string(options.kKind); }, network
  );
}

bool uses_batch_norm(const NetworkOptions& network) {
  return std::visit(
      [](const auto& options) {
        if constexpr (requires { options.batch_norm; })
          return options.batch_norm;
        else
          return false;
      },
      network
  );
}

bool trains_in_bfloat16(const NetworkOptions& network) {
  return std::visit(
      [](const auto& options) { return options.kTrainsInBfloat16; }, network
  );
}

NetworkLayers layers(const NetworkOptions& network) {
  return std::visit(
      [](const auto& options) { return layers(options); }, network
  );
}

std::vector<Field> fields(NetworkOptions& network) {
  return std::visit([](auto& options) { return fields(options); }, network);
}

std::vector<Field> normalisation_fields(ModelSpec& spec) {
  return {
      field(
          "mean",
          spec.mean,
          kMean,
          "Subtracted from each pixel, which is from 0 to 1"
      ),
      field(
          "deviation", spec.std_dev, kStdDev, "Divides each pixel after that"
      )};
}

std::vector<NetworkOption> network_options() {
  std::vector<NetworkOption> all;
  for (const NetworkOptions& defaults_of_kind : default_networks()) {
    const auto owner = std::make_shared<NetworkOptions>(defaults_of_kind);
    for (Field& each : fields(*owner)) {
      auto known = std::find_if(
          all.begin(),
          all.end(),
          [&each](const NetworkOption& option) {
            return option.field.name == each.name;
          }
      );
      if (known == all.end()) {
        // The field refers to the options, so it keeps them alive.
        each.get = [owner, get = each.get] { return get(); };
        each.set = [owner, set = each.set](const std::string& text) {
          return set(text);
        };
        known = all.insert(all.end(), NetworkOption{each, {}});
      }
      known->defaults.emplace_back(kind_of(*owner), to_text(each.get()));
    }
  }
  return all;
}

nlohmann::json to_json(const ModelSpec& spec) {
  ModelSpec copy = spec;  // fields can also change what they refer to
  nlohmann::json json = to_json(task_fields(copy));
  json["kind"] = kind_of(copy.network);
  json["options"] = to_json(fields(copy.network));
  // Programs older than the key read the networks that they can use.
  if (copy.input != InputFormat())
    json[kInputKey] = to_json(json_fields(copy.input));
  return json;
}

ModelSpec spec_from_json(const JsonReader& json) {
  ModelSpec spec;
  const std::vector<Field> task = task_fields(spec);
  std::vector<std::string> keys = {"kind", "options", kInputKey};
  for (const Field& each : task) keys.push_back(each.name);
  json.check_keys(keys);
  const JsonReader kind = json.at("kind");
  if (!is_network_kind(kind.text()))
    kind.refuse("one of " + join(network_kinds()));
  spec.network = default_network(kind.text());
  from_json(fields(spec.network), json.at("options"));
  for (const Field& each : task) assign(each, json.at(each.name));
  if (const auto input = json.find(kInputKey))
    from_json(json_fields(spec.input), *input);
  return spec;
}

std::string summary(const ModelSpec& spec) {
  return kind_of(spec.network) +
         (spec.input.is_ink() ? "" : " on " + description(spec.input)) + ": " +
         std::visit(
             [&spec](const auto& options) {
               return summary(options, spec.task());
             },
             spec.network
         );
}

void check(const ModelSpec& spec) {
  check_task(spec);
  std::visit(
      [&spec](const auto& options) { check(options, spec.task()); },
      spec.network
  );
}

std::unique_ptr<Classifier> make_model(const ModelSpec& spec) {
  check_task(spec);
  return std::visit(
      [&spec](const auto& options) {
        return make_classifier(options, spec.task());
      },
      spec.network
  );
}

}  // namespace digitorch
