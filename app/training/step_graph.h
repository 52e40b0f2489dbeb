// Work that a GPU repeats by itself. A small network's training step is some
// hundred kernels of a few microseconds, and to ask for them one by one takes
// longer than to run them; captured as a CUDA graph, the whole step is one
// request.
#pragma once

#include <torch/types.h>

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace digitorch {

/// Says why a step could not be recorded.
class CaptureError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Records what is asked of a device.
class GraphRecorder {
 public:
  virtual ~GraphRecorder() = default;
  /// Does the work, where and as capture() will record it.
  virtual void warm_up(const std::function<void()>& work) = 0;
  /// Records the work, none of which is done yet. Throws CaptureError where it
  /// asks for what cannot be recorded, such as a host synchronisation; the
  /// device and its generator are then as before.
  virtual void capture(const std::function<void()>& work) = 0;
  /// Asks for all that was recorded.
  virtual void replay() = 0;
};

/// A CUDA graph on that device; nothing where it is no GPU, or LibTorch is
/// built without CUDA.
std::unique_ptr<GraphRecorder> make_graph_recorder(torch::Device);

/// Runs a step again and again. A step to be captured reads and writes the same
/// tensors every time: what differs from step to step, it finds in their
/// values.
class StepGraph {
 public:
  /// Without a recorder every run is an ordinary one.
  explicit StepGraph(std::unique_ptr<GraphRecorder> recorder)
      : recorder_(std::move(recorder)) {}

  /// Whether later runs will be replayed.
  bool captures() const { return recorder_ != nullptr; }

  /// One step. The first few are ordinary ones too, which leave libraries and
  /// memory as later ones need them; nothing is run for practice alone, so the
  /// results are those of ordinary steps. Where the step cannot be recorded,
  /// this and all later ones are ordinary, too.
  void run(const std::function<void()>& step);

  /// Why the last step could not be recorded. It is said once only; later calls
  /// return nothing.
  std::optional<std::string> take_failure() {
    return std::exchange(failure_, std::nullopt);
  }

 private:
  std::unique_ptr<GraphRecorder> recorder_;
  int warm_ups_ = 0;
  bool captured_ = false;
  std::optional<std::string> failure_;
};

}  // namespace digitorch
