// The progress of a training on stderr: a moving bar where stderr is a
// terminal, and one line for each epoch. What is least needed is left out where
// the terminal is too narrow for all.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "app/training/trainer.h"

namespace digitorch {

class Progress : public TrainObserver {
 public:
  struct Options {
    bool quiet = false;
    bool terminal = false;  ///< Whether lines on stderr can be drawn anew.
    bool mixes = false;     ///< Whether training accuracy is that of mixtures.
    /// The columns of the terminal, asked for before each line; no line is
    /// longer. None: lines have any length.
    std::function<std::optional<std::size_t>()> columns = [] {
      return std::nullopt;
    };
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
  /// The columns that a line may take.
  std::size_t room() const;

  Options options_;
  std::function<void(const Trainer&)> save_;
  std::function<bool()> stop_;
  std::chrono::steady_clock::time_point drawn_{};
  int64_t epochs_ = 0;
};

}  // namespace digitorch
