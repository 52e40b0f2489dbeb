#include "app/commands/train/progress.h"

#include <fmt/format.h>

#include <iostream>
#include <string>
#include <utility>

#include "app/cli/option_groups.h"

namespace digitorch {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kRedrawEvery = std::chrono::milliseconds(100);
constexpr int64_t kBarWidth = 24;
constexpr const char* kClearLine = "\r\x1b[K";

std::string bar(int64_t done, int64_t all) {
  const auto full = static_cast<size_t>(kBarWidth * done / all);
  return "[" + std::string(full, '#') +
         std::string(static_cast<size_t>(kBarWidth) - full, '.') + "]";
}

std::string minutes(double seconds) {
  const auto whole = static_cast<int64_t>(seconds + 0.5);
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

std::string line(const EpochReport& row, int64_t epochs, bool best) {
  std::string text = fmt::format(
      "epoch {:{}}/{}  loss {:.4f}  accuracy {}",
      row.epoch,
      std::to_string(epochs).size(),
      epochs,
      row.train_loss,
      percent(row.train_accuracy)
  );
  if (row.validation_accuracy)
    text += fmt::format(
        "  validation {}{}",
        percent(*row.validation_accuracy),
        best ? " *" : "  "
    );
  return text + fmt::format(
                    "  {:.0f} img/s  {:.1f} s",
                    static_cast<double>(row.samples) / row.seconds,
                    row.seconds
                );
}

}  // namespace

Progress::Progress(
    const Options& options,
    std::function<void(const Trainer&)> save,
    std::function<bool()> stop
)
    : options_(options), save_(std::move(save)), stop_(std::move(stop)) {}

void Progress::step_done(const StepReport& report) {
  epochs_ = report.epochs;
  const auto now = Clock::now();
  if (options_.quiet || !options_.terminal || now - drawn_ < kRedrawEvery)
    return;
  drawn_ = now;
  // Assumes that the remaining batches take as long as those of this epoch.
  const double steps_left = static_cast<double>(
      report.steps - report.step + (report.epochs - report.epoch) * report.steps
  );
  const double seconds_left = steps_left *
                              static_cast<double>(report.samples_per_step) /
                              report.samples_per_second;
  std::cerr << fmt::format(
      "{}epoch {}/{} {} {}/{}  {:.0f} img/s  ETA {}",
      kClearLine,
      report.epoch,
      report.epochs,
      bar(report.step, report.steps),
      report.step,
      report.steps,
      report.samples_per_second,
      minutes(seconds_left)
  );
  if (report.loss) std::cerr << fmt::format("  loss {:.4f}", *report.loss);
  if (report.validation_accuracy)
    std::cerr << "  validation " << percent(*report.validation_accuracy);
  std::cerr << std::flush;
}

void Progress::note(const std::string& text) {
  if (options_.quiet) return;
  if (options_.terminal) std::cerr << kClearLine;
  print_notes({text});
}

void Progress::epoch_done(const Trainer& trainer) {
  save_(trainer);
  if (options_.quiet) return;
  if (options_.terminal) std::cerr << kClearLine;
  std::cerr << line(trainer.history().back(), epochs_, trainer.improved())
            << std::endl;
}

}  // namespace digitorch
