// The one training loop, for every network, optimiser and device. It prints
// nothing and writes no file: it reports to an observer and shows its state,
// from which a later trainer goes on exactly.
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/evaluation/evaluation.h"
#include "app/training/batches.h"
#include "app/training/distributed/step_exchange.h"
#include "app/training/distributed/world.h"
#include "app/training/ema.h"
#include "app/training/history.h"
#include "app/training/loss_probe.h"
#include "app/training/optimizers/optimizer.h"
#include "app/training/options.h"
#include "app/training/precision.h"
#include "app/training/step_graph.h"
#include "app/training/trainer_state.h"
#include "app/training/training_parts.h"
#include "app/training/validation_batches.h"
#include "datasets/augment.h"
#include "datasets/image_dataset.h"
#include "models/files/checkpoint.h"
#include "models/networks/classifier.h"

namespace digitorch {

/// What an observer learns after each step.
struct StepReport {
  int64_t epoch;               ///< Counted from 1.
  int64_t epochs;              ///< How many the run has.
  int64_t step;                ///< Of this epoch, counted from 1.
  int64_t steps;               ///< How many an epoch has.
  int64_t samples_per_step;    ///< The batch size.
  double samples_per_second;   ///< Since the epoch began or was resumed.
  std::optional<double> loss;  ///< Mean of the epoch as of the latest record.
  std::optional<double> validation_accuracy;  ///< After the epoch before.
};

class Trainer;

class TrainObserver {
 public:
  virtual ~TrainObserver() = default;
  virtual void step_done(const StepReport&) {}
  /// The trainer's state is that of the finished epoch.
  virtual void epoch_done(const Trainer&) {}
  /// Told to the user.
  virtual void note(const std::string&) {}
  /// True ends the run after the step, or the batch of the validation part, at
  /// hand.
  virtual bool should_stop() { return false; }
};

enum class TrainEnd { finished, out_of_patience, stopped };

class Trainer {
 public:
  /// Trains `model`, on the device it is on, with part of `train`. The split
  /// into a training and a validation part and the order of every epoch depend
  /// on options.seed alone. Dropout and augmentation draw from the device's
  /// default generator, which the caller seeds. Throws std::runtime_error where
  /// there are too few pictures.
  /// The ranks of `world` train together, each with its share of every batch
  /// and of the validation part. They end with the same weights and history;
  /// what a rank computes, its observer may keep to itself.
  Trainer(
      Classifier& model,
      const ImageSet& train,
      const TrainOptions&,
      World& world = lone_world()
  );
  /// The same with a recorder that the caller chooses, which is given the steps
  /// of full batches.
  Trainer(
      Classifier& model,
      const ImageSet& train,
      const TrainOptions&,
      std::unique_ptr<GraphRecorder> recorder,
      World& world = lone_world()
  );

  /// Trains to the end, or until the observer stops it. Throws DivergedError
  /// naming epoch, step and learning rate where the loss or a weight is no
  /// longer finite, and LostRank naming epoch and step where another rank
  /// fails. Where one rank's observer stops the run, it ends in all of them.
  TrainEnd run(TrainObserver&);

  const std::vector<EpochReport>& history() const { return state_.history; }
  /// A record every 50 steps and at the end of each epoch.
  const std::vector<StepRecord>& steps() const { return probe_.records(); }
  bool at_epoch_start() const { return state_.step == 0; }
  /// True where the last finished epoch is the best so far.
  bool improved() const;
  /// Counted from 1; 0 before any epoch ended.
  int64_t best_epoch() const { return state_.best_epoch; }
  /// The accuracy on the validation part at best_epoch(), 0..1; none without a
  /// validation part.
  std::optional<double> best_validation_accuracy() const;

  /// How many ranks train together.
  int ranks() const { return world_.size(); }
  /// How long this one has spent in the exchanges of their steps.
  double exchange_seconds() const { return exchange_.seconds(); }

  /// The weights to classify with: the moving average where there is one.
  NamedTensors weights() const;
  /// weights() as they were at best_epoch(), calibrated on the validation part.
  NamedTensors best_weights() const;
  /// The temperature of that calibration, by which best_weights() divide the
  /// logits; 1 without a validation part.
  double best_temperature() const { return state_.best_temperature; }

  /// What restore() needs beside weights().
  NamedTensors training_tensors() const;
  nlohmann::json training_state() const;

  /// Goes on from where the checkpoint was taken. Throws std::runtime_error
  /// naming `where` for a checkpoint without training state, or with that of
  /// another kind of run.
  void restore(const Checkpoint&, const std::string& where);

 private:
  TrainEnd run_epochs(TrainObserver&);
  bool run_epoch(TrainObserver&);
  void take_state_of_first();
  void next_step();
  void train_step();
  bool finish_epoch(TrainObserver&);
  ShareResult gradients_of(const Batches::Batch&);
  std::optional<Evaluation> validate(TrainObserver&);

  StepReport report(double samples_per_second) const;
  ProbePosition position() const;
  std::vector<StepRates> rates_of_epoch() const;
  double lr_of(int64_t global_step) const;
  int64_t global_step() const;
  /// The tensors that make up the run's state, by name. They are the run's own.
  NamedTensors live_tensors() const;

  World& world_;
  Classifier& model_;
  TrainOptions options_;
  int64_t classes_;
  std::optional<AugmentOptions> augmentation_;
  LossOptions step_loss_;  // with the weights of the classes
  std::size_t frozen_;     // parameters, the first ones, that stay
  Precision precision_;
  at::Generator generator_;
  ImageDataset dataset_;
  TrainingParts parts_;
  std::unique_ptr<Optimizer> optimizer_;
  std::optional<Ema> ema_;
  StepExchange exchange_;
  StepGraph graph_;
  ValidationBatches validation_;
  Batches batches_;
  LossProbe probe_;
  TrainerState state_;
  NamedTensors best_weights_;  // as trained, before calibration
};

}  // namespace digitorch
