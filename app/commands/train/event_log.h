// A training run for TensorBoard.
#pragma once

#include <filesystem>

#include "app/evaluation/evaluation.h"
#include "app/training/event_file.h"
#include "app/training/trainer.h"
#include "datasets/image_set.h"

namespace digitorch {

/// Writes an event file into the folder of a run. Every value is at the step,
/// counted from 1 over the whole run, after which it was known:
///   loss/step, accuracy/step: of the latest steps, every 50 steps
///   loss/train, accuracy/train, loss/validation, accuracy/validation,
///   learning_rate, images_per_second: of each epoch, at its last step
///   test/accuracy, test/confusion and test/mistakes: at the end
class EventLog {
 public:
  /// trainer: new, or restored from the checkpoint of a run to continue; then
  /// the events of steps after that checkpoint are dropped. Throws
  /// EnvironmentError, as the other functions do, where the file cannot be
  /// written.
  EventLog(const std::filesystem::path& run_folder, const Trainer&);

  /// After every epoch.
  void epoch_done(const Trainer&);

  /// When the run is stopped, which may be in the middle of an epoch.
  void stopped(const Trainer&);

  /// The score of the best epoch's weights on the test pictures.
  void tested(const Evaluation&, const ImageSet& test);

 private:
  void record_steps(const Trainer&);

  int64_t last_step_;
  EventFile file_;
};

}  // namespace digitorch
