#include "app/training/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace digitorch {
namespace {

// PyTorch's OneCycleLR defaults.
constexpr double kRisingPart = 0.3;
constexpr double kStartDivisor = 25;
constexpr double kEndDivisor = 1e4;  // of the starting rate

/// Half a cosine wave from `from` (part = 0) to `to` (part = 1).
double cosine_between(double from, double to, double part) {
  return to + (from - to) / 2 * (1 + std::cos(std::numbers::pi * part));
}

double one_cycle(double lr, int64_t step, int64_t steps) {
  const double lowest = lr / kStartDivisor;
  // As OneCycleLR counts: the peak lies between steps where it must.
  const double peak = kRisingPart * static_cast<double>(steps) - 1;
  const double last = static_cast<double>(steps - 1);
  const double at = static_cast<double>(step);
  if (at <= peak) return cosine_between(lowest, lr, peak > 0 ? at / peak : 1);
  return cosine_between(
      lr, lowest / kEndDivisor, (at - peak) / std::max(last - peak, 1.0)
  );
}

}  // namespace

double learning_rate(
    const ScheduleOptions& options,
    int64_t step,
    int64_t steps,
    int64_t steps_per_epoch
) {
  if (options.kind == "one-cycle") return one_cycle(options.lr, step, steps);

  const double epoch =
      static_cast<double>(step) / static_cast<double>(steps_per_epoch);
  double rate = options.lr;
  if (options.kind == "step") {
    const double drops =
        std::floor(epoch / static_cast<double>(options.step_epochs));
    rate *= std::pow(options.gamma, drops);
  } else if (options.kind == "cosine") {
    rate = cosine_between(
        rate, 0, static_cast<double>(step) / static_cast<double>(steps)
    );
  } else if (options.kind != "constant") {
    throw std::logic_error("unknown schedule " + options.kind);
  }

  const double warmup_steps =
      options.warmup_epochs * static_cast<double>(steps_per_epoch);
  const double warm = static_cast<double>(step + 1) / (warmup_steps + 1);
  return rate * std::min(warm, 1.0);
}

}  // namespace digitorch
