#include "app/training/trainer.h"

#include <fmt/format.h>

#include <utility>

#include "app/evaluation/accuracy.h"
#include "app/evaluation/temperature.h"
#include "app/system/errors.h"
#include "app/system/stopwatch.h"
#include "app/training/class_balance.h"
#include "app/training/evaluate_together.h"
#include "app/training/frozen.h"

namespace digitorch {
namespace {

constexpr int64_t kStepsBetweenProbes = 50;

std::string capture_note(const std::string& what, const std::string& failure) {
  return what + " cannot be captured as a CUDA graph, which would be faster (" +
         failure + ")";
}

/// What is left of a list without the first, frozen ones.
template <class Items>
Items trained(const Items& all, std::size_t frozen) {
  return {all.begin() + static_cast<std::ptrdiff_t>(frozen), all.end()};
}

}  // namespace

Trainer::Trainer(
    Classifier& model,
    const ImageSet& train,
    const TrainOptions& options,
    World& world
)
    : Trainer(
          model,
          train,
          options,
          options.graph ? make_graph_recorder(model.device()) : nullptr,
          world
      ) {}

Trainer::Trainer(
    Classifier& model,
    const ImageSet& train,
    const TrainOptions& options,
    std::unique_ptr<GraphRecorder> recorder,
    World& world
)
    : world_(world),
      model_(model),
      options_((check_shares(options.batch_size, world.size()), options)),
      classes_(static_cast<int64_t>(train.class_names.size())),
      augmentation_(augmentation(options.augment, train.format())),
      step_loss_(loss_options(options)),
      frozen_(frozen_parameters(model, options.freeze)),
      precision_(precision_on(model.device(), options.precision)),
      generator_(at::globalContext().defaultGenerator(model.device())),
      dataset_(train, model.device()),
      parts_(training_parts(train, options)),
      optimizer_(make_optimizer(
          options.optimizer, trained(model.parameters(), frozen_)
      )),
      exchange_(world, model.device(), static_cast<uint64_t>(options.seed)),
      graph_(std::move(recorder)),
      validation_(
          model,
          dataset_,
          kEvaluationBatch,
          graph_.captures() ? make_graph_recorder(model.device()) : nullptr
      ),
      batches_(
          dataset_,
          parts_.training,
          {.seed = static_cast<uint64_t>(options.seed),
           .balanced = options.sampling == "balanced",
           .batch_size = options.batch_size,
           .mixup = options.mixup,
           .planned = graph_.captures() || !model.device().is_cpu(),
           .rank = world.rank(),
           .ranks = world.size()},
          model.device()
      ),
      probe_(model, batches_.steps()) {
  if (!model.device().is_cpu())
    set_gpu_mode({precision_, options.deterministic});
  if (options.ema > 0) ema_.emplace(model, options.ema);
  if (options.class_weights == "balanced")
    step_loss_.class_weights =
        balanced_weights(
            train.labels.index_select(0, parts_.training), classes_
        )
            .to(model.device());
  // Nothing below the first trained layer is computed backwards.
  const NamedTensors parameters = model.parameters();
  for (std::size_t i = 0; i < frozen_; ++i)
    torch::Tensor(parameters[i].second).set_requires_grad(false);
}

TrainEnd Trainer::run(TrainObserver& observer) {
  try {
    return run_epochs(observer);
  } catch (const LostRank& lost) {
    throw LostRank(fmt::format(
        "{} in epoch {} after step {}",
        lost.what(),
        state_.epoch + 1,
        state_.step
    ));
  }
}

TrainEnd Trainer::run_epochs(TrainObserver& observer) {
  take_state_of_first();
  while (state_.epoch < options_.epochs) {
    if (options_.patience > 0 &&
        state_.epoch - state_.best_epoch >= options_.patience)
      return TrainEnd::out_of_patience;
    if (!run_epoch(observer)) return TrainEnd::stopped;
    if (!finish_epoch(observer)) return TrainEnd::stopped;
    observer.epoch_done(*this);
  }
  return TrainEnd::finished;
}

/// Ranks that compute alike have the same weights already. Those on another
/// kind of processor may round otherwise, and batch norm's statistics are of
/// each rank's own pictures: those of rank 0 count.
void Trainer::take_state_of_first() {
  for (const NamedTensors& all :
       {state_dict(model_), ema_ ? ema_->weights() : NamedTensors()}) {
    std::vector<torch::Tensor> tensors;
    for (const auto& [name, tensor] : all) tensors.push_back(tensor);
    world_.copy_from_first(tensors);
  }
}

/// Does the rest of the present epoch. False where the observer stopped it.
bool Trainer::run_epoch(TrainObserver& observer) {
  const Stopwatch watch;
  const double seconds_before = state_.epoch_seconds;
  const int64_t samples_before = state_.samples;
  batches_.begin_epoch(state_.epoch, state_.step, rates_of_epoch());
  model_.train(true);
  while (state_.step < batches_.steps()) {
    next_step();
    if (const auto failure = graph_.take_failure())
      observer.note(capture_note("the training step", *failure));
    if (state_.step % kStepsBetweenProbes == 0) probe_.start(position());
    probe_.take_arrived();
    const double seconds = watch.seconds();
    state_.epoch_seconds = seconds_before + seconds;
    observer.step_done(
        report(static_cast<double>(state_.samples - samples_before) / seconds)
    );
    const bool look = state_.step % kStepsBetweenProbes == 0;
    if (exchange_.stops(observer.should_stop(), look)) {
      probe_.take_all();
      probe_.check_finite(position());
      return false;
    }
  }
  probe_.start(position());
  probe_.take_all();
  state_.epoch_seconds = seconds_before + watch.seconds();
  return true;
}

/// Does one step, which a GPU replays where it has recorded one. The last step
/// of an epoch may have fewer pictures, so that the recorded one does not fit.
void Trainer::next_step() {
  exchange_.begin_step(global_step());
  if (batches_.is_full(state_.step))
    graph_.run([this] { train_step(); });
  else
    train_step();
  state_.samples += batches_.size(state_.step);
  ++state_.step;
}

/// Computes one step, from top to bottom. A GPU may record it: nothing here
/// waits for the device, and what differs from step to step is read from
/// tensors.
void Trainer::train_step() {
  const Batches::Batch batch = batches_.next(state_.step);
  const ShareResult own = gradients_of(batch);
  if (world_.size() == 1)
    probe_.add(own.batch, own.labels);
  else
    probe_.add(exchange_.run(own), batches_.size(state_.step));
  optimizer_->step(own.gradients, batch.lr);
  if (ema_) ema_->update(batch.ema_weight);
}

/// A forward and a backward pass over this rank's share of a batch, which is
/// the whole batch where there is one rank.
ShareResult Trainer::gradients_of(const Batches::Batch& batch) {
  ShareResult own{.part = 0};
  if (!batch.labels.defined()) {
    for (const auto& [name, parameter] : trained(model_.parameters(), frozen_))
      own.gradients.push_back(torch::zeros_like(parameter.detach()));
    return own;
  }
  const torch::Tensor images =
      augmentation_ ? augment(batch.images, *augmentation_, generator_)
                    : batch.images;
  const MixedBatch shown = batch.mixed_in.defined()
                               ? mixed(images, batch.labels, batch.mixed_in)
                               : MixedBatch{images, batch.labels, {}};
  LossOptions loss = step_loss_;
  loss.mixture = shown.mixture;
  own.labels = main_labels(shown);
  own.batch =
      forward_backward_in(precision_, model_, shown.images, shown.labels, loss);
  own.gradients = trained(model_.gradients(), frozen_);
  own.part = static_cast<double>(shown.labels.numel()) /
             static_cast<double>(batches_.size(state_.step));
  return own;
}

/// Evaluates the epoch and begins the next one. False where the observer
/// stopped it: the state is still that after the epoch's last step.
bool Trainer::finish_epoch(TrainObserver& observer) {
  const LossSums sums = probe_.total(state_.samples);
  const auto samples = static_cast<double>(sums.samples);
  EpochReport row{
      .epoch = state_.epoch + 1,
      .lr = lr_of(global_step() - 1),
      .train_loss = sums.loss / samples,
      .train_accuracy = sums.correct / samples,
      .seconds = state_.epoch_seconds,
      .samples = state_.samples};
  take_state_of_first();
  std::optional<Evaluation> validation;
  if (parts_.validation.numel() > 0) {
    validation = validate(observer);
    if (!validation) return false;
    row.validation_accuracy = accuracy(*validation);
    row.validation_loss = validation->loss;
  }
  state_.history.push_back(row);
  ++state_.epoch;
  state_.step = 0;
  state_.samples = 0;
  state_.epoch_seconds = 0;
  probe_.begin_epoch();
  const int64_t best = state_.best_epoch;
  if (best > 0 && !better(row, state_.history[static_cast<size_t>(best - 1)]))
    return true;
  state_.best_epoch = state_.epoch;
  best_weights_ = clones(weights());
  if (validation)
    state_.best_temperature =
        fit_temperature(validation->logits, validation->labels);
  return true;
}

std::optional<Evaluation> Trainer::validate(TrainObserver& observer) try {
  std::optional<Evaluation> result;
  model_.train(false);
  const auto ask = [&] {
    result = evaluate_together(
        [&] { return observer.should_stop(); },
        world_,
        [this](const auto& chosen) { return validation_.logits_of(chosen); },
        dataset_,
        {.indices = parts_.validation, .classes = classes_},
        loss_options(options_)
    );
  };
  if (ema_)
    ema_->apply_during(ask);
  else
    ask();
  if (const auto failure = validation_.take_failure())
    observer.note(capture_note("validation", *failure));
  return result;
} catch (const AnswersNotFinite& error) {
  throw DivergedError(error.what());
}

StepReport Trainer::report(double samples_per_second) const {
  const auto& history = state_.history;
  return {
      .epoch = state_.epoch + 1,
      .epochs = options_.epochs,
      .step = state_.step,
      .steps = batches_.steps(),
      .samples_per_step = options_.batch_size,
      .samples_per_second = samples_per_second,
      .loss = probe_.mean_loss_seen(),
      .validation_accuracy =
          history.empty() ? std::nullopt : history.back().validation_accuracy};
}

ProbePosition Trainer::position() const {
  return {
      .epoch = state_.epoch,
      .step = state_.step,
      .samples = state_.samples,
      .lr = lr_of(global_step())};
}

int64_t Trainer::global_step() const {
  return state_.epoch * batches_.steps() + state_.step;
}

double Trainer::lr_of(int64_t global_step) const {
  return learning_rate(
      options_.schedule,
      global_step,
      options_.epochs * batches_.steps(),
      batches_.steps()
  );
}

std::vector<StepRates> Trainer::rates_of_epoch() const {
  std::vector<StepRates> rates;
  for (int64_t i = 0; i < batches_.steps(); ++i) {
    const int64_t global = state_.epoch * batches_.steps() + i;
    rates.push_back(
        {.lr = lr_of(global), .ema_weight = ema_ ? ema_->weight(global + 1) : 0}
    );
  }
  return rates;
}

bool Trainer::improved() const {
  return state_.best_epoch > 0 && state_.best_epoch == state_.epoch;
}

std::optional<double> Trainer::best_validation_accuracy() const {
  if (state_.best_epoch == 0) return std::nullopt;
  const auto best = static_cast<size_t>(state_.best_epoch - 1);
  return state_.history[best].validation_accuracy;
}

}  // namespace digitorch
