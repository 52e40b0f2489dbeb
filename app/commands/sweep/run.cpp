#include "app/commands/sweep/run.h"

#include "app/commands/train/start.h"
#include "app/system/errors.h"
#include "app/system/signals.h"
#include "app/training/trainer.h"
#include "datasets/split.h"

namespace digitorch {
namespace {

/// Stops a run when the user interrupts it, and shows nothing.
class UntilInterrupted : public TrainObserver {
 public:
  bool should_stop() override { return interrupt_signal() != 0; }
};

/// The option --validation is a fraction of all pictures, the trainer's a
/// fraction of those that are not kept for the test.
TrainSettings for_trainer(TrainSettings settings, double test) {
  settings.train.validation /= 1 - test;
  return settings;
}

SweepRun run_of(const Trainer& trainer) {
  const EpochReport& best =
      trainer.history()[static_cast<size_t>(trainer.best_epoch() - 1)];
  SweepRun run{
      .best_epoch = best.epoch,
      .validation_accuracy = *best.validation_accuracy,
      .validation_loss = *best.validation_loss,
      .train_accuracy = best.train_accuracy};
  for (const EpochReport& row : trainer.history()) run.seconds += row.seconds;
  return run;
}

}  // namespace

SweepParts divide(const ImageSet& images, const SweepPlan& plan) {
  // Another seed than that of the trainer's own split.
  const auto seed = static_cast<uint64_t>(seed_of(plan)) + 1;
  const auto [train, test] = split_by_class(images.labels, plan.test, seed);
  return {images.at(train), images.at(test)};
}

std::optional<TrainedPoint> train_point(
    const SweepPlan& plan,
    size_t number,
    const ImageSet& train,
    const std::string& data_sha256,
    torch::Device device
) {
  const SweepPoint point = points(plan)[number];
  const TrainSettings settings =
      for_trainer(settings_of(plan, point), plan.test);
  TrainingStart start = start_training(
      settings, is_network_kind(settings.model) ? "" : settings.model, train
  );
  start.model->to(device);
  TrainedPoint trained{
      .run = {},
      .identity =
          {start.spec,
           train.class_names,
           config_json(settings, /*preset_name=*/"", data_sha256)},
      .model = nullptr};
  Trainer trainer(*start.model, train, settings.train);
  UntilInterrupted observer;
  try {
    if (trainer.run(observer) == TrainEnd::stopped) return std::nullopt;
    trained.run = run_of(trainer);
    load_state_dict(*start.model, trainer.best_weights(), "best weights");
    trained.model = std::move(start.model);
  } catch (const DivergedError&) {
    trained.run.diverged = true;
  }
  trained.run.number = number;
  trained.run.point = point;
  return trained;
}

}  // namespace digitorch
