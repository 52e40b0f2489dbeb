#include "app/training/step_graph.h"

namespace digitorch {
namespace {

// As PyTorch's own whole-network capture has: the first makes the libraries'
// handles, the second finds gradients that are there already.
constexpr int kWarmUps = 3;

}  // namespace

#ifndef DIGITORCH_HAS_CUDA
std::unique_ptr<GraphRecorder> make_graph_recorder(torch::Device) {
  return nullptr;
}
#endif

void StepGraph::run(const std::function<void()>& step) {
  if (!recorder_) return step();
  if (warm_ups_ < kWarmUps) {
    ++warm_ups_;
    return recorder_->warm_up(step);
  }
  if (!captured_) {
    try {
      recorder_->capture(step);
    } catch (const CaptureError& error) {
      failure_ = error.what();
      recorder_.reset();
      return step();
    }
  }
  captured_ = true;
  recorder_->replay();
}

}  // namespace digitorch
