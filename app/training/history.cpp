#include "app/training/history.h"

#include <sstream>
#include <utility>

namespace digitorch {
namespace {

/// Full precision, so that a resumed run's file is equal to the last digit.
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
      .seconds = json.at("seconds"),
      .samples = json.at("samples")};
  if (json.contains("validation_loss")) {
    row.validation_loss = json.at("validation_loss");
    row.validation_accuracy = json.at("validation_accuracy");
  }
  return row;
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

}  // namespace digitorch
