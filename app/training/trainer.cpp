#include "app/training/trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "app/system/errors.h"
#include "app/training/precision.h"
#include "app/training/temperature.h"
#include "datasets/split.h"

namespace digitorch {
namespace {

// A look at the loss waits for the device, so not every step has one.
constexpr int64_t kStepsBetweenLooks = 50;

static_assert(
    kImageSide == kInputSide, "data sets make the pictures that networks take"
);

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

NamedTensors clones(const NamedTensors& tensors) {
  NamedTensors copies;
  for (const auto& [name, tensor] : tensors)
    copies.emplace_back(name, tensor.detach().clone());
  return copies;
}

LossOptions loss_options(const TrainOptions& options) {
  return {
      .kind = options.loss == "squared-error" ? LossKind::squared_error
                                              : LossKind::cross_entropy,
      .label_smoothing = options.label_smoothing};
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
    Classifier& model, const Digits& train, const TrainOptions& options
)
    : model_(model),
      options_(options),
      augmentation_(augmentation(options.augment)),
      bf16_(is_bf16(options.precision, model.device())),
      dataset_(train, model.device()),
      optimizer_(options.optimizer, model.parameters()),
      generator_(at::globalContext().defaultGenerator(model.device())) {
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
  const auto start = Clock::now();
  const double seconds_before = epoch_seconds_;
  const int64_t samples_before = samples_;
  auto loader = torch::data::make_data_loader(
      dataset_,
      EpochSampler(
          train_indices_,
          static_cast<uint64_t>(options_.seed),
          epoch_,
          std::min(step_ * options_.batch_size, train_indices_.numel())
      ),
      torch::data::DataLoaderOptions().batch_size(
          static_cast<size_t>(options_.batch_size)
      )
  );
  model_.train(true);
  for (const auto& batch : *loader) {
    if (step_ == steps_per_epoch_) break;
    train_step(batch);
    if (step_ % kStepsBetweenLooks == 0) look();
    const double seconds = seconds_since(start);
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
      check_finite();
      return false;
    }
  }
  look();
  return true;
}

void Trainer::train_step(const torch::data::Example<>& batch) {
  auto images = batch.data;
  if (augmentation_) images = augment(images, *augmentation_, generator_);
  const BatchResult result = [&] {
    const Autocast autocast(bf16_, model_.device());
    return model_.backward(images, batch.target, loss_options(options_));
  }();
  optimizer_.step(model_.gradients(), current_lr());
  ++step_;
  if (ema_) ema_->update(global_step());

  const torch::NoGradGuard no_grad;
  const int64_t size = batch.target.size(0);
  samples_ += size;
  loss_sum_ += result.loss.to(torch::kFloat64) * size;
  correct_sum_ += result.logits.argmax(1).eq(batch.target).sum();
}

void Trainer::finish_epoch() {
  const auto samples = static_cast<double>(samples_);
  --step_;  // the rate of the last step
  EpochReport row{
      .epoch = epoch_ + 1,
      .lr = current_lr(),
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

void Trainer::look() {
  check_finite();
  const Sums now{
      .samples = samples_,
      .loss = loss_sum_.item<double>(),
      .correct = static_cast<double>(correct_sum_.item<int64_t>())};
  const auto samples = static_cast<double>(now.samples - seen_.samples);
  if (samples == 0) return;  // the epoch ends where it was just looked at
  steps_.push_back(
      {.step = global_step(),
       .epoch = static_cast<double>(global_step()) /
                static_cast<double>(steps_per_epoch_),
       .loss = (now.loss - seen_.loss) / samples,
       .accuracy = (now.correct - seen_.correct) / samples}
  );
  seen_ = now;
}

std::optional<double> Trainer::mean_loss_seen() const {
  if (seen_.samples == 0) return std::nullopt;
  return seen_.loss / static_cast<double>(seen_.samples);
}

void Trainer::check_finite() const {
  bool finite = std::isfinite(loss_sum_.item<double>());
  for (const auto& [name, tensor] : model_.parameters())
    finite = finite && tensor.isfinite().all().item<bool>();
  if (finite) return;
  throw DivergedError(
      "training diverged in epoch " + std::to_string(epoch_ + 1) + " by step " +
      std::to_string(step_) + " at learning rate " +
      nlohmann::json(current_lr()).dump() +
      ": loss or weights are no longer finite; try a smaller --lr"
  );
}

double Trainer::current_lr() const {
  return learning_rate(
      options_.schedule,
      global_step(),
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
