#include "app/training/history.h"

#include <limits>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "app/training/options.h"

namespace digitorch {
namespace {

/// The number in full precision, so that the file of a resumed run is equal to
/// the last digit.
std::string number(const std::optional<double>& value) {
  return value ? to_text(*value) : "";
}

constexpr double kLargest = std::numeric_limits<double>::max();
constexpr RealRange kNotNegative{0, kLargest};
constexpr RealRange kFinite{-kLargest, kLargest};
constexpr RealRange kFraction{0, 1};

/// JSON has no number for a validation loss that is not finite, and null stands
/// for it.
double number_or_nan(const JsonReader& json) {
  return json.is_null() ? std::numeric_limits<double>::quiet_NaN()
                        : json.real(kFinite);
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

EpochReport epoch_report(const JsonReader& json) {
  json.check_keys(
      {"epoch",
       "lr",
       "train_loss",
       "train_accuracy",
       "validation_loss",
       "validation_accuracy",
       "seconds",
       "samples"}
  );
  EpochReport row{
      .epoch = json.at("epoch").whole({1, kMaxEpochs}),
      .lr = json.at("lr").real(kNotNegative),
      .train_loss = json.at("train_loss").real(kFinite),
      .train_accuracy = json.at("train_accuracy").real(kFraction),
      .samples = json.at("samples").whole({0, INT64_MAX})};
  if (const auto seconds = json.find("seconds"))
    row.seconds = seconds->real(kNotNegative);
  if (json.find("validation_loss") || json.find("validation_accuracy")) {
    row.validation_loss = number_or_nan(json.at("validation_loss"));
    row.validation_accuracy = json.at("validation_accuracy").real(kFraction);
  }
  return row;
}

std::vector<EpochReport> epoch_reports(const JsonReader& list) {
  std::vector<EpochReport> rows;
  for (const JsonReader& item : list.items()) {
    rows.push_back(epoch_report(item));
    const int64_t place = std::ssize(rows);
    if (rows.back().epoch != place)
      item.at("epoch").refuse(std::to_string(place) + ", its place");
  }
  return rows;
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

std::vector<StepRecord> step_records(
    const torch::Tensor& rows, const std::string& where
) {
  if (rows.dim() != 2 || rows.size(1) != 4 || rows.dtype() != torch::kFloat64)
    throw std::runtime_error(
        where + ": training state '" + kStepRecords +
        "': found another kind of tensor; expected float64 [records, 4]"
    );
  // So that a step's number, a float64 here, is whole and fits.
  constexpr double kMaxStep = 1e15;
  const torch::Tensor numbers = rows.select(1, 0);
  if (!rows.isfinite().all().item<bool>() ||
      (numbers.lt(0) | numbers.gt(kMaxStep)).any().item<bool>())
    throw std::runtime_error(
        where + ": training state '" + kStepRecords +
        "': found a number that is not finite or no step; expected numbers"
    );
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
  if (!from.training_state.is_null()) {
    const JsonReader state(from.training_state, where, "training_state");
    if (const auto rows = state.find("history"))
      history.epochs = epoch_reports(*rows);
  }
  for (const auto& [name, tensor] : from.training_tensors)
    if (name == kStepRecords) history.steps = step_records(tensor, where);
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
