#include "app/commands/sweep/outcome.h"

#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/cli/picture_files.h"
#include "app/cli/table.h"
#include "app/evaluation/accuracy.h"
#include "app/predict/model_file.h"
#include "app/report/pictures/sweep.h"
#include "app/system/errors.h"
#include "app/system/exit_code.h"
#include "app/system/text.h"
#include "models/text/json_text.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

/// The options of a run that the sweep varies: "lr=0.1 dropout=0".
std::string point_text(const SweepPlan& plan, const SweepRun& run) {
  std::string text;
  for (size_t i = 0; i < plan.axes.size(); ++i)
    text += (i > 0 ? " " : "") + plan.axes[i].name + "=" + run.point[i];
  return text;
}

void print_text(const Sweep& sweep, const nlohmann::json& result) {
  const Table table{
      {{"rank", 4},
       {"validation", 10},
       {"loss", 8},
       {"seconds", 9},
       {"options", 0, Column::Side::left}}};
  std::cout << table.heading();
  const std::vector<size_t> order = ranking(sweep);
  for (size_t rank = 0; rank < order.size(); ++rank) {
    const SweepRun& run = sweep.runs[order[rank]];
    const auto shown = [&](const std::string& text) {
      return run.diverged ? "-" : text;
    };
    std::cout << table.row(
        {std::to_string(rank + 1),
         run.diverged ? "diverged" : percent(run.validation_accuracy),
         shown(fmt::format("{:.4f}", run.validation_loss)),
         shown(fmt::format("{:.1f}", run.seconds)),
         point_text(sweep.plan, run)}
    );
  }
  std::cout << fmt::format(
      "\ntest accuracy of the best  {} ({} held-out pictures, scored once)\n"
      "model  {}\nuse it  digitorch classify --model {} PICTURE\n",
      percent(result["test_accuracy"]),
      result["test_samples"].get<int64_t>(),
      escape_control(text_in_json(result["checkpoint"])),
      escape_control(text_in_json(result["run_dir"]))
  );
}

/// Scores the test part, once, unless an earlier call has done so.
void score_winner(
    Sweep& sweep, const SweepFolder& folder, const ImageSet& test
) {
  if (sweep.test_accuracy) return;
  const LoadedCheckpoint winner = load_checkpoint(folder.best().string());
  const Evaluation score = evaluate(*winner.classifier, test, kEvaluationBatch);
  sweep.test_accuracy = accuracy(score);
  sweep.test_samples = score.samples();
}

nlohmann::json result_of(
    const Sweep& sweep,
    const SweepFolder& folder,
    const std::vector<fs::path>& files
) {
  nlohmann::json runs = nlohmann::json::array();
  for (const size_t number : ranking(sweep))
    runs.push_back(to_json(sweep.plan, sweep.runs[number]));
  return {
      {"runs", runs},
      {"best", runs.front()},
      {"test_accuracy", *sweep.test_accuracy},
      {"test_samples", sweep.test_samples},
      {"checkpoint", folder.best().string()},
      {"run_dir", folder.path().string()},
      {"files", as_text(files)}};
}

SweepResults results_of(const Sweep& sweep) {
  SweepResults results;
  for (const SweepAxis& axis : sweep.plan.axes)
    results.axes.push_back({axis.name, axis.values, axis.is_range});
  for (const SweepRun& run : sweep.runs)
    if (!run.diverged)
      results.runs.push_back({run.point, run.validation_accuracy});
  return results;
}

}  // namespace

void tell_run(const Sweep& sweep, const SweepRun& run, size_t all) {
  const std::optional<size_t> best = best_run(sweep);
  const bool is_best = best && sweep.runs[*best].number == run.number;
  std::cerr << fmt::format(
      "run {}/{}  {}  ", sweep.runs.size(), all, point_text(sweep.plan, run)
  );
  if (run.diverged)
    std::cerr << "diverged" << std::endl;
  else
    std::cerr << fmt::format(
                     "validation {}{}  {:.1f} s",
                     percent(run.validation_accuracy),
                     is_best ? " *" : "  ",
                     run.seconds
                 )
              << std::endl;
}

int finish_sweep(
    const SweepFolder& folder, const ImageSet& test, const OutputOptions& print
) {
  std::vector<fs::path> files;
  const Sweep sweep = folder.update([&](Sweep& all) {
    if (!best_run(all))
      throw DivergedError(
          "all " + std::to_string(all.runs.size()) +
          " runs diverged; try smaller values of lr"
      );
    score_winner(all, folder, test);
    files = write_picture(
        {folder.path() / "sweep", {{}, "digitorch sweep", true}},
        draw_sweep(results_of(all))
    );
    folder.clean();
  });
  files.insert(files.begin(), folder.path() / "runs.csv");
  const nlohmann::json result = result_of(sweep, folder, files);
  if (print.json()) {
    std::cout << dump_lenient(result) << '\n';
  } else {
    print_text(sweep, result);
    print_files(files);
  }
  return kExitDone;
}

}  // namespace digitorch
