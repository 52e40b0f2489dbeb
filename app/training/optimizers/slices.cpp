#include "app/training/optimizers/slices.h"

#include <algorithm>

#include "models/kernels/share_work.h"

namespace digitorch {

Slices::Slices(const Tensors& tensors, int64_t numbers) {
  parts_.emplace_back();
  int64_t room = numbers;
  for (const torch::Tensor& tensor : tensors) {
    const size_t index = sizes_.size();
    const int64_t size = tensor.numel();
    sizes_.push_back(size);
    for (int64_t first = 0; first < size;) {
      if (room == 0) {
        parts_.emplace_back();
        room = numbers;
      }
      const int64_t count =
          tensor.is_cpu() ? std::min(size - first, room) : size;
      parts_.back().push_back({index, first, count});
      first += count;
      if (tensor.is_cpu()) room -= count;
    }
  }
}

Slices::Tensors Slices::cut(const Tensors& list, const Part& part) const {
  if (list.empty()) return {};
  Tensors result;
  for (const auto& [index, first, count] : part) {
    const torch::Tensor& whole = list[index];
    result.push_back(
        whole.numel() == count || whole.numel() != sizes_[index]
            ? whole
            : whole.reshape(-1).narrow(0, first, count)
    );
  }
  return result;
}

void Slices::each(
    const std::vector<Tensors>& lists,
    const std::function<void(const std::vector<Tensors>&)>& work
) const {
  share_work(static_cast<int64_t>(parts_.size()), [&](int64_t i) {
    const torch::NoGradGuard no_grad;  // each thread has a mode of its own
    std::vector<Tensors> cut_lists;
    for (const Tensors& list : lists)
      cut_lists.push_back(cut(list, parts_[static_cast<size_t>(i)]));
    work(cut_lists);
  });
}

}  // namespace digitorch
