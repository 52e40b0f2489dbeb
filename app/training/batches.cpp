// The steps of an epoch. On the CPU batches come from a loader. On a GPU all
// that a step needs is there before the epoch begins, so that the host only
// says when.
#include <algorithm>
#include <memory>

#include "app/training/trainer.h"
#include "models/kernels/step.h"

namespace digitorch {

std::function<void()> Trainer::steps_of_loader() {
  using Loader = torch::data::StatelessDataLoader<ImageDataset, EpochSampler>;
  const std::shared_ptr<Loader> loader = torch::data::make_data_loader(
      dataset_,
      EpochSampler(
          train_indices_,
          static_cast<uint64_t>(options_.seed),
          epoch_,
          std::min(step_ * options_.batch_size, train_indices_.numel())
      ),
      torch::data::DataLoaderOptions().batch_size(
          static_cast<size_t>(options_.batch_size)
      )
  );
  return [this, loader, batch = loader->begin()]() mutable {
    learn(
        *batch, lr_of(global_step()), ema_ ? ema_->weight(global_step() + 1) : 0
    );
    count_step(batch->target.size(0));
    ++batch;
  };
}

std::function<void()> Trainer::steps_of_plan() {
  std::vector<float> lr;
  std::vector<float> ema_weights;
  for (int64_t i = 0; i < steps_per_epoch_; ++i) {
    const int64_t global = epoch_ * steps_per_epoch_ + i;
    lr.push_back(static_cast<float>(lr_of(global)));
    ema_weights.push_back(
        ema_ ? static_cast<float>(ema_->weight(global + 1)) : 0
    );
  }
  plan_->begin(
      epoch_order(train_indices_, static_cast<uint64_t>(options_.seed), epoch_),
      lr,
      ema_weights,
      step_
  );
  const auto learn_from = [this](const EpochPlan::Step& step) {
    const PictureBatch batch =
        fetched(dataset_.images(), dataset_.labels(), step.indices);
    learn({batch.images, batch.labels}, step.lr, step.ema_weight);
  };
  return [this, learn_from] {
    const int64_t size = std::min(
        options_.batch_size,
        train_indices_.numel() - step_ * options_.batch_size
    );
    if (size == options_.batch_size)
      graph_.run([&] { learn_from(plan_->next()); });
    else
      learn_from(plan_->rest());
    count_step(size);
  };
}

template <class Number>
void Trainer::learn(
    const torch::data::Example<>& batch,
    const Number& lr,
    const Number& ema_weight
) {
  auto images = batch.data;
  if (augmentation_) images = augment(images, *augmentation_, generator_);
  const BatchResult result = backward_in(
      precision_, model_, images, batch.target, loss_options(options_)
  );
  optimizer_.step(model_.gradients(), lr);
  if (ema_) ema_->update(ema_weight);

  const torch::NoGradGuard no_grad;
  tally(result.loss, result.logits, batch.target, loss_sum_, correct_sum_);
}

void Trainer::count_step(int64_t pictures) {
  ++step_;
  samples_ += pictures;
}

}  // namespace digitorch
