// Everything that decides how a network is trained, and its command-line form.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/training/optimizers/optimizer.h"
#include "app/training/schedule.h"
#include "models/networks/classifier.h"
#include "models/options/fields.h"

namespace digitorch {

/// The most epochs that a run can have.
inline constexpr int64_t kMaxEpochs = 100'000;

/// The defaults were chosen on the validation part of MNIST, for the best that
/// a convolutional network learns in three minutes on two CPU cores.
struct TrainOptions {
  int64_t epochs = 14;       ///< >= 1.
  int64_t batch_size = 128;  ///< >= 1.
  OptimizerOptions optimizer;
  ScheduleOptions schedule;
  std::string loss = "cross-entropy";  ///< One of losses().
  double label_smoothing = 0.05;       ///< 0 <= s < 1; 0 is none.
  double validation = 0.1;  ///< Part of the training set that is put aside to
                            ///< choose the best epoch; 0 is none.
  std::string augment = "affine";      ///< One of augmentations().
  double mixup = 0;                    ///< Alpha of mixup.h, >= 0; 0 is none.
  std::string class_weights = "none";  ///< Or "balanced": see class_balance.h.
  std::string sampling = "shuffled";   ///< Or "balanced", likewise.
  int64_t freeze = 0;  ///< The first layers with weights that are not trained.
  int64_t patience = 0;  ///< Epochs without a better one before the run ends;
                         ///< 0 is never.
  double ema = 0;        ///< Decay of the weights' moving average; 0 is none.
  int64_t seed = 1;      ///< >= 0.
  std::string precision = "fp32";  ///< One of precision_names().
  bool deterministic = true;       ///< On a GPU, repeat results bit for bit.
  bool graph = true;  ///< On a GPU, capture the step as a CUDA graph.
};

/// The loss that the options ask for. Throws std::logic_error where
/// losses() has no such name.
LossOptions loss_options(const TrainOptions&);

/// Fields that refer to `options`.
std::vector<Field> fields(TrainOptions& options);

}  // namespace digitorch
