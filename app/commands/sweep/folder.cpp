#include "app/commands/sweep/folder.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <sstream>
#include <stdexcept>
#include <tuple>

#include "app/commands/train/origin.h"
#include "app/system/text.h"
#include "models/text/json_text.h"

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

SweepRun sweep_run(const JsonReader& json, const SweepPoint& planned) {
  json.check_keys(
      {"point",
       "diverged",
       "best_epoch",
       "validation_accuracy",
       "validation_loss",
       "train_accuracy",
       "seconds"}
  );
  constexpr double kLargest = std::numeric_limits<double>::max();
  SweepRun run{
      .point = {},
      .diverged = json.at("diverged").truth(),
      .best_epoch = json.at("best_epoch").whole({0, kMaxEpochs}),
      .validation_accuracy = json.at("validation_accuracy").real({0, 1}),
      .validation_loss = json.at("validation_loss").real({-kLargest, kLargest}),
      .train_accuracy = json.at("train_accuracy").real({0, 1}),
      .seconds = json.at("seconds").real({0, kLargest})};
  for (const JsonReader& value : json.at("point").items())
    run.point.push_back(value.byte_text());
  if (run.point != planned)
    json.at("point").refuse("the values that the plan has for this run");
  return run;
}

nlohmann::json json_of(const SweepPoint& point) {
  nlohmann::json values = nlohmann::json::array();
  for (const std::string& value : point) values.push_back(json_of_text(value));
  return values;
}

nlohmann::json to_json(const Sweep& sweep) {
  nlohmann::json runs = nlohmann::json::array();
  for (const SweepRun& run : sweep.runs) {
    runs.push_back(metrics_of(run));
    runs.back()["point"] = json_of(run.point);
  }
  nlohmann::json json = {
      {"sweep_version", kSweepVersion},
      {"plan", to_json(sweep.plan)},
      {"data_sha256", sweep.data_sha256},
      {"runs", runs}};
  set_origin(json, sweep.origin);
  if (sweep.test_accuracy) {
    json["test_accuracy"] = *sweep.test_accuracy;
    json["test_samples"] = sweep.test_samples;
  }
  return json;
}

void check_sweep_version(const JsonReader& version) {
  if (version.whole({1, INT64_MAX}) > kSweepVersion)
    version.refuse(
        "at most " + std::to_string(kSweepVersion) +
        ", which this program reads. Use a newer digitorch"
    );
}

Sweep sweep_from(const JsonReader& json) {
  json.check_keys(
      {"sweep_version",
       "plan",
       "data_sha256",
       "started_in",
       "runs",
       "test_accuracy",
       "test_samples"}
  );
  check_sweep_version(json.at("sweep_version"));
  Sweep sweep{
      .plan = sweep_plan(json.at("plan")),
      .data_sha256 = json.at("data_sha256").text(),
      .origin = origin_in(json.json())};
  const std::vector<SweepPoint> planned = points(sweep.plan);
  const std::vector<JsonReader> runs = json.at("runs").items();
  if (runs.size() > planned.size())
    json.at("runs").refuse(
        "at most " + std::to_string(planned.size()) + ", as the plan has"
    );
  for (size_t i = 0; i < runs.size(); ++i)
    sweep.runs.push_back(sweep_run(runs[i], planned[i]));
  if (const auto accuracy = json.find("test_accuracy")) {
    sweep.test_accuracy = accuracy->real({0, 1});
    sweep.test_samples = json.at("test_samples").whole({0, INT64_MAX});
  }
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
      csv << ',' << to_text(value);
    csv << '\n';
  }
  return csv.str();
}

SweepFolder SweepFolder::create(const NewFolder& wanted) {
  return SweepFolder(WorkFolder::create(
      wanted, {.noun = "sweep or run", .marks = names_of_work()}
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
  return sweep_from({json, file.string()});
}

void SweepFolder::save(const Sweep& sweep) const {
  folder_.write(kState, dump_lenient(to_json(sweep), 2) + "\n");
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
