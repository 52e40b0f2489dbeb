// The progress of a training on stderr: a moving bar where stderr is a
// terminal, and one line for each epoch.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "app/training/trainer.h"

namespace digitorch {

class Progress : public TrainObserver {
 public:
  struct Options {
    bool quiet = false;
    bool terminal = false;  ///< Whether stderr is one.
  };
  /// Calls `save` after every epoch and `stop` after every step.
  Progress(
      const Options&,
      std::function<void(const Trainer&)> save,
      std::function<bool()> stop
  );

  void step_done(const StepReport&) override;
  void epoch_done(const Trainer&) override;
  void note(const std::string&) override;
  bool should_stop() override { return stop_(); }

 private:
  Options options_;
  std::function<void(const Trainer&)> save_;
  std::function<bool()> stop_;
  std::chrono::steady_clock::time_point drawn_{};
  int64_t epochs_ = 0;
};

}  // namespace digitorch
