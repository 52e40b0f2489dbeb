#include "app/commands/train/changes.h"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "models/spec.h"

namespace digitorch {
namespace {

/// These options may differ between a run and its continuation: they decide
/// neither the network nor the data, whose digest is compared by itself.
const std::set<std::string> kFreeOptions = {
    "data",
    "data-dir",
    "skip-bad",
    "transpose",
    "patience",
    "epochs",
    "threads",
    "device",
    "graph"};
/// These options decide, with --model, what the network is.
const std::set<std::string> kFormOptions = {
    "pictures", "image-size", "channels-in"};
/// The free options that cannot change any result.
const std::set<std::string> kHarmlessOptions = {
    "data", "data-dir", "skip-bad", "transpose", "patience", "graph"};

bool any_network_has(const std::string& name) {
  const std::vector<NetworkOption> all = network_options();
  return std::any_of(all.begin(), all.end(), [&](const NetworkOption& option) {
    return option.field.name == name;
  });
}

}  // namespace

std::optional<std::string> check_changes(
    const std::vector<GivenOption>& old_options,
    const std::vector<GivenOption>& typed,
    bool allow_changes
) {
  std::vector<std::string> fixed;
  std::vector<std::string> guarded;
  std::vector<std::string> inexact;
  for (const GivenOption& option : typed) {
    const std::string old_text = last_text(old_options, option.name, "");
    if (option.text == old_text) continue;
    const std::string change =
        "--" + option.name + " was " + old_text + ", now " + option.text;
    if (option.name == "model" || kFormOptions.contains(option.name) ||
        any_network_has(option.name))
      fixed.push_back(change);
    else if (!kFreeOptions.contains(option.name) && !allow_changes)
      guarded.push_back(change);
    else if (!kHarmlessOptions.contains(option.name))
      inexact.push_back(change);
  }
  if (!fixed.empty())
    throw std::runtime_error(
        "--resume: " + join(fixed) +
        "; expected the network that the run began with"
    );
  if (!guarded.empty())
    throw std::runtime_error(
        "--resume: " + join(guarded) +
        "; expected the run's own options (--allow-changes takes new ones)"
    );
  if (inexact.empty()) return std::nullopt;
  return join(inexact) + ": not bit-exact with the run undisturbed";
}

}  // namespace digitorch
