#include "app/training/readback.h"

#include <c10/core/impl/VirtualGuardImpl.h>

namespace digitorch {

Readback::Readback(const torch::Tensor& values) {
  if (values.is_cpu()) {
    copy_ = values.clone();
    return;
  }
  // A copy to memory that is not pinned would make the host wait.
  copy_ = torch::empty(
      values.sizes(), values.options().device(torch::kCPU).pinned_memory(true)
  );
  copy_.copy_(values, /*non_blocking=*/true);
  const c10::impl::VirtualGuardImpl device(values.device().type());
  done_.emplace(values.device().type());
  done_->record(device.getStream(values.device()));
}

const torch::Tensor& Readback::get() const {
  if (done_) done_->synchronize();
  return copy_;
}

}  // namespace digitorch
