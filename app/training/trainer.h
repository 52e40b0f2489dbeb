// The one training loop, for every network, optimiser and device. It prints
// nothing and writes no file: it reports to an observer and shows its state,
// from which a later trainer goes on exactly.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/evaluation/evaluation.h"
#include "app/training/ema.h"
#include "app/training/epoch_plan.h"
#include "app/training/history.h"
#include "app/training/optimizer.h"
#include "app/training/options.h"
#include "app/training/precision.h"
#include "app/training/readback.h"
#include "app/training/step_graph.h"
#include "datasets/augment.h"
#include "datasets/image_dataset.h"
#include "models/files/checkpoint.h"
#include "models/networks/classifier.h"

namespace digitorch {

struct StepReport {
  int64_t epoch;  ///< From 1.
  int64_t epochs;
  int64_t step;  ///< Of this epoch, from 1.
  int64_t steps;
  int64_t samples_per_step;    ///< The batch size.
  double samples_per_second;   ///< Since the epoch began or was resumed.
  std::optional<double> loss;  ///< Mean of the epoch as of the last known look.
  std::optional<double> validation_accuracy;  ///< Of the epoch before.
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
  /// True ends the run after the step at hand.
  virtual bool should_stop() { return false; }
};

enum class TrainEnd { finished, out_of_patience, stopped };

class Trainer {
 public:
  /// Trains `model`, on the device it is on, with part of `train`. Both splits
  /// and every order depend on options.seed alone; dropout and distortion draw
  /// from the device's default generator, which the caller seeds. Throws
  /// std::runtime_error where there are too few pictures.
  Trainer(Classifier& model, const ImageSet& train, const TrainOptions&);
  /// With a recorder of one's own, which sees the steps of full batches.
  Trainer(
      Classifier& model,
      const ImageSet& train,
      const TrainOptions&,
      std::unique_ptr<GraphRecorder> recorder
  );

  /// Trains to the end, or until the observer stops it. Throws DivergedError
  /// naming epoch, step and learning rate once the loss is not finite.
  TrainEnd run(TrainObserver&);

  const std::vector<EpochReport>& history() const { return history_; }
  /// A record every 50 steps and at the end of each epoch.
  const std::vector<StepRecord>& steps() const { return steps_; }
  bool at_epoch_start() const { return step_ == 0; }
  /// True where the last finished epoch is the best so far.
  bool improved() const;
  /// From 1; 0 before any epoch ended.
  int64_t best_epoch() const { return best_epoch_; }
  /// Share of right answers on the validation part at best_epoch().
  std::optional<double> best_validation_accuracy() const;

  /// Weights to classify with: the moving average where there is one.
  NamedTensors weights() const;
  /// weights() as they were at best_epoch(), calibrated on the validation part.
  NamedTensors best_weights() const;
  /// By which that calibration divided their logits; 1 without validation.
  double best_temperature() const { return best_temperature_; }

  /// What restore() needs beside weights().
  NamedTensors training_tensors() const;
  nlohmann::json training_state() const;

  /// Goes on from where the checkpoint was taken. Throws std::runtime_error
  /// naming `where` for a checkpoint without, or with another run's, state.
  void restore(const Checkpoint&, const std::string& where);

 private:
  /// The epoch's sums after a step, on their way from the device.
  struct Look {
    int64_t step;     ///< Of this epoch.
    int64_t samples;  ///< As of then.
    Readback values;  ///< float64: loss sum, right answers, largest weight.
  };

  bool run_epoch(TrainObserver&);
  /// What does the steps of this epoch, one a call, from step_ on.
  std::function<void()> steps_of_loader();
  std::function<void()> steps_of_plan();
  /// One step of learning. Number: double, or a scalar on the device.
  template <class Number>
  void learn(
      const torch::data::Example<>& batch,
      const Number& lr,
      const Number& ema_weight
  );
  void count_step(int64_t pictures);
  void finish_epoch();

  Look look() const;
  /// Keeps what was seen by the looks that have arrived, or by all.
  void take_looks(bool all);
  void take(const Look&);
  /// Throws DivergedError where loss or weights were not finite.
  void check_finite(const Look&) const;
  std::optional<double> mean_loss_seen() const;
  double lr_of(int64_t global_step) const;
  int64_t global_step() const { return epoch_ * steps_per_epoch_ + step_; }
  Outputs validate();
  /// The tensors that make up the run's state, by name; its own.
  NamedTensors live_tensors() const;

  Classifier& model_;
  TrainOptions options_;
  std::optional<AugmentOptions> augmentation_;
  Precision precision_;
  ImageDataset dataset_;
  torch::Tensor train_indices_;
  torch::Tensor validation_indices_;
  int64_t steps_per_epoch_ = 0;
  Optimizer optimizer_;
  std::optional<Ema> ema_;
  // On a GPU steps come from it rather than from the loader.
  std::optional<EpochPlan> plan_;
  StepGraph graph_;
  at::Generator generator_;

  // Position: epochs finished, steps done of the next one and their sums.
  int64_t epoch_ = 0;
  int64_t step_ = 0;
  int64_t samples_ = 0;
  torch::Tensor loss_sum_;     // float64 scalar on the device
  torch::Tensor correct_sum_;  // int64 scalar on the device
  double epoch_seconds_ = 0;
  /// The sums of the epoch as of the last look.
  struct Sums {
    int64_t samples = 0;
    double loss = 0;
    double correct = 0;
  };
  Sums seen_;
  std::deque<Look> looks_;  // not yet taken

  std::vector<EpochReport> history_;
  std::vector<StepRecord> steps_;
  int64_t best_epoch_ = 0;
  NamedTensors best_weights_;  // as trained
  double best_temperature_ = 1;
};

}  // namespace digitorch
