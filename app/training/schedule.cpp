#include "app/training/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "models/options/choices.h"

namespace digitorch {
namespace {

// The defaults of PyTorch's OneCycleLR.
constexpr double kRisingPart = 0.3;
constexpr double kStartDivisor = 25;
constexpr double kEndDivisor = 1e4;  // of the starting rate

/// Half a cosine wave from `from` (part = 0) to `to` (part = 1).
double cosine_between(double from, double to, double part) {
  return to + (from - to) / 2 * (1 + std::cos(std::numbers::pi * part));
}

double constant(const ScheduleOptions& options, const ScheduledStep&) {
  return options.lr;
}

double stepwise(const ScheduleOptions& options, const ScheduledStep& at) {
  const double epoch =
      static_cast<double>(at.step) / static_cast<double>(at.steps_per_epoch);
  const double drops =
      std::floor(epoch / static_cast<double>(options.step_epochs));
  return options.lr * std::pow(options.gamma, drops);
}

/// Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm
/// Restarts", 2017, without the restarts.
double cosine(const ScheduleOptions& options, const ScheduledStep& at) {
  return cosine_between(
      options.lr,
      0,
      static_cast<double>(at.step) / static_cast<double>(at.steps)
  );
}

/// Smith and Topin, "Super-Convergence", 2018.
double one_cycle(const ScheduleOptions& options, const ScheduledStep& at) {
  const double first = options.lr / kStartDivisor;
  // As OneCycleLR counts: the peak may lie between two steps.
  const double peak = kRisingPart * static_cast<double>(at.steps) - 1;
  const double last = static_cast<double>(at.steps - 1);
  const double step = static_cast<double>(at.step);
  if (step <= peak)
    return cosine_between(first, options.lr, peak > 0 ? step / peak : 1);
  return cosine_between(
      options.lr,
      first / kEndDivisor,
      (step - peak) / std::max(last - peak, 1.0)
  );
}

}  // namespace

const std::vector<Schedule>& schedules() {
  static const std::vector<Schedule> table = {
      {.name = "constant",
       .help = "stays",
       .has_warmup = true,
       .rate = constant},
      {.name = "step",
       .help = "times --gamma every --step-epochs epochs",
       .has_warmup = true,
       .rate = stepwise},
      {.name = "cosine",
       .help = "falls to 0 along a cosine",
       .has_warmup = true,
       .rate = cosine},
      {.name = "one-cycle",
       .help =
           "rises from lr/25 to lr in the first 30 % of the run, then falls "
           "to lr/250000",
       .has_warmup = false,
       .rate = one_cycle}};
  return table;
}

const Schedule& schedule_named(const std::string& name) {
  return row_named(schedules(), name, "schedule");
}

double learning_rate(
    const ScheduleOptions& options,
    int64_t step,
    int64_t steps,
    int64_t steps_per_epoch
) {
  const Schedule& schedule = schedule_named(options.kind);
  const double rate = schedule.rate(options, {step, steps, steps_per_epoch});
  if (!schedule.has_warmup) return rate;
  const double warmup_steps =
      options.warmup_epochs * static_cast<double>(steps_per_epoch);
  const double warm = static_cast<double>(step + 1) / (warmup_steps + 1);
  return rate * std::min(warm, 1.0);
}

}  // namespace digitorch
