// Compiled only where LibTorch has CUDA.
#include <ATen/cuda/CUDAEvent.h>
#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAFunctions.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>

#include <memory>
#include <string>

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

  void warm_up(const std::function<void()>& work) override {
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
    const at::Generator generator_before = default_generator().clone();
    const c10::MempoolId_t pool = at::cuda::graph_pool_handle();
    graph_ = std::make_unique<at::cuda::CUDAGraph>();
    graph_->capture_begin(pool);
    try {
      work();
      graph_->capture_end();
    } catch (const c10::OutOfMemoryError&) {
      throw;
    } catch (const c10::Error& error) {
      abandon(pool, generator_before);
      const std::string what = error.what_without_backtrace();
      throw CaptureError(what.substr(0, what.find('\n')));
    }
  }

  void replay() override { graph_->replay(); }

 private:
  at::Generator default_generator() const {
    return at::globalContext().defaultGenerator(
        torch::Device(torch::kCUDA, device_)
    );
  }

  /// Ends a capture that failed, which LibTorch itself leaves open: of the
  /// stream, of the allocator's pool and of the generator.
  void abandon(c10::MempoolId_t pool, const at::Generator& generator_before) {
    cudaStreamCaptureStatus status = cudaStreamCaptureStatusNone;
    C10_CUDA_IGNORE_ERROR(cudaStreamIsCapturing(stream_.stream(), &status));
    if (status != cudaStreamCaptureStatusNone) {
      cudaGraph_t unfinished = nullptr;
      C10_CUDA_IGNORE_ERROR(cudaStreamEndCapture(stream_.stream(), &unfinished)
      );
      if (unfinished) C10_CUDA_IGNORE_ERROR(cudaGraphDestroy(unfinished));
    }
    C10_CUDA_CLEAR_ERROR();
    graph_.reset();
    try {
      c10::cuda::CUDACachingAllocator::endAllocateToPool(device_, pool);
      c10::cuda::CUDACachingAllocator::releasePool(device_, pool);
    } catch (const c10::Error&) {
      // The capture came far enough to end this itself.
    }
    at::Generator generator = default_generator();
    generator.graphsafe_set_state(generator_before);
  }

  c10::DeviceIndex device_;
  CUDAStream stream_;
  std::unique_ptr<at::cuda::CUDAGraph> graph_;
};

}  // namespace

std::unique_ptr<GraphRecorder> make_graph_recorder(torch::Device device) {
  if (!device.is_cuda()) return nullptr;
  return std::make_unique<CudaGraphRecorder>(device);
}

}  // namespace digitorch
