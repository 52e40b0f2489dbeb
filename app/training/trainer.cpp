#include "app/training/trainer.h"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <utility>

#include "app/evaluation/calibration.h"
#include "app/system/stopwatch.h"
#include "datasets/split.h"

namespace digitorch {
namespace {

constexpr int64_t kStepsBetweenLooks = 50;

static_assert(
    kImageSide == kInputSide, "data sets make the pictures that networks take"
);

NamedTensors clones(const NamedTensors& tensors) {
  NamedTensors copies;
  for (const auto& [name, tensor] : tensors)
    copies.emplace_back(name, tensor.detach().clone());
  return copies;
}

/// A last batch of one picture is left out: batch norm cannot learn from it,
/// and its gradient says little. Another picture is alone in the next epoch.
int64_t steps_for(int64_t pictures, int64_t batch_size) {
  const int64_t full = pictures / batch_size;
  const int64_t rest = pictures % batch_size;
  return full + (rest > 1 || (rest == 1 && full == 0) ? 1 : 0);
}

}  // namespace

Trainer::Trainer(
    Classifier& model, const ImageSet& train, const TrainOptions& options
)
    : Trainer(
          model,
          train,
          options,
          options.graph ? make_graph_recorder(model.device()) : nullptr
      ) {}

Trainer::Trainer(
    Classifier& model,
    const ImageSet& train,
    const TrainOptions& options,
    std::unique_ptr<GraphRecorder> recorder
)
    : model_(model),
      options_(options),
      augmentation_(augmentation(options.augment)),
      precision_(precision_on(model.device(), options.precision)),
      dataset_(train, model.device()),
      optimizer_(options.optimizer, model.parameters()),
      graph_(std::move(recorder)),
      generator_(at::globalContext().defaultGenerator(model.device())) {
  if (!model.device().is_cpu())
    set_gpu_mode({precision_, options.deterministic});
  std::tie(train_indices_, validation_indices_) = split_by_class(
      train.labels, options.validation, static_cast<uint64_t>(options.seed)
  );
  const int64_t size = train_indices_.numel();
  if (size == 0 || (options.validation > 0 && validation_indices_.numel() == 0))
    throw std::runtime_error(
        "training data: found " + std::to_string(train.size()) +
        " pictures; expected enough for --validation " +
        std::to_string(options.validation)
    );
  steps_per_epoch_ = steps_for(size, options.batch_size);
  if (graph_.captures() || !model.device().is_cpu())
    plan_.emplace(size, options.batch_size, steps_per_epoch_, model.device());
  if (options.ema > 0) ema_.emplace(model, options.ema);
  const auto device = torch::TensorOptions().device(model.device());
  loss_sum_ = torch::zeros({}, device.dtype(torch::kFloat64));
  correct_sum_ = torch::zeros({}, device.dtype(torch::kInt64));
}

TrainEnd Trainer::run(TrainObserver& observer) {
  while (epoch_ < options_.epochs) {
    if (options_.patience > 0 && epoch_ - best_epoch_ >= options_.patience)
      return TrainEnd::out_of_patience;
    if (!run_epoch(observer)) return TrainEnd::stopped;
    finish_epoch();
    observer.epoch_done(*this);
  }
  return TrainEnd::finished;
}

bool Trainer::run_epoch(TrainObserver& observer) {
  const Stopwatch watch;
  const double seconds_before = epoch_seconds_;
  const int64_t samples_before = samples_;
  const auto train_step = plan_ ? steps_of_plan() : steps_of_loader();
  model_.train(true);
  while (step_ < steps_per_epoch_) {
    train_step();
    if (const auto failure = graph_.take_failure())
      observer.note(
          "the training step cannot be captured as a CUDA graph, which would "
          "be faster (" +
          *failure + ")"
      );
    if (step_ % kStepsBetweenLooks == 0) looks_.push_back(look());
    take_looks(/*all=*/false);
    const double seconds = watch.seconds();
    epoch_seconds_ = seconds_before + seconds;
    observer.step_done(
        {.epoch = epoch_ + 1,
         .epochs = options_.epochs,
         .step = step_,
         .steps = steps_per_epoch_,
         .samples_per_step = options_.batch_size,
         .samples_per_second =
             static_cast<double>(samples_ - samples_before) / seconds,
         .loss = mean_loss_seen(),
         .validation_accuracy = history_.empty()
                                    ? std::nullopt
                                    : history_.back().validation_accuracy}
    );
    if (observer.should_stop()) {
      take_looks(/*all=*/true);
      check_finite(look());
      return false;
    }
  }
  looks_.push_back(look());
  take_looks(/*all=*/true);
  epoch_seconds_ = seconds_before + watch.seconds();
  return true;
}

void Trainer::finish_epoch() {
  const auto samples = static_cast<double>(samples_);
  EpochReport row{
      .epoch = epoch_ + 1,
      .lr = lr_of(global_step() - 1),
      .train_loss = loss_sum_.item<double>() / samples,
      .train_accuracy =
          static_cast<double>(correct_sum_.item<int64_t>()) / samples,
      .seconds = epoch_seconds_,
      .samples = samples_};
  std::optional<Outputs> validation;
  if (validation_indices_.numel() > 0) {
    validation = validate();
    const Evaluation score = evaluation_of(*validation, loss_options(options_));
    row.validation_loss = score.loss;
    row.validation_accuracy = score.accuracy();
  }
  history_.push_back(row);
  ++epoch_;
  step_ = 0;
  samples_ = 0;
  epoch_seconds_ = 0;
  seen_ = {};
  loss_sum_.zero_();
  correct_sum_.zero_();
  if (best_epoch_ == 0 ||
      better(row, history_[static_cast<size_t>(best_epoch_ - 1)])) {
    best_epoch_ = epoch_;
    best_weights_ = clones(weights());
    if (validation)
      best_temperature_ =
          fit_temperature(validation->logits, validation->labels);
  }
}

Outputs Trainer::validate() {
  Outputs result;
  const auto show = [&] {
    result =
        outputs_of(model_, dataset_, validation_indices_, kEvaluationBatch);
  };
  if (ema_)
    ema_->apply_during(show);
  else
    show();
  return result;
}

double Trainer::lr_of(int64_t global_step) const {
  return learning_rate(
      options_.schedule,
      global_step,
      options_.epochs * steps_per_epoch_,
      steps_per_epoch_
  );
}

bool Trainer::improved() const {
  return best_epoch_ > 0 && best_epoch_ == epoch_;
}

std::optional<double> Trainer::best_validation_accuracy() const {
  if (best_epoch_ == 0) return std::nullopt;
  return history_[static_cast<size_t>(best_epoch_ - 1)].validation_accuracy;
}

NamedTensors Trainer::weights() const {
  return ema_ ? ema_->weights() : state_dict(model_);
}

NamedTensors Trainer::best_weights() const {
  return with_temperature(best_weights_, best_temperature_);
}

}  // namespace digitorch
