#include "app/commands/sweep/folder.h"

#include <algorithm>
#include <numeric>
#include <sstream>
#include <stdexcept>
#include <tuple>

#include "app/system/text.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

constexpr const char* kState = "sweep.json";
constexpr const char* kTable = "runs.csv";
constexpr const char* kBest = "best.safetensors";
constexpr int kSweepVersion = 1;

nlohmann::json metrics_of(const SweepRun& run) {
  return {
      {"diverged", run.diverged},
      {"best_epoch", run.best_epoch},
      {"validation_accuracy", run.validation_accuracy},
      {"validation_loss", run.validation_loss},
      {"train_accuracy", run.train_accuracy},
      {"seconds", run.seconds}};
}

SweepRun sweep_run(const nlohmann::json& json) {
  return {
      .point = json.at("point"),
      .diverged = json.at("diverged"),
      .best_epoch = json.at("best_epoch"),
      .validation_accuracy = json.at("validation_accuracy"),
      .validation_loss = json.at("validation_loss"),
      .train_accuracy = json.at("train_accuracy"),
      .seconds = json.at("seconds")};
}

nlohmann::json to_json(const Sweep& sweep) {
  nlohmann::json runs = nlohmann::json::array();
  for (const SweepRun& run : sweep.runs) {
    runs.push_back(metrics_of(run));
    runs.back()["point"] = run.point;
  }
  nlohmann::json json = {
      {"sweep_version", kSweepVersion},
      {"plan", to_json(sweep.plan)},
      {"data_sha256", sweep.data_sha256},
      {"runs", runs}};
  if (sweep.test_accuracy) {
    json["test_accuracy"] = *sweep.test_accuracy;
    json["test_samples"] = sweep.test_samples;
  }
  return json;
}

Sweep sweep_from(const nlohmann::json& json) {
  if (json.at("sweep_version") != kSweepVersion)
    throw std::runtime_error("another version of sweeps");
  Sweep sweep{
      .plan = sweep_plan(json.at("plan")),
      .data_sha256 = json.at("data_sha256")};
  for (const nlohmann::json& run : json.at("runs"))
    sweep.runs.push_back(sweep_run(run));
  if (json.contains("test_accuracy")) {
    sweep.test_accuracy = json.at("test_accuracy");
    sweep.test_samples = json.at("test_samples");
  }
  if (sweep.runs.size() > points(sweep.plan).size())
    throw std::runtime_error("more runs than the plan has");
  return sweep;
}

}  // namespace

std::vector<size_t> ranking(const Sweep& sweep) {
  std::vector<size_t> order(sweep.runs.size());
  std::iota(order.begin(), order.end(), size_t{0});
  const auto key = [&](size_t number) {
    const SweepRun& run = sweep.runs[number];
    return std::tuple(
        run.diverged, -run.validation_accuracy, run.validation_loss
    );
  };
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return key(a) < key(b);
  });
  return order;
}

std::optional<size_t> best_run(const Sweep& sweep) {
  const std::vector<size_t> order = ranking(sweep);
  if (order.empty() || sweep.runs[order.front()].diverged) return std::nullopt;
  return order.front();
}

nlohmann::json to_json(const SweepPlan& plan, const SweepRun& run) {
  nlohmann::json json = metrics_of(run);
  for (size_t i = 0; i < plan.axes.size(); ++i)
    json["options"][plan.axes[i].name] = run.point[i];
  return json;
}

std::string to_csv(const Sweep& sweep) {
  std::ostringstream csv;
  csv << "run";
  for (const SweepAxis& axis : sweep.plan.axes)
    csv << ',' << csv_text(axis.name);
  csv << ",status,best_epoch,validation_accuracy,validation_loss,"
         "train_accuracy,seconds\n";
  for (size_t i = 0; i < sweep.runs.size(); ++i) {
    const SweepRun& run = sweep.runs[i];
    csv << i + 1;
    for (const std::string& value : run.point) csv << ',' << csv_text(value);
    if (run.diverged) {
      csv << ",diverged,,,,,\n";
      continue;
    }
    csv << ",done," << run.best_epoch;
    for (const double value :
         {run.validation_accuracy,
          run.validation_loss,
          run.train_accuracy,
          run.seconds})
      csv << ',' << nlohmann::json(value).dump();
    csv << '\n';
  }
  return csv.str();
}

SweepFolder SweepFolder::create(const NewFolder& wanted) {
  return SweepFolder(WorkFolder::create(
      wanted, {.noun = "sweep or run", .marks = {kState, "config.json"}}
  ));
}

SweepFolder SweepFolder::open(const fs::path& path) {
  if (!fs::exists(path / kState))
    throw std::runtime_error(
        path.string() + ": found no sweep.json; expected the folder of a sweep"
    );
  return SweepFolder(WorkFolder::open(path));
}

fs::path SweepFolder::best() const { return folder_.file(kBest); }

Sweep SweepFolder::load() const {
  const fs::path file = folder_.file(kState);
  const nlohmann::json json = read_json(file);
  try {
    return sweep_from(json);
  } catch (const std::exception& error) {
    throw std::runtime_error(
        file.string() + ": found " + error.what() +
        "; expected what a sweep wrote"
    );
  }
}

void SweepFolder::save(const Sweep& sweep) const {
  folder_.write(kState, to_json(sweep).dump(2) + "\n");
  folder_.write(kTable, to_csv(sweep));
}

void SweepFolder::save_best(
    const Classifier& model, const RunIdentity& identity, const SweepRun& run
) const {
  folder_.write(
      kBest,
      encode({
          .spec = identity.spec,
          .class_names = identity.class_names,
          .weights = state_dict(model),
          .metrics =
              {{"epoch", run.best_epoch},
               {"validation_accuracy", run.validation_accuracy},
               {"validation_loss", run.validation_loss}},
          .training_state = {{"config", identity.config}},
      })
  );
}

}  // namespace digitorch
