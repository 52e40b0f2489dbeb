// The learning rate of every step as a pure function: nothing to save, nothing
// to restore.
#pragma once

#include <cstdint>
#include <string>

namespace digitorch {

struct ScheduleOptions {
  /// constant
  /// step      times `gamma` after every `step_epochs` epochs
  /// cosine    from lr to 0 over the run (Loshchilov and Hutter, "SGDR", 2017,
  ///           without restarts)
  /// one-cycle up from lr/25 to lr over the first 30 %, then down to
  ///           lr/250000, both along a cosine (Smith and Topin,
  ///           "Super-convergence", 2018; PyTorch's OneCycleLR defaults)
  std::string kind = "one-cycle";
  double lr = 0.004;         ///< The highest rate.
  double warmup_epochs = 0;  ///< Linear from 0 at the start; not for one-cycle.
  int64_t step_epochs = 5;   ///< >= 1.
  double gamma = 0.3;
};

/// The rate of step `step` of `steps` (0 <= step < steps), where an epoch has
/// `steps_per_epoch`. Throws std::logic_error for an unknown kind.
double learning_rate(
    const ScheduleOptions&, int64_t step, int64_t steps, int64_t steps_per_epoch
);

}  // namespace digitorch
