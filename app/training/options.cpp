#include "app/training/options.h"

#include <limits>
#include <utility>

#include "app/training/precision.h"
#include "datasets/augment.h"
#include "models/options/choices.h"

namespace digitorch {
namespace {

/// What each optimiser calls a number: "momentum of sgd; beta1 of adam, adamw".
std::string called(std::string OptimizerKind::*number) {
  std::string text;
  std::string last;
  for (const OptimizerKind& each : optimizers()) {
    const std::string& name = each.*number;
    if (name.empty()) continue;
    if (name == last)
      text += ", " + each.name;
    else
      text += (text.empty() ? "" : "; ") + name + " of " + each.name;
    last = name;
  }
  return text;
}

std::string weight_decay_help() {
  std::vector<std::string> decoupled;
  std::vector<std::string> with_default;
  for (const OptimizerKind& each : optimizers()) {
    if (each.decouples_weight_decay) decoupled.push_back(each.name);
    if (each.default_weight_decay > 0) with_default.push_back(each.name);
  }
  return "Weight decay; default 0 unless --optimizer is " +
         join(with_default, " or ") +
         ". It shrinks the weights themselves in " + join(decoupled) +
         ", and is an L2 term of the gradient in the others";
}

std::string warmup_help() {
  std::vector<std::string> without;
  for (const Schedule& each : schedules())
    if (!each.has_warmup) without.push_back(each.name);
  return "Epochs in which the learning rate rises linearly from 0; " +
         join(without) + " has a rise of its own";
}

/// The field of --augment. Configurations older than its kind "strong" say true
/// for affine and false for none.
Field augment_field(std::string& value) {
  Field made = field(
      "augment", value, augmentations(), "Augmentation of the training pictures"
  );
  made.set = [set = std::move(made.set)](const std::string& text) {
    return set(text == "true" ? "affine" : text == "false" ? "none" : text);
  };
  return made;
}

constexpr double kNearlyOne = 0.999999;

std::vector<Field> optimizer_fields(OptimizerOptions& o) {
  return {
      field("optimizer", o.kind, optimizers(), "Optimizer"),
      field(
          "momentum",
          o.momentum,
          RealRange{0, kNearlyOne},
          "Decay of the mean of the gradients: " +
              called(&OptimizerKind::momentum)
      ),
      field(
          "beta2",
          o.beta2,
          RealRange{0, kNearlyOne},
          "Decay of the mean of the squared gradients: " +
              called(&OptimizerKind::beta2)
      ),
      field(
          "weight-decay", o.weight_decay, RealRange{0, 1}, weight_decay_help()
      )};
}

std::vector<Field> schedule_fields(ScheduleOptions& o) {
  return {
      field(
          "lr", o.lr, RealRange{0, 1e9}, "Learning rate: the highest of the run"
      ),
      field("schedule", o.kind, schedules(), "Learning-rate schedule"),
      field(
          "warmup-epochs", o.warmup_epochs, RealRange{0, 1000}, warmup_help()
      ),
      field(
          "step-epochs",
          o.step_epochs,
          {1, 100000},
          "Epochs between two drops of the schedule step"
      ),
      field(
          "gamma",
          o.gamma,
          RealRange{0, 1},
          "Factor of the learning rate at each drop of the schedule step"
      )};
}

std::vector<Field> machine_fields(TrainOptions& o) {
  return {
      field(
          "precision",
          o.precision,
          precision_names(),
          "Number type of the layers. tf32 needs a GPU; auto: bf16 where the "
          "device gains by it, else fp32"
      ),
      field(
          "deterministic",
          o.deterministic,
          "On a GPU, use only algorithms whose results repeat bit for bit"
      ),
      field(
          "graph",
          o.graph,
          "On a GPU, capture the training step as a CUDA graph and replay it"
      )};
}

}  // namespace

LossOptions loss_options(const TrainOptions& options) {
  return {
      .kind = loss_named(options.loss).kind,
      .label_smoothing = options.label_smoothing};
}

std::vector<Field> fields(TrainOptions& o) {
  constexpr int64_t kAny = std::numeric_limits<int64_t>::max();
  std::vector<Field> all = {
      field(
          "epochs", o.epochs, {1, kMaxEpochs}, "Passes over the training set"
      ),
      field("batch-size", o.batch_size, {1, 65536}, "Pictures per step")};
  const auto add = [&](const std::vector<Field>& more) {
    all.insert(all.end(), more.begin(), more.end());
  };
  add(optimizer_fields(o.optimizer));
  add(schedule_fields(o.schedule));
  add(
      {field("loss", o.loss, losses(), "Loss"),
       field(
           "label-smoothing",
           o.label_smoothing,
           RealRange{0, 0.9},
           "Part of each label that is spread evenly over all classes"
       ),
       field(
           "validation",
           o.validation,
           RealRange{0, 0.9},
           "Fraction of the training pictures that is held out to choose the "
           "best epoch"
       ),
       augment_field(o.augment),
       field(
           "mixup",
           o.mixup,
           RealRange{0, 100},
           "Train on mixtures of two pictures, whose parts are drawn from "
           "Beta(x, x), such as 0.2; 0: none"
       ),
       field(
           "class-weights",
           o.class_weights,
           {"none", "balanced"},
           "Weight of each class's loss; balanced: small classes count as much "
           "as large ones"
       ),
       field(
           "sampling",
           o.sampling,
           {"shuffled", "balanced"},
           "Pictures of an epoch: all of them, or as many drawn with every "
           "class as often"
       ),
       field(
           "freeze",
           o.freeze,
           {0, 64},
           "The first layers with weights, counted from the picture, that stay "
           "as --model has them"
       ),
       field(
           "patience",
           o.patience,
           {0, 100000},
           "Stop early after this many epochs without a better one; 0: never"
       ),
       field(
           "ema",
           o.ema,
           RealRange{0, kNearlyOne},
           "Decay of the exponential moving average of the weights, which is "
           "then validated and saved in their place; 0: none"
       ),
       field("seed", o.seed, {0, kAny}, "Random seed")}
  );
  add(machine_fields(o));
  return all;
}

}  // namespace digitorch
