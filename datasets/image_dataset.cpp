#include "datasets/image_dataset.h"

#include <torch/serialize/archive.h>

#include <algorithm>

#include "datasets/generator.h"
#include "models/kernels/step.h"

namespace digitorch {

ImageDataset::ImageDataset(const ImageSet& set, torch::Device device)
    : images_(set.images.to(device)), labels_(set.labels.to(device)) {}

torch::data::Example<> ImageDataset::get_batch(c10::ArrayRef<size_t> indices) {
  static_assert(sizeof(size_t) == sizeof(int64_t));
  return take(torch::from_blob(
      const_cast<size_t*>(indices.data()),  // only read
      {static_cast<int64_t>(indices.size())},
      torch::kInt64
  ));
}

torch::data::Example<> ImageDataset::take(const torch::Tensor& indices) const {
  const PictureBatch batch =
      fetched(images_, labels_, indices.to(images_.device()));
  return {batch.images, batch.labels};
}

std::optional<size_t> ImageDataset::size() const {
  return static_cast<size_t>(labels_.size(0));
}

torch::Tensor epoch_order(
    const torch::Tensor& indices, uint64_t seed, int64_t epoch
) {
  return indices.index_select(
      0,
      torch::randperm(
          indices.size(0),
          make_generator(seed, static_cast<uint64_t>(epoch)),
          torch::kInt64
      )
  );
}

EpochSampler::EpochSampler(
    const torch::Tensor& indices, uint64_t seed, int64_t epoch, int64_t skip
)
    : EpochSampler(epoch_order(indices, seed, epoch), skip) {}

EpochSampler::EpochSampler(const torch::Tensor& order, int64_t skip)
    : start_(static_cast<size_t>(skip)), position_(start_) {
  const int64_t size = order.size(0);
  TORCH_CHECK(
      0 <= skip && skip <= size, "cannot skip ", skip, " of ", size, " indices"
  );
  const auto* begin = order.const_data_ptr<int64_t>();
  order_.assign(begin, begin + size);
}

void EpochSampler::reset(std::optional<size_t> new_size) {
  TORCH_CHECK(
      !new_size || *new_size == order_.size(),
      "the indices to walk were given when the sampler was made"
  );
  position_ = start_;
}

std::optional<std::vector<size_t>> EpochSampler::next(size_t batch_size) {
  if (position_ == order_.size()) return std::nullopt;
  const size_t count = std::min(batch_size, order_.size() - position_);
  const auto begin = order_.begin() + static_cast<std::ptrdiff_t>(position_);
  position_ += count;
  return std::vector<size_t>(begin, begin + static_cast<std::ptrdiff_t>(count));
}

void EpochSampler::save(torch::serialize::OutputArchive& archive) const {
  archive.write("position", c10::IValue(static_cast<int64_t>(position_)));
}

void EpochSampler::load(torch::serialize::InputArchive& archive) {
  c10::IValue position;
  archive.read("position", position);
  const int64_t value = position.toInt();
  TORCH_CHECK(
      0 <= value && value <= static_cast<int64_t>(order_.size()),
      "position ",
      value,
      " is beyond the ",
      order_.size(),
      " indices"
  );
  position_ = static_cast<size_t>(value);
}

}  // namespace digitorch
