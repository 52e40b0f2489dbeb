#include "app/commands/scored_part.h"

#include <filesystem>
#include <stdexcept>
#include <utility>

#include "app/commands/train/settings.h"
#include "app/training/data_facts.h"
#include "app/training/training_parts.h"

namespace digitorch {
namespace {

std::string digest_known_to(const LoadedModel& model) {
  return model.config.is_object() ? model.config.value("data_sha256", "") : "";
}

std::string pictures(int64_t count) {
  return std::to_string(count) + (count == 1 ? " picture" : " pictures");
}

/// The options in the configuration of the run that made the model; none where
/// that is unknown.
std::vector<GivenOption> options_in(const LoadedModel& model) {
  if (!model.config.is_object()) return {};
  return options_of_config({model.config, model.name, "training_state.config"});
}

/// Whether the model's configuration names this folder, whatever is in it now.
bool was_trained_on_folder(const LoadedModel& model, const std::string& data) {
  std::filesystem::path from;
  if (model.config.is_object() && model.config.contains("started_in") &&
      model.config["started_in"].is_string())
    from = model.config["started_in"].get<std::string>();
  for (const GivenOption& option : options_in(model)) {
    std::error_code error;
    if (option.name == "data" &&
        std::filesystem::equivalent(from / option.text, data, error))
      return true;
  }
  return false;
}

ScoredPart held_out(
    const DataLocation& location,
    const LoadedModel& model,
    std::vector<std::string>& warnings
) {
  EvaluationSet data = load_evaluation_data(location);
  warnings.insert(warnings.end(), data.warnings.begin(), data.warnings.end());
  const std::string digest = digest_known_to(model);
  if (!digest.empty() && digest == data_digest(data.test))
    warnings.emplace_back("the model was trained on these very pictures");
  if (!data.is_whole) return {std::move(data.test), ""};
  const std::string all = pictures(data.test.size());
  if (!digest.empty()) {
    DataSet divided = put_test_aside(data.test);
    const int64_t put_aside = divided.test.size();
    if (put_aside > 0 && data_digest(divided.train) == digest)
      return {
          std::move(divided.test),
          "scoring the " + pictures(put_aside) +
              " that training put aside; --part all scores all " + all};
  }
  if (was_trained_on_folder(model, location.data))
    warnings.push_back(
        location.data +
        " has changed since the model was trained on it, so it "
        "is not known which pictures training put aside"
    );
  return {
      std::move(data.test),
      "scoring all " + all + ", since the data have no test part"};
}

ScoredPart part_of_training(
    const std::string& part, const ImageSet& train, const LoadedModel& model
) {
  const bool is_its_own = digest_known_to(model) == data_digest(train);
  if (!is_its_own && train.validation == 0) {
    if (part == "train")
      return {
          train,
          "scoring the " + pictures(train.size()) +
              " of the "
              "training part, on which the model was not trained"};
    throw std::runtime_error(
        "--part: found validation; expected train, test or all, since " +
        model.name +
        " was trained on other data and these have no validation "
        "part of their own"
    );
  }
  const TrainingParts parts = training_parts(
      train, resolve({.configuration = options_in(model)}).train
  );
  const torch::Tensor& wanted =
      part == "train" ? parts.training : parts.validation;
  if (wanted.numel() == 0)
    throw std::runtime_error(
        "--part: found " + part + ", which has no pictures; expected another"
    );
  return {
      train.at(wanted),
      "scoring the " + pictures(wanted.numel()) + " of the " +
          (part == "train" ? "training" : "validation") + " part" +
          (is_its_own && part == "train" ? ", which the model was trained on"
                                         : "")};
}

}  // namespace

const std::vector<std::string>& part_names() {
  static const std::vector<std::string> names = {
      "held-out", "test", "validation", "train", "all"};
  return names;
}

ScoredPart scored_part(
    const std::string& part,
    DataLocation location,
    const LoadedModel& model,
    std::vector<std::string>& warnings
) {
  location.format = exactly(model.classifier->input());
  if (part == "held-out") return held_out(location, model, warnings);
  if (part == "all") {
    EvaluationSet all = load_all_data(location);
    warnings.insert(warnings.end(), all.warnings.begin(), all.warnings.end());
    const int64_t count = all.test.size();
    return {std::move(all.test), "scoring all " + pictures(count)};
  }
  DataSet data = load_data(location);
  warnings.insert(warnings.end(), data.warnings.begin(), data.warnings.end());
  if (part != "test") return part_of_training(part, data.train, model);
  if (data.test.size() == 0)
    throw std::runtime_error(
        "--part: found test, which " + location.data +
        " does not have; expected validation, train or all"
    );
  const int64_t count = data.test.size();
  return {
      std::move(data.test),
      "scoring the " + pictures(count) + " of the test part"};
}

}  // namespace digitorch
