#include "app/training/history.h"

#include <sstream>
#include <stdexcept>
#include <utility>

namespace digitorch {
namespace {

/// The number in full precision, so that the file of a resumed run is equal to
/// the last digit.
std::string number(double value) { return nlohmann::json(value).dump(); }

std::string number(const std::optional<double>& value) {
  return value ? number(*value) : "";
}

}  // namespace

nlohmann::json to_json(const EpochReport& row) {
  nlohmann::json json = {
      {"epoch", row.epoch},
      {"lr", row.lr},
      {"train_loss", row.train_loss},
      {"train_accuracy", row.train_accuracy},
      {"seconds", row.seconds},
      {"samples", row.samples}};
  if (row.validation_loss) {
    json["validation_loss"] = *row.validation_loss;
    json["validation_accuracy"] = *row.validation_accuracy;
  }
  return json;
}

EpochReport epoch_report(const nlohmann::json& json) {
  EpochReport row{
      .epoch = json.at("epoch"),
      .lr = json.at("lr"),
      .train_loss = json.at("train_loss"),
      .train_accuracy = json.at("train_accuracy"),
      .seconds = json.value("seconds", 0.0),
      .samples = json.at("samples")};
  if (json.contains("validation_loss")) {
    row.validation_loss = json.at("validation_loss");
    row.validation_accuracy = json.at("validation_accuracy");
  }
  return row;
}

torch::Tensor to_tensor(const std::vector<StepRecord>& steps) {
  const auto count = static_cast<int64_t>(steps.size());
  torch::Tensor rows = torch::empty({count, 4}, torch::kFloat64);
  auto row = rows.accessor<double, 2>();
  for (int64_t i = 0; i < count; ++i) {
    const StepRecord& each = steps[static_cast<size_t>(i)];
    row[i][0] = static_cast<double>(each.step);
    row[i][1] = each.epoch;
    row[i][2] = each.loss;
    row[i][3] = each.accuracy;
  }
  return rows;
}

std::vector<StepRecord> step_records(const torch::Tensor& rows) {
  if (rows.dim() != 2 || rows.size(1) != 4 || rows.dtype() != torch::kFloat64)
    throw std::runtime_error("the records of steps have another form");
  std::vector<StepRecord> steps;
  const auto row = rows.accessor<double, 2>();
  for (int64_t i = 0; i < rows.size(0); ++i)
    steps.push_back(
        {.step = static_cast<int64_t>(row[i][0]),
         .epoch = row[i][1],
         .loss = row[i][2],
         .accuracy = row[i][3]}
    );
  return steps;
}

History history_of(const Checkpoint& from, const std::string& where) {
  History history;
  try {
    if (from.training_state.is_object())
      for (const nlohmann::json& row :
           from.training_state.value("history", nlohmann::json::array()))
        history.epochs.push_back(epoch_report(row));
    for (const auto& [name, tensor] : from.training_tensors)
      if (name == kStepRecords) history.steps = step_records(tensor);
  } catch (const std::exception& error) {
    throw std::runtime_error(
        where + ": the history of the training cannot be read: " + error.what()
    );
  }
  return history;
}

bool better(const EpochReport& a, const EpochReport& b) {
  if (!a.validation_accuracy) return true;  // without validation, the latest
  return std::pair(*a.validation_accuracy, -*a.validation_loss) >
         std::pair(*b.validation_accuracy, -*b.validation_loss);
}

std::string to_csv(const std::vector<EpochReport>& history) {
  std::ostringstream csv;
  csv << "epoch,lr,train_loss,train_accuracy,validation_loss,"
         "validation_accuracy,seconds\n";
  for (const EpochReport& row : history)
    csv << row.epoch << ',' << number(row.lr) << ',' << number(row.train_loss)
        << ',' << number(row.train_accuracy) << ','
        << number(row.validation_loss) << ',' << number(row.validation_accuracy)
        << ',' << number(row.seconds) << '\n';
  return csv.str();
}

std::string to_csv(const std::vector<StepRecord>& steps) {
  std::ostringstream csv;
  csv << "step,epoch,loss,accuracy\n";
  for (const StepRecord& row : steps)
    csv << row.step << ',' << number(row.epoch) << ',' << number(row.loss)
        << ',' << number(row.accuracy) << '\n';
  return csv.str();
}

}  // namespace digitorch
