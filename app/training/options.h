// Everything that decides how a network is trained, and its command-line form.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/training/optimizer.h"
#include "app/training/schedule.h"
#include "models/networks/classifier.h"
#include "models/options/fields.h"

namespace digitorch {

/// The defaults were chosen on the validation part of MNIST, for the most that
/// a convolutional network learns in three minutes of two CPU cores.
struct TrainOptions {
  int64_t epochs = 14;
  int64_t batch_size = 128;
  OptimizerOptions optimizer;
  ScheduleOptions schedule;
  std::string loss = "cross-entropy";
  double label_smoothing = 0.05;
  double validation = 0.1;  ///< Part of the training set put aside; 0: none.
  /// Random changes of every picture: a name that augmentation() knows.
  std::string augment = "affine";
  int64_t patience = 0;  ///< Epochs without gain before stopping; 0: never.
  double ema = 0;        ///< Decay of the weights' moving average; 0: none.
  int64_t seed = 1;
  std::string precision = "fp32";  ///< One of precision_names().
  // Of GPUs:
  bool deterministic = true;  ///< Repeat bit for bit.
  bool graph = true;          ///< Capture the step, rather than ask each time.
};

/// The loss that the options ask for.
LossOptions loss_options(const TrainOptions&);

/// Fields that refer to `options`.
std::vector<Field> fields(TrainOptions& options);

}  // namespace digitorch
