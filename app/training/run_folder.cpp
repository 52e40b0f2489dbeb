#include "app/training/run_folder.h"

#include <algorithm>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "app/system/write_file.h"
#include "app/training/run_result.h"
#include "datasets/files/read_file.h"
#include "models/text/json_text.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

constexpr const char* kConfig = "config.json";
constexpr const char* kMetrics = "metrics.csv";
constexpr const char* kSteps = "steps.csv";
constexpr const char* kResult = "result.json";
constexpr const char* kLast = "last.safetensors";
constexpr const char* kPrevious = "previous.safetensors";
constexpr const char* kBest = "best.safetensors";
constexpr const char* kStart = "start.safetensors";
constexpr const char* kSweep = "sweep.json";

constexpr size_t kMaxJsonBytes = size_t{16} << 20;

/// Keeps the present last checkpoint under a second name. It is a hard link, so
/// that the folder has a last checkpoint at every moment.
void keep_previous(const fs::path& folder) {
  if (!fs::exists(folder / kLast)) return;
  const fs::path link = temporary_name(folder / kPrevious);
  std::error_code ignored;
  fs::remove(link, ignored);
  std::error_code error;
  fs::create_hard_link(folder / kLast, link, error);
  if (error)  // a file system without hard links
    fs::copy_file(folder / kLast, link, fs::copy_options::overwrite_existing);
  fs::rename(link, folder / kPrevious);
}

nlohmann::json metrics_of(
    const std::vector<EpochReport>& history, int64_t epoch
) {
  nlohmann::json metrics = {{"epoch", epoch}};
  if (epoch == 0) return metrics;
  const EpochReport& row = history[static_cast<size_t>(epoch - 1)];
  if (row.validation_accuracy) {
    metrics["validation_accuracy"] = *row.validation_accuracy;
    metrics["validation_loss"] = *row.validation_loss;
  }
  return metrics;
}

/// Without the times, so that the same run gives the same file whenever and
/// wherever it is trained.
nlohmann::json without_times(const std::vector<EpochReport>& history) {
  nlohmann::json rows = nlohmann::json::array();
  for (const EpochReport& row : history) {
    rows.push_back(to_json(row));
    rows.back().erase("seconds");
  }
  return rows;
}

}  // namespace

const std::vector<std::string>& names_of_work() {
  static const std::vector<std::string> names = {
      kConfig,
      kLast,
      kPrevious,
      kBest,
      kStart,
      kMetrics,
      kSteps,
      kResult,
      "report.html",
      kSweep,
      "runs.csv",
      "sweep.png",
      "sweep.svg"};
  return names;
}

fs::path start_file(const fs::path& folder) { return folder / kStart; }

bool is_unsaved_run(const fs::path& folder) {
  if (!fs::exists(folder / kConfig)) return false;
  const std::vector<std::string>& names = names_of_work();
  return std::none_of(names.begin(), names.end(), [&](const std::string& name) {
    return name != kConfig && name != kStart && fs::exists(folder / name);
  });
}

bool has_checkpoint(const fs::path& folder) {
  return fs::exists(folder / kLast) || fs::exists(folder / kPrevious);
}

RunFolder RunFolder::create(const NewFolder& wanted) {
  std::vector<std::string> marks = names_of_work();
  if (!wanted.numbered && is_unsaved_run(wanted.path))
    std::erase_if(marks, [](const std::string& name) {
      return name == kConfig || name == kStart;
    });
  RunFolder folder(WorkFolder::create(wanted, {.noun = "run", .marks = marks}));
  return folder;
}

RunFolder RunFolder::open(const fs::path& path) {
  if (!fs::is_directory(path))
    throw std::runtime_error(
        path.string() +
        (fs::exists(path) ? ": is a file" : ": no such folder") +
        "; expected the folder of a run"
    );
  if (fs::exists(path / kSweep))
    throw std::runtime_error(
        path.string() +
        ": is the folder of a sweep; go on with it by: digitorch sweep "
        "--resume " +
        path.string()
    );
  if (!fs::exists(path / kConfig) && !fs::exists(path / kLast))
    throw std::runtime_error(
        path.string() +
        ": has no last.safetensors; expected the folder of a run"
    );
  return RunFolder(WorkFolder::open(path));
}

nlohmann::json RunFolder::config() const {
  return read_json(folder_.file(kConfig));
}

void RunFolder::write_start(std::string_view checkpoint) const {
  folder_.write(kStart, checkpoint);
}

fs::path RunFolder::best() const { return folder_.file(kBest); }

void RunFolder::write_config(const nlohmann::json& config) const {
  folder_.write(kConfig, dump_lenient(config, 2) + "\n");
}

void RunFolder::write_result(const nlohmann::json& result) const {
  folder_.write(kResult, dump_lenient(result, 2) + "\n");
}

std::optional<nlohmann::json> RunFolder::result() const {
  if (!fs::exists(folder_.file(kResult))) return std::nullopt;
  const fs::path file = folder_.file(kResult);
  nlohmann::json result = read_json(file);
  check_run_result({result, file.string()});
  return result;
}

void RunFolder::save(const Trainer& trainer, const RunIdentity& run) const {
  const auto epochs = static_cast<int64_t>(trainer.history().size());
  nlohmann::json state = trainer.training_state();
  state["config"] = run.config;
  const std::string bytes = encode({
      .spec = run.spec,
      .class_names = run.class_names,
      .weights = trainer.weights(),
      .metrics = metrics_of(trainer.history(), epochs),
      .training_tensors = trainer.training_tensors(),
      .training_state = state,
  });
  folder_.write(kMetrics, to_csv(trainer.history()));
  folder_.write(kSteps, to_csv(trainer.steps()));
  keep_previous(path());
  folder_.write(kLast, bytes);
  if (trainer.improved() && trainer.at_epoch_start()) save_best(trainer, run);
}

void RunFolder::save_best(
    const Trainer& trainer,
    const RunIdentity& run,
    const nlohmann::json& more_metrics
) const {
  nlohmann::json metrics = metrics_of(trainer.history(), trainer.best_epoch());
  metrics["temperature"] = trainer.best_temperature();
  metrics.update(more_metrics);
  folder_.write(
      kBest,
      encode({
          .spec = run.spec,
          .class_names = run.class_names,
          .weights = trainer.best_weights(),
          .metrics = metrics,
          .training_tensors = {{kStepRecords, to_tensor(trainer.steps())}},
          .training_state =
              {{"config", run.config},
               {"history", without_times(trainer.history())}},
      })
  );
}

RunFolder::Loaded RunFolder::load_last(
    bool fall_back, std::vector<std::string>& warnings
) const {
  const auto load = [](const fs::path& file) -> Loaded {
    const std::string bytes = read_file(file, kMaxCheckpointBytes);
    return {decode_checkpoint(bytes, file.string()), file.string()};
  };
  const fs::path previous = folder_.file(kPrevious);
  try {
    return load(folder_.file(kLast));
  } catch (const std::system_error&) {
    throw;  // unreadable is not damaged
  } catch (const std::runtime_error& error) {
    if (!fall_back || !fs::exists(previous)) throw;
    warnings.push_back(
        std::string(error.what()) + "; going on from " + previous.string()
    );
  }
  return load(previous);
}

nlohmann::json read_json(const fs::path& path) {
  return parse_strict(read_file(path, kMaxJsonBytes), path.string());
}

std::optional<NewestRun> newest_run(const fs::path& parent) {
  struct Run {
    bool saved;
    fs::file_time_type time;
    fs::path folder;
  };
  std::vector<Run> runs;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(parent, error)) {
    const bool saved = !is_unsaved_run(entry.path());
    std::error_code no_run;
    const auto time =
        fs::last_write_time(entry.path() / (saved ? kLast : kConfig), no_run);
    if (!no_run) runs.push_back({saved, time, entry.path()});
  }
  std::sort(runs.begin(), runs.end(), [](const Run& a, const Run& b) {
    return std::pair(a.saved, a.time) > std::pair(b.saved, b.time);
  });
  if (runs.empty()) return std::nullopt;
  const Run& chosen = runs.front();
  NewestRun newest{
      chosen.folder,
      "--resume auto takes " + chosen.folder.string() + ", the newest of " +
          std::to_string(runs.size()) + (runs.size() == 1 ? " run" : " runs")};
  for (const Run& run : runs)
    if (!run.saved && chosen.saved && run.time > chosen.time)
      newest.note += "; it passes over " + run.folder.string() +
                     ", of which nothing was saved";
  return newest;
}

}  // namespace digitorch
