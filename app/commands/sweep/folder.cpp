#include "app/commands/sweep/folder.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <numeric>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <tuple>

#include "app/commands/train/origin.h"
#include "app/system/errors.h"
#include "app/system/make_folders.h"
#include "app/system/text.h"
#include "app/system/write_file.h"
#include "models/text/json_text.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

constexpr const char* kState = "sweep.json";
constexpr const char* kTable = "runs.csv";
constexpr const char* kBest = "best.safetensors";
constexpr const char* kPoints = "points";
constexpr int kSweepVersion = 1;
constexpr std::chrono::seconds kLongestHold{60};
constexpr std::chrono::milliseconds kTryAgain{20};

WorkKind sweeps() { return {.noun = "sweep or run", .marks = names_of_work()}; }

nlohmann::json metrics_of(const SweepRun& run) {
  return {
      {"diverged", run.diverged},
      {"best_epoch", run.best_epoch},
      {"validation_accuracy", run.validation_accuracy},
      {"validation_loss", run.validation_loss},
      {"train_accuracy", run.train_accuracy},
      {"seconds", run.seconds}};
}

/// planned: points(plan). place: the position in the list of runs, which
/// earlier versions, doing one point after the other, gave in place of a
/// number.
SweepRun sweep_run(
    const JsonReader& json, const std::vector<SweepPoint>& planned, size_t place
) {
  json.check_keys(
      {"point",
       "number",
       "diverged",
       "best_epoch",
       "validation_accuracy",
       "validation_loss",
       "train_accuracy",
       "seconds"}
  );
  constexpr double kLargest = std::numeric_limits<double>::max();
  const auto number = json.find("number");
  const auto last = static_cast<int64_t>(planned.size()) - 1;
  SweepRun run{
      .number = number ? static_cast<size_t>(number->whole({0, last})) : place,
      .point = {},
      .diverged = json.at("diverged").truth(),
      .best_epoch = json.at("best_epoch").whole({0, kMaxEpochs}),
      .validation_accuracy = json.at("validation_accuracy").real({0, 1}),
      .validation_loss = json.at("validation_loss").real({-kLargest, kLargest}),
      .train_accuracy = json.at("train_accuracy").real({0, 1}),
      .seconds = json.at("seconds").real({0, kLargest})};
  for (const JsonReader& value : json.at("point").items())
    run.point.push_back(value.byte_text());
  if (run.point != planned[run.number])
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
    runs.back()["number"] = run.number;
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
  for (size_t i = 0; i < runs.size(); ++i) {
    sweep.runs.push_back(sweep_run(runs[i], planned, i));
    if (i > 0 && sweep.runs[i - 1].number >= sweep.runs[i].number)
      runs[i].at("number").refuse("a larger number than the run before has");
  }
  if (const auto accuracy = json.find("test_accuracy")) {
    sweep.test_accuracy = accuracy->real({0, 1});
    sweep.test_samples = json.at("test_samples").whole({0, INT64_MAX});
  }
  return sweep;
}

/// The folder for this process alone, as soon as others let go of it, which
/// they do after an instant. All files are written under this lock.
FolderLock hold(const fs::path& path) {
  const auto latest = std::chrono::steady_clock::now() + kLongestHold;
  while (true) {
    try {
      return FolderLock(path);
    } catch (const EnvironmentError&) {
      if (std::chrono::steady_clock::now() > latest) throw;
    }
    std::this_thread::sleep_for(kTryAgain);
  }
}

void write(const fs::path& folder, const Sweep& sweep) {
  write_file(folder / kState, dump_lenient(to_json(sweep), 2) + "\n");
  write_file(folder / kTable, to_csv(sweep));
}

bool has_run(const Sweep& sweep, size_t number) {
  return std::any_of(
      sweep.runs.begin(),
      sweep.runs.end(),
      [&](const SweepRun& run) { return run.number == number; }
  );
}

std::string encode_best(
    const Classifier& model, const RunIdentity& identity, const SweepRun& run
) {
  return encode({
      .spec = identity.spec,
      .class_names = identity.class_names,
      .weights = state_dict(model),
      .metrics =
          {{"epoch", run.best_epoch},
           {"validation_accuracy", run.validation_accuracy},
           {"validation_loss", run.validation_loss}},
      .training_state = {{"config", identity.config}},
  });
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
  for (const SweepRun& run : sweep.runs) {
    csv << run.number + 1;
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

SweepFolder SweepFolder::create(const NewFolder& wanted, const Sweep& sweep) {
  const WorkFolder held = WorkFolder::create(wanted, sweeps());
  write(held.path(), sweep);
  return SweepFolder(held.path());
}

SweepFolder SweepFolder::create_or_join(
    const fs::path& path, const Sweep& sweep
) {
  make_folders(path);
  const FolderLock held = hold(path);
  check_writable_folder(path);
  const SweepFolder folder(path);
  if (!fs::exists(path / kState)) {
    check_unused(path, sweeps());
    write(path, sweep);
    return folder;
  }
  const Sweep begun = folder.load();
  if (to_json(begun.plan) != to_json(sweep.plan) ||
      begun.data_sha256 != sweep.data_sha256)
    throw std::runtime_error(
        path.string() +
        ": found a sweep with other options or data; expected the same in "
        "every shard, or another --run-dir"
    );
  return folder;
}

SweepFolder SweepFolder::open(const fs::path& path) {
  if (!fs::exists(path / kState))
    throw std::runtime_error(
        path.string() + ": found no sweep.json; expected the folder of a sweep"
    );
  const FolderLock held = hold(path);
  check_writable_folder(path);
  remove_stale_temporaries(path);
  return SweepFolder(path);
}

fs::path SweepFolder::best() const { return path_ / kBest; }

Sweep SweepFolder::load() const {
  const fs::path file = path_ / kState;
  const nlohmann::json json = read_json(file);
  return sweep_from({json, file.string()});
}

std::optional<TakenPoint> SweepFolder::take(const std::vector<size_t>& order
) const {
  const FolderLock held = hold(path_);
  const Sweep now = load();
  for (const size_t number : order) {
    if (has_run(now, number)) continue;
    const fs::path folder = path_ / kPoints / std::to_string(number + 1);
    fs::create_directories(folder);
    try {
      return TakenPoint{number, FolderLock(folder)};
    } catch (const EnvironmentError&) {
      // Another process trains it.
    }
  }
  return std::nullopt;
}

Sweep SweepFolder::update(const std::function<void(Sweep&)>& change) const {
  const FolderLock held = hold(path_);
  Sweep sweep = load();
  change(sweep);
  write(path_, sweep);
  return sweep;
}

Sweep SweepFolder::add(
    const SweepRun& run, const Classifier* model, const RunIdentity& identity
) const {
  return update([&](Sweep& sweep) {
    const auto place = std::find_if(
        sweep.runs.begin(),
        sweep.runs.end(),
        [&](const SweepRun& each) { return each.number > run.number; }
    );
    sweep.runs.insert(place, run);
    const std::optional<size_t> best = best_run(sweep);
    if (model && best && sweep.runs[*best].number == run.number)
      write_file(this->best(), encode_best(*model, identity, run));
  });
}

void SweepFolder::clean() const {
  std::error_code ignored;
  fs::remove_all(path_ / kPoints, ignored);
}

}  // namespace digitorch
