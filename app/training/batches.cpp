#include "app/training/batches.h"

#include <algorithm>
#include <utility>

#include "app/training/class_balance.h"
#include "models/kernels/step.h"

namespace digitorch {
namespace {

int64_t steps_for(int64_t pictures, int64_t batch_size) {
  const int64_t full = pictures / batch_size;
  const int64_t rest = pictures % batch_size;
  return full + (rest > 1 || (rest == 1 && full == 0) ? 1 : 0);
}

}  // namespace

Batches::Batches(
    const ImageDataset& dataset,
    torch::Tensor indices,
    const BatchOptions& options,
    torch::Device device
)
    : dataset_(dataset),
      indices_(std::move(indices)),
      options_(options),
      steps_(steps_for(indices_.numel(), options.batch_size)) {
  if (!options.planned) return;
  EpochPlan::Size size{
      .pictures = 0,
      .batch_size = read_for(full_share().count),
      .full_batches = indices_.numel() / options_.batch_size,
      .steps = steps_,
      .mixes = mixes()};
  for (int64_t step = 0; step < steps_; ++step)
    size.pictures += read_for(share(step).count);
  plan_.emplace(size, device);
}

int64_t Batches::size(int64_t step) const {
  const int64_t done = step * options_.batch_size;
  return std::min(options_.batch_size, indices_.numel() - done);
}

void Batches::mix(int64_t epoch) {
  if (!mixes()) return;
  std::vector<int64_t> sizes;
  for (int64_t step = 0; step < steps_; ++step) sizes.push_back(size(step));
  mixture_ = mix_epoch(options_.mixup, sizes, options_.seed, epoch);
}

/// The pictures of the epoch in the order in which the rank needs them.
torch::Tensor Batches::order_of_rank(int64_t epoch) const {
  const torch::Tensor all =
      options_.balanced
          ? balanced_order(
                indices_, dataset_.labels().cpu(), options_.seed, epoch
            )
          : epoch_order(indices_, options_.seed, epoch);
  std::vector<torch::Tensor> parts;
  for (int64_t step = 0; step < steps_; ++step) {
    const torch::Tensor batch =
        all.narrow(0, step * options_.batch_size, size(step));
    const auto [first, count] = share(step);
    parts.push_back(batch.narrow(0, first, count));
    if (!mixes()) continue;
    const torch::Tensor& partners =
        mixture_.partners[static_cast<size_t>(step)];
    parts.push_back(batch.index_select(0, partners.narrow(0, first, count)));
  }
  return torch::cat(parts);
}

void Batches::begin_epoch(
    int64_t epoch, int64_t first_step, std::vector<StepRates> rates
) {
  rates_ = std::move(rates);
  mix(epoch);
  if (plan_) {
    std::vector<float> lr;
    std::vector<float> ema_weights;
    for (const StepRates& each : rates_) {
      lr.push_back(static_cast<float>(each.lr));
      ema_weights.push_back(static_cast<float>(each.ema_weight));
    }
    plan_->begin(
        order_of_rank(epoch), lr, ema_weights, first_step, mixture_.parts
    );
    return;
  }
  next_.reset();
  const torch::Tensor order = order_of_rank(epoch);
  const int64_t at_once = read_for(full_share().count);
  const int64_t done = std::min(first_step * at_once, order.numel());
  loader_ = torch::data::make_data_loader(
      dataset_,
      EpochSampler(order, done),
      torch::data::DataLoaderOptions().batch_size(static_cast<size_t>(at_once))
  );
}

Batches::Batch Batches::next(int64_t step) {
  return plan_ ? from_plan(step) : from_loader(step);
}

Batches::Batch Batches::from_loader(int64_t step) {
  const StepRates& rates = rates_[static_cast<size_t>(step)];
  if (share(step).count == 0)
    return {
        .images = {},
        .labels = {},
        .lr = rates.lr,
        .ema_weight = rates.ema_weight};
  if (next_)
    ++*next_;
  else
    next_.emplace(loader_->begin());
  const torch::data::Example<>& found = **next_;
  Batch batch{found.data, found.target, rates.lr, rates.ema_weight};
  if (mixes())
    batch.mixed_in = torch::full(
        {}, mixture_.parts[static_cast<size_t>(step)], found.data.options()
    );
  return batch;
}

Batches::Batch Batches::from_plan(int64_t step) {
  const EpochPlan::Step planned = is_full(step) ? plan_->next() : plan_->rest();
  if (share(step).count == 0)
    return {
        .images = {},
        .labels = {},
        .lr = planned.lr,
        .ema_weight = planned.ema_weight};
  const PictureBatch found =
      fetched(dataset_.images(), dataset_.labels(), planned.indices);
  return {
      found.images,
      found.labels,
      planned.lr,
      planned.ema_weight,
      planned.mixed_in};
}

}  // namespace digitorch
