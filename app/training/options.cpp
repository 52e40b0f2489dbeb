#include "app/training/options.h"

#include <limits>
#include <utility>

#include "app/training/precision.h"
#include "datasets/augment.h"

namespace digitorch {
namespace {

/// Runs older than the strong kind say true for affine and false for none.
Field augment_field(std::string& value) {
  Field made = field(
      "augment",
      value,
      augmentation_names(),
      "Random changes of pictures: affine turns, moves, scales and slants; "
      "strong also bends and wears them"
  );
  made.set = [set = std::move(made.set)](const std::string& text) {
    return set(text == "true" ? "affine" : text == "false" ? "none" : text);
  };
  return made;
}

}  // namespace

LossOptions loss_options(const TrainOptions& options) {
  return {
      .kind = options.loss == "squared-error" ? LossKind::squared_error
                                              : LossKind::cross_entropy,
      .label_smoothing = options.label_smoothing};
}

std::vector<Field> fields(TrainOptions& o) {
  constexpr int64_t kAny = std::numeric_limits<int64_t>::max();
  constexpr double kNearlyOne = 0.999999;
  return {
      field("epochs", o.epochs, {1, 100000}, "Times through the training set"),
      field("batch-size", o.batch_size, {1, 65536}, "Pictures a step"),
      field(
          "optimizer",
          o.optimizer.kind,
          {"sgd", "adam", "adamw", "adadelta"},
          "LineCourse that moves the weights"
      ),
      field("lr", o.schedule.lr, RealRange{0, 1e9}, "Highest learning rate"),
      field(
          "momentum",
          o.optimizer.momentum,
          RealRange{0, kNearlyOne},
          "Momentum of sgd, beta1 of adam and adamw"
      ),
      field(
          "beta2",
          o.optimizer.beta2,
          RealRange{0, kNearlyOne},
          "Decay of the squared gradients' mean in adam, adamw and adadelta"
      ),
      field(
          "weight-decay",
          o.optimizer.weight_decay,
          RealRange{0, 1},
          "Pull of the weights towards zero; 0 by default without adamw"
      ),
      field(
          "schedule",
          o.schedule.kind,
          {"constant", "step", "cosine", "one-cycle"},
          "How the learning rate moves"
      ),
      field(
          "warmup-epochs",
          o.schedule.warmup_epochs,
          RealRange{0, 1000},
          "Epochs of linear rise at the start (one-cycle has its own)"
      ),
      field(
          "step-epochs",
          o.schedule.step_epochs,
          {1, 100000},
          "Epochs between drops of the step schedule"
      ),
      field(
          "gamma",
          o.schedule.gamma,
          RealRange{0, 1},
          "Factor of each drop of the step schedule"
      ),
      field(
          "loss",
          o.loss,
          {"cross-entropy", "squared-error"},
          "What is minimised"
      ),
      field(
          "label-smoothing",
          o.label_smoothing,
          RealRange{0, 0.9},
          "Part of each label spread over all classes (cross-entropy)"
      ),
      field(
          "validation",
          o.validation,
          RealRange{0, 0.9},
          "Part of the training set that chooses the best epoch"
      ),
      augment_field(o.augment),
      field(
          "patience",
          o.patience,
          {0, 100000},
          "Stop after so many epochs without gain; 0: never"
      ),
      field(
          "ema",
          o.ema,
          RealRange{0, kNearlyOne},
          "Decay of the weights' moving average; 0: none"
      ),
      field("seed", o.seed, {0, kAny}, "Of everything drawn at random"),
      field(
          "precision",
          o.precision,
          precision_names(),
          "What layers compute with; tf32 needs a GPU; auto: bf16 where the "
          "device has it"
      ),
      field(
          "deterministic",
          o.deterministic,
          "On a GPU, compute only in ways that repeat bit for bit, whatever "
          "they cost"
      ),
      field(
          "graph",
          o.graph,
          "On a GPU, capture the training step once, as a CUDA graph"
      )};
}

}  // namespace digitorch
