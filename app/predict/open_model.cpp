#include "app/predict/open_model.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "datasets/read_file.h"
#include "models/shipped.h"

namespace digitorch {

namespace {

OpenedModel decoded(std::string bytes, const std::string& name) {
  Checkpoint checkpoint = decode_checkpoint(bytes, name);
  return {std::move(checkpoint), std::move(bytes), name};
}

}  // namespace

Checkpoint read_checkpoint(const std::filesystem::path& path) {
  return decode_checkpoint(
      read_file(path, kMostCheckpointBytes), path.string()
  );
}

OpenedModel open_model(const std::string& text) {
  if (text.empty())
    return decoded(std::string(shipped_checkpoint()), "shipped");
  const auto kinds = network_kinds();
  if (!std::filesystem::exists(text) &&
      std::find(kinds.begin(), kinds.end(), text) != kinds.end())
    throw std::runtime_error(
        "--model: found '" + text +
        "', a kind of network without weights; expected a checkpoint, such as "
        "the best.safetensors of a run"
    );
  return decoded(read_file(text, kMostCheckpointBytes), text);
}

}  // namespace digitorch
