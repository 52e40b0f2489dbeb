#include "app/training/benchmark.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <numeric>

#include "app/system/memory.h"
#include "app/training/precision.h"
#include "datasets/mnist_dataset.h"

namespace digitorch {
namespace {

using Clock = std::chrono::steady_clock;

Digits random_digits(int64_t pictures, int64_t classes) {
  return {
      torch::randint(
          0, 256, {pictures, 1, kImageSide, kImageSide}, torch::kUInt8
      ),
      torch::randint(classes, {pictures}, torch::kInt64),
      std::vector<std::string>(static_cast<size_t>(classes))};
}

/// Gives batches of pictures in random order, for ever.
class Batches {
 public:
  Batches(const Digits& digits, int64_t size, torch::Device device)
      : dataset_(digits, device), size_(size) {
    const torch::Tensor order = torch::randperm(digits.size(), torch::kInt64);
    const auto* first = order.const_data_ptr<int64_t>();
    order_.assign(first, first + digits.size());
  }

  torch::data::Example<> next() {
    std::vector<size_t> chosen;
    for (int64_t i = 0; i < size_; ++i)
      chosen.push_back(order_[at_++ % order_.size()]);
    return dataset_.get_batch(chosen);
  }

 private:
  MnistDataset dataset_;
  int64_t size_;
  size_t at_ = 0;
  std::vector<size_t> order_;
};

/// One round; it ends when its result is known, also on a GPU.
std::function<void()> round_of(
    const BenchmarkOptions& options,
    Classifier& model,
    Optimizer& optimizer,
    Batches& batches
) {
  if (options.work == Work::inference)
    return [&options, &model, &batches] {
      const torch::InferenceMode inference;
      const Autocast autocast(options.bf16, model.device());
      model.forward(batches.next().data).argmax(1).sum().item<int64_t>();
    };
  return [&options, &model, &optimizer, &batches] {
    const auto batch = batches.next();
    const BatchResult result = [&] {
      const Autocast autocast(options.bf16, model.device());
      return model.backward(batch.data, batch.target, options.loss);
    }();
    optimizer.step(model.gradients(), /*lr=*/1e-6);
    result.loss.item<double>();
  };
}

}  // namespace

double Benchmark::median() const {
  std::vector<double> sorted = seconds;
  std::sort(sorted.begin(), sorted.end());
  const size_t middle = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[middle]
                                : (sorted[middle - 1] + sorted[middle]) / 2;
}

double Benchmark::least() const {
  return *std::min_element(seconds.begin(), seconds.end());
}

double Benchmark::most() const {
  return *std::max_element(seconds.begin(), seconds.end());
}

Benchmark measure(const BenchmarkOptions& options, torch::Device device) {
  torch::manual_seed(1);
  const auto model = make_model(options.spec);
  model->to(device);
  model->train(options.work == Work::train);
  Optimizer optimizer(options.optimizer, model->parameters());
  Batches batches(
      random_digits(options.pictures, options.spec.classes),
      options.batch_size,
      device
  );
  const auto round = round_of(options, *model, optimizer, batches);
  reset_peak_memory();
  for (int64_t i = 0; i < options.warmup; ++i) round();
  Benchmark found;
  for (int64_t i = 0; i < options.rounds; ++i) {
    const auto start = Clock::now();
    round();
    found.seconds.push_back(
        std::chrono::duration<double>(Clock::now() - start).count()
    );
  }
  found.peak_bytes = peak_memory();
  return found;
}

}  // namespace digitorch
