#include "app/commands/train/progress.h"

#include <cstdio>
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

template <class... Values>
std::string format(const char* pattern, Values... values) {
  char text[160];
  std::snprintf(text, sizeof text, pattern, values...);
  return text;
}

std::string bar(int64_t done, int64_t all) {
  const auto full = static_cast<size_t>(kBarWidth * done / all);
  return "[" + std::string(full, '#') +
         std::string(static_cast<size_t>(kBarWidth) - full, '.') + "]";
}

std::string minutes(double seconds) {
  const auto whole = static_cast<long>(seconds + 0.5);
  return format("%ld:%02ld", whole / 60, whole % 60);
}

std::string line(const EpochReport& row, int64_t epochs, bool best) {
  std::string text = format(
      "epoch %*ld/%ld  loss %.4f  accuracy %s",
      static_cast<int>(std::to_string(epochs).size()),
      static_cast<long>(row.epoch),
      static_cast<long>(epochs),
      row.train_loss,
      percent(row.train_accuracy).c_str()
  );
  if (row.validation_accuracy)
    text += format(
        "  validation %s%s",
        percent(*row.validation_accuracy).c_str(),
        best ? " *" : "  "
    );
  return text + format(
                    "  %.0f img/s  %.1f s",
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
  // The rate of this epoch holds for the batches still to come.
  const double steps_left = static_cast<double>(
      report.steps - report.step + (report.epochs - report.epoch) * report.steps
  );
  const double seconds_left = steps_left *
                              static_cast<double>(report.samples_per_step) /
                              report.samples_per_second;
  std::cerr << kClearLine << "epoch " << report.epoch << '/' << report.epochs
            << ' ' << bar(report.step, report.steps) << ' ' << report.step
            << '/' << report.steps
            << format("  %.0f img/s", report.samples_per_second) << "  ETA "
            << minutes(seconds_left);
  if (report.loss) std::cerr << format("  loss %.4f", *report.loss);
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
