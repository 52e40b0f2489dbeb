// Compiled only where LibTorch has CUDA.
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#include <torch/csrc/cuda/nccl.h>

#include <cstring>
#include <string>

#include "app/training/distributed/device_sum.h"

namespace digitorch {
namespace {

namespace nccl = torch::cuda::nccl;

/// One buffer for all tensors, so that a step has one exchange. It is made
/// once, since a captured step finds its memory at the same place every time.
class NcclSum : public DeviceSum {
 public:
  NcclSum(World& world, torch::Device device) : device_(device) {
    const c10::cuda::CUDAGuard on_device(device);
    nccl::ncclUniqueId id{};
    std::string bytes;
    if (world.is_first()) {
      nccl::get_unique_id(id);
      bytes.assign(id.internal, sizeof id.internal);
    }
    bytes = bytes_of_first(world, bytes);
    std::memcpy(id.internal, bytes.data(), sizeof id.internal);
    communicator_ = nccl::comm_init_rank(world.size(), id, world.rank());
    // NCCL connects the GPUs in its first exchange, which cannot be captured.
    sum({torch::zeros({1}, device)});
    buffer_.reset();
  }

  void sum(const std::vector<torch::Tensor>& tensors) override {
    const torch::NoGradGuard no_grad;
    std::vector<torch::Tensor> flat;
    for (const torch::Tensor& each : tensors) flat.push_back(each.flatten());
    int64_t size = 0;
    for (const torch::Tensor& each : flat) size += each.numel();
    if (!buffer_.defined() || buffer_.numel() != size)
      buffer_ = torch::empty({size}, tensors.front().options());
    torch::cat_out(buffer_, flat);
    std::vector<torch::Tensor> in_place = {buffer_};
    nccl::all_reduce(
        in_place,
        in_place,
        static_cast<int32_t>(nccl::ncclRedOp::Sum),
        {c10::cuda::getCurrentCUDAStream(device_.index())},
        {communicator_}
    );
    int64_t at = 0;
    for (const torch::Tensor& each : tensors) {
      each.copy_(buffer_.narrow(0, at, each.numel()).view_as(each));
      at += each.numel();
    }
  }

 private:
  torch::Device device_;
  nccl::ncclComm_t communicator_ = nullptr;
  torch::Tensor buffer_;
};

}  // namespace

std::unique_ptr<DeviceSum> make_device_sum(World& world, torch::Device device) {
  if (!device.is_cuda()) return nullptr;
  try {
    return std::make_unique<NcclSum>(world, device);
  } catch (const LostRank&) {
    throw;
  } catch (const std::exception& error) {
    const std::string what = error.what();
    throw EnvironmentError(
        "rank " + std::to_string(world.rank()) + ": NCCL cannot connect " +
        device.str() + " with the other ranks' GPUs (" +
        what.substr(0, what.find('\n')) +
        "); expected a GPU of its own for every rank"
    );
  }
}

}  // namespace digitorch
