#include "models/files/checkpoint.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <utility>

#include "models/files/foreign_model.h"
#include "models/files/safetensors.h"
#include "models/files/sha256.h"
#include "models/options/json_reader.h"
#include "models/text/json_text.h"
#include "models/text/utf8.h"

namespace digitorch {
namespace {

constexpr char kFormat[] = "digitorch checkpoint";
constexpr char kDigestName[] = "sha256";
constexpr std::string_view kTrainingPrefix = "training.";

/// A JSON list of the names. Class names come from folders, whose names are any
/// bytes, so a name that is not UTF-8, which JSON cannot hold, becomes a list
/// of its bytes.
nlohmann::json json_of(const std::vector<std::string>& class_names) {
  nlohmann::json list = nlohmann::json::array();
  for (const std::string& name : class_names) {
    if (is_utf8(name))
      list.push_back(name);
    else
      list.push_back(std::vector<uint8_t>(name.begin(), name.end()));
  }
  return list;
}

std::string class_name(const JsonReader& json) {
  if (!json.json().is_array()) return json.text();
  std::string name;
  for (const JsonReader& byte : json.items())
    name += static_cast<char>(byte.whole({0, 255}));
  return name;
}

[[noreturn]] void throw_no_checkpoint(
    std::string_view bytes, const std::string& name
) {
  ForeignModel found = foreign_model(bytes);
  if (found.what.empty())
    found.what = bytes.empty()
                     ? "no bytes"
                     : "bytes that do not match their SHA-256 (damaged, cut or "
                       "another kind of file)";
  throw std::runtime_error(
      name + ": found " + found.what + "; expected a digitorch checkpoint" +
      (found.hint.empty() ? "" : ". " + found.hint)
  );
}

/// Throws std::runtime_error unless the last bytes are the digest of the rest.
void check_digest(std::string_view bytes, const std::string& name) {
  const size_t content = bytes.size() - std::min(bytes.size(), kSha256Size);
  if (bytes.size() < kSha256Size ||
      sha256(bytes.substr(0, content)) != bytes.substr(content))
    throw_no_checkpoint(bytes, name);
}

/// Removes the digest, which check_digest() has verified, from the tensors.
void remove_digest(SafeTensors& file, const std::string& name) {
  if (file.tensors.empty() || file.tensors.back().first != kDigestName ||
      file.tensors.back().second.nbytes() != kSha256Size)
    throw std::runtime_error(
        name + ": found no tensor 'sha256' of 32 bytes at the end; expected it"
    );
  file.tensors.pop_back();
}

void check_version(const std::string& text, const std::string& name) {
  int version = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, version);
  if (error != std::errc() || stop != end || version < 1)
    throw std::runtime_error(
        name + ": found the format version '" + text +
        "'; expected a whole number from 1"
    );
  if (version > kCheckpointVersion)
    throw std::runtime_error(
        name + ": found a checkpoint made by format v" + text +
        "; expected at most v" + std::to_string(kCheckpointVersion) +
        ", which this program reads. Use a newer digitorch"
    );
}

/// The text under a metadata key. Throws std::runtime_error where it is
/// missing.
const std::string& metadata_of(
    const SafeTensors& file, const std::string& key, const std::string& name
) {
  const auto found = file.metadata.find(key);
  if (found == file.metadata.end())
    throw std::runtime_error(
        name + ": found no metadata '" + key + "'; expected it"
    );
  return found->second;
}

nlohmann::json json_in(
    const SafeTensors& file, const std::string& key, const std::string& name
) {
  return parse_strict(metadata_of(file, key, name), name + ": " + key);
}

std::vector<std::string> read_class_names(
    const JsonReader& json, int64_t classes
) {
  if (!json.json().is_array() || std::ssize(json.json()) != classes)
    json.refuse("a list of " + std::to_string(classes) + " names");
  std::vector<std::string> names;
  for (const JsonReader& item : json.items()) names.push_back(class_name(item));
  return names;
}

}  // namespace

void check_finite(const NamedTensors& weights, const std::string& where) {
  for (const auto& [name, tensor] : weights)
    if (!tensor.cpu().isfinite().all().item<bool>())
      throw std::runtime_error(
          where + ": found a weight of '" + name +
          "' that is not finite; expected a number"
      );
}

std::string encode(const Checkpoint& checkpoint) {
  TORCH_CHECK(
      std::ssize(checkpoint.class_names) == checkpoint.spec.classes,
      "a checkpoint needs one class name for each class"
  );
  check_finite(checkpoint.weights, "checkpoint");
  SafeTensors file;
  file.metadata = {
      {"format", kFormat},
      {"version", std::to_string(kCheckpointVersion)},
      {"spec", dump_lenient(to_json(checkpoint.spec))},
      {"class_names", dump_lenient(json_of(checkpoint.class_names))},
      {"metrics", dump_lenient(checkpoint.metrics)}};
  if (!checkpoint.training_state.is_null())
    file.metadata["training_state"] = dump_lenient(checkpoint.training_state);
  file.tensors = checkpoint.weights;
  for (const auto& [name, tensor] : checkpoint.training_tensors)
    file.tensors.emplace_back(std::string(kTrainingPrefix) + name, tensor);
  file.tensors.emplace_back(
      kDigestName,
      torch::zeros({static_cast<int64_t>(kSha256Size)}, torch::kUInt8)
  );
  std::string bytes = encode(file);
  const size_t content = bytes.size() - kSha256Size;
  bytes.replace(
      content, kSha256Size, sha256(std::string_view(bytes).substr(0, content))
  );
  return bytes;
}

Checkpoint decode_checkpoint(std::string_view bytes, const std::string& name) {
  check_digest(bytes, name);
  SafeTensors file = decode_safetensors(bytes, name);
  if (metadata_of(file, "format", name) != kFormat)
    throw std::runtime_error(
        name + ": found another format; expected a digitorch checkpoint"
    );
  check_version(metadata_of(file, "version", name), name);
  remove_digest(file, name);

  Checkpoint checkpoint;
  const auto read = [&](const char* key) { return json_in(file, key, name); };
  const nlohmann::json spec = read("spec");
  checkpoint.spec = spec_from_json({spec, name, "spec"});
  const nlohmann::json names = read("class_names");
  checkpoint.class_names =
      read_class_names({names, name, "class_names"}, checkpoint.spec.classes);
  checkpoint.metrics = read("metrics");
  JsonReader(checkpoint.metrics, name, "metrics").check_object();
  if (file.metadata.contains("training_state")) {
    checkpoint.training_state = read("training_state");
    JsonReader(checkpoint.training_state, name, "training_state")
        .check_object();
  }
  for (auto& [key, tensor] : file.tensors) {
    if (key.starts_with(kTrainingPrefix))
      checkpoint.training_tensors.emplace_back(
          key.substr(kTrainingPrefix.size()), std::move(tensor)
      );
    else
      checkpoint.weights.emplace_back(key, std::move(tensor));
  }
  check_finite(checkpoint.weights, name);
  return checkpoint;
}

std::unique_ptr<Classifier> restore(
    const Checkpoint& checkpoint, const std::string& name
) {
  std::unique_ptr<Classifier> model;
  try {
    model = make_model(checkpoint.spec);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(name + ": spec: " + error.what());
  }
  load_state_dict(*model, checkpoint.weights, name);
  model->train(false);
  return model;
}

}  // namespace digitorch
