// The loss of a run, read without making the device wait for the host.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "app/training/distributed/step_exchange.h"
#include "app/training/history.h"
#include "app/training/readback.h"
#include "models/networks/classifier.h"

namespace digitorch {

/// Sums over the pictures of an epoch so far.
struct LossSums {
  int64_t samples = 0;  ///< Pictures.
  double loss = 0;      ///< Sum of their losses.
  double correct = 0;   ///< How many of them were classified correctly.
};

/// After which step a probe is taken.
struct ProbePosition {
  int64_t epoch;    ///< Epochs finished before it.
  int64_t step;     ///< Steps done of its epoch.
  int64_t samples;  ///< Pictures seen in its epoch.
  double lr;        ///< For the message of a run that diverges.
};

/// Sums the loss and the correct answers of each epoch on the device, has the
/// sums copied to the host from time to time, and makes a StepRecord of each
/// copy that arrives.
class LossProbe {
 public:
  /// Watches the weights of `model`, too, which must outlive the probe.
  LossProbe(const Classifier& model, int64_t steps_per_epoch);

  /// Adds one step to the sums, without a host synchronisation.
  void add(const BatchResult& result, const torch::Tensor& labels);

  /// The same where the sums of the step, of `samples` pictures, are known.
  void add(const BatchTotals&, int64_t samples);

  /// Starts a copy of the sums as they are after the steps asked for so far.
  void start(const ProbePosition&);
  /// Makes records of the copies that have arrived. Throws DivergedError where
  /// the loss or a weight is not finite.
  void take_arrived();
  /// The same for all copies: waits for the device.
  void take_all();
  /// Waits for the device, and throws DivergedError where the loss or a weight
  /// is not finite.
  void check_finite(const ProbePosition&) const;

  /// The sums as of the latest record.
  const LossSums& seen() const { return seen_; }
  /// The mean loss of the epoch as of the latest record; none before the first.
  std::optional<double> mean_loss_seen() const;
  /// The sums of the whole epoch, of `samples` pictures: waits for the device.
  LossSums total(int64_t samples) const;
  /// Starts the sums at zero again.
  void begin_epoch();

  const std::vector<StepRecord>& records() const { return records_; }

  /// The sums on the device under the names that checkpoints have for them.
  /// The tensors are the probe's own: writing to them in place restores them.
  NamedTensors tensors() const;
  /// Goes on from earlier records.
  void restore(const LossSums& seen, std::vector<StepRecord> records);

 private:
  /// A copy on its way from the device.
  struct Copy {
    ProbePosition position;
    Readback values;  ///< float64 [3]: loss sum, correct sum, largest weight.
  };

  Copy copy_of_now(const ProbePosition&) const;
  void take(const Copy&);

  const Classifier& model_;
  int64_t steps_per_epoch_;
  torch::Tensor loss_sum_;     // float64 scalar on the device
  torch::Tensor correct_sum_;  // int64 scalar on the device
  std::deque<Copy> copies_;    // not yet taken, the oldest first
  LossSums seen_;
  std::vector<StepRecord> records_;
};

}  // namespace digitorch
