#include "app/training/benchmark.h"

#include <algorithm>
#include <ctime>
#include <functional>
#include <memory>

#include "app/system/memory.h"
#include "app/system/stopwatch.h"
#include "app/training/precision.h"
#include "app/training/step_graph.h"
#include "datasets/image_dataset.h"
#include "datasets/vision/quantiles.h"
#include "models/kernels/step.h"

namespace digitorch {
namespace {

ImageSet random_pictures(int64_t pictures, const ModelSpec& spec) {
  return {
      torch::randint(0, 256, spec.input.sizes(pictures), torch::kUInt8),
      torch::randint(spec.classes, {pictures}, torch::kInt64),
      std::vector<std::string>(static_cast<size_t>(spec.classes))};
}

/// Gives batches of pictures in one random order, which starts again at its
/// end. It counts on the device alone, so that a recorded round can be
/// replayed.
class EndlessBatches {
 public:
  EndlessBatches(const ImageSet& digits, int64_t size, torch::Device device)
      : dataset_(digits, device),
        order_(torch::randperm(digits.size(), torch::kInt64).to(device)),
        places_(torch::arange(size, order_.options())) {}

  torch::data::Example<> next() {
    places_.remainder_(order_.numel());
    const PictureBatch batch = fetched(
        dataset_.images(), dataset_.labels(), order_.index_select(0, places_)
    );
    places_.add_(places_.numel());
    return {batch.images, batch.labels};
  }

 private:
  ImageDataset dataset_;
  torch::Tensor order_;
  torch::Tensor places_;  // int64 [size]: where the next batch is in order_
};

/// One round. It waits for its result, so that a GPU has done its work when it
/// ends.
std::function<void()> round_of(
    const BenchmarkOptions& options,
    Classifier& model,
    Optimizer& optimizer,
    EndlessBatches& batches
) {
  const torch::Device device = model.device();
  const Precision precision = precision_on(device, options.precision);
  if (!device.is_cpu()) set_gpu_mode({.precision = precision});
  const auto graph = std::make_shared<StepGraph>(make_graph_recorder(device));
  if (options.work == Work::inference) {
    const torch::Tensor answers =
        torch::zeros({}, torch::dtype(torch::kInt64).device(device));
    return [precision, graph, answers, &model, &batches] {
      const torch::InferenceMode inference;
      graph->run([&] {
        const Autocast autocast(precision, model.device());
        answers.copy_(model.forward(batches.next().data).argmax(1).sum());
      });
      answers.item<int64_t>();
    };
  }
  // It is detached, since an autograd graph that lives on would tie the
  // captured steps to the stream in which it was made.
  const torch::Tensor moved =
      model.parameters().back().second.detach().view(-1)[0];
  return [precision, graph, moved, &options, &model, &optimizer, &batches] {
    graph->run([&] {
      const auto batch = batches.next();
      forward_backward_in(
          precision, model, batch.data, batch.target, options.loss
      );
      optimizer.step(model.gradients(), /*lr=*/1e-6);
    });
    moved.item<double>();
  };
}

}  // namespace

double Benchmark::median() const { return median_of(seconds); }

double Benchmark::min() const {
  return *std::min_element(seconds.begin(), seconds.end());
}

double Benchmark::max() const {
  return *std::max_element(seconds.begin(), seconds.end());
}

Benchmark measure(const BenchmarkOptions& options, torch::Device device) {
  torch::manual_seed(1);
  const auto model = make_model(options.spec);
  model->to(device);
  if (options.work == Work::train)
    model->train(true);
  else
    model->freeze();
  const auto optimizer = make_optimizer(options.optimizer, model->parameters());
  EndlessBatches batches(
      random_pictures(options.pictures, options.spec),
      options.batch_size,
      device
  );
  const auto round = round_of(options, *model, *optimizer, batches);
  reset_peak_memory();
  for (int64_t i = 0; i < options.warmup; ++i) round();
  Benchmark found;
  const Stopwatch all;
  const std::clock_t before = std::clock();
  for (int64_t i = 0; i < options.rounds; ++i) {
    const Stopwatch watch;
    round();
    found.seconds.push_back(watch.seconds());
  }
  found.cores = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC /
                all.seconds();
  found.peak_bytes = peak_memory();
  return found;
}

}  // namespace digitorch
