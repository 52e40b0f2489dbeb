// The learning rate of every step as a pure function of the step, so that there
// is nothing to save and nothing to restore; and the table of all schedules.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace digitorch {

struct ScheduleOptions {
  std::string kind = "one-cycle";  ///< One of schedules().
  double lr = 0.004;               ///< The highest rate of the run.
  /// Epochs of a linear rise from 0 at the start, for the schedules that
  /// have_warmup.
  double warmup_epochs = 0;
  int64_t step_epochs = 5;  ///< Epochs between two drops of "step", >= 1.
  double gamma = 0.3;       ///< The factor of each drop of "step".
};

/// One step of a run. Requires 0 <= step < steps.
struct ScheduledStep {
  int64_t step;             ///< Counted from 0 over the whole run.
  int64_t steps;            ///< How many the whole run has.
  int64_t steps_per_epoch;  ///< How many one epoch has.
};

/// A row of the table of schedules.
struct Schedule {
  std::string name;  ///< As --schedule takes it.
  std::string help;  ///< See choices.h.
  bool has_warmup;   ///< Whether warmup_epochs applies to it.
  /// The rate of a step, before any warm-up.
  double (*rate)(const ScheduleOptions&, const ScheduledStep&);
};

/// All schedules, in the order in which the help names them.
const std::vector<Schedule>& schedules();

/// Throws std::logic_error where the table has no such name.
const Schedule& schedule_named(const std::string& name);

/// The rate of step `step` of `steps` (0 <= step < steps), where an epoch has
/// `steps_per_epoch`. Throws std::logic_error where schedules() has no row for
/// options.kind.
double learning_rate(
    const ScheduleOptions& options,
    int64_t step,
    int64_t steps,
    int64_t steps_per_epoch
);

}  // namespace digitorch
