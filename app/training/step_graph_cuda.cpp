// Compiled only where LibTorch has CUDA.
#include <ATen/cuda/CUDAEvent.h>
#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDAFunctions.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>

#include <string>

#include "app/system/errors.h"
#include "app/training/step_graph.h"

namespace digitorch {
namespace {

using c10::cuda::CUDAStream;

void wait_for(const CUDAStream& earlier, const CUDAStream& later) {
  at::cuda::CUDAEvent event;
  event.record(earlier);
  event.block(later);
}

class CudaGraphRecorder : public GraphRecorder {
 public:
  explicit CudaGraphRecorder(torch::Device device)
      : device_(device.index()),
        // The default stream cannot be captured.
        stream_(c10::cuda::getStreamFromPool(
            /*isHighPriority=*/false, device.index()
        )) {}

  void rehearse(const std::function<void()>& work) override {
    const CUDAStream outside = c10::cuda::getCurrentCUDAStream(device_);
    wait_for(outside, stream_);
    {
      const c10::cuda::CUDAStreamGuard inside(stream_);
      work();
    }
    wait_for(stream_, outside);
  }

  void capture(const std::function<void()>& work) override {
    const c10::cuda::CUDAStreamGuard inside(stream_);
    c10::cuda::device_synchronize();
    try {
      graph_.capture_begin();
      work();
      graph_.capture_end();
    } catch (const c10::OutOfMemoryError&) {
      throw;
    } catch (const c10::Error& error) {
      // LibTorch's allocator and generator stay as in a capture, so this
      // process cannot go on with plain steps.
      const std::string what = error.what_without_backtrace();
      throw EnvironmentError(
          "the training step cannot be captured as a CUDA graph (" +
          what.substr(0, what.find('\n')) + "); --graph=false does without"
      );
    }
  }

  void replay() override { graph_.replay(); }

 private:
  c10::DeviceIndex device_;
  CUDAStream stream_;
  at::cuda::CUDAGraph graph_;
};

}  // namespace

std::unique_ptr<GraphRecorder> make_graph_recorder(torch::Device device) {
  if (!device.is_cuda()) return nullptr;
  return std::make_unique<CudaGraphRecorder>(device);
}

}  // namespace digitorch
