#include "app/serve/inference_queue.h"

#include <gtest/gtest.h>
#include <torch/utils.h>

#include <algorithm>
#include <atomic>
#include <stdexcept>

#include "models/spec.h"

namespace digitorch {
namespace {

std::shared_ptr<ServedModel> tiny_model() {
  auto model = std::make_shared<ServedModel>();
  ModelSpec spec;
  spec.network = MlpOptions{.hidden = {4}};
  spec.classes = 3;
  model->classifier = make_model(spec);
  model->classifier->train(false);
  return model;
}

torch::Tensor images(int64_t count) {
  return torch::rand(InputFormat().sizes(count));
}

TEST(InferenceQueue, GivesEachRequestItsOwnLogits) {
  const auto model = tiny_model();
  InferenceQueue queue({});
  std::vector<std::thread> clients;
  std::atomic<int> right = 0;
  for (int64_t c = 0; c < 8; ++c)
    clients.emplace_back([&, c] {
      for (int i = 0; i < 20; ++i) {
        const torch::Tensor batch = images(1 + c % 3);
        torch::Tensor expected;
        queue.run([&] {
          const c10::InferenceMode no_gradients;
          expected = model->classifier->forward(batch);
        });
        if (torch::allclose(queue.infer(model, batch), expected, 1e-4, 1e-5))
          ++right;
      }
    });
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(right, 160);
}

/// The sizes of the batches in which requests of 2 and 3 images are computed
/// that come while the queue is busy.
std::vector<int64_t> batches_of(
    const std::shared_ptr<ServedModel>& one,
    const std::shared_ptr<ServedModel>& other
) {
  std::vector<int64_t> batches;
  InferenceQueue queue({.on_batch = [&](int64_t size) {
    batches.push_back(size);
  }});
  std::promise<void> busy, released;
  std::thread work([&] {
    queue.run([&] {
      busy.set_value();
      released.get_future().wait();
    });
  });
  busy.get_future().wait();
  std::thread first([&] { queue.infer(one, images(2)); });
  std::thread second([&] { queue.infer(other, images(3)); });
  while (queue.waiting() < 2) std::this_thread::yield();
  released.set_value();
  for (std::thread* each : {&work, &first, &second}) each->join();
  std::sort(batches.begin(), batches.end());
  return batches;
}

TEST(InferenceQueue, ComputesTogetherWhatComesWhileItIsBusy) {
  const auto model = tiny_model();
  EXPECT_EQ(batches_of(model, model), std::vector<int64_t>{5});
}

TEST(InferenceQueue, DoesNotMixNetworks) {
  EXPECT_EQ(
      batches_of(tiny_model(), tiny_model()), (std::vector<int64_t>{2, 3})
  );
}

TEST(InferenceQueue, WhatComputingThrowsReachesTheRequest) {
  InferenceQueue queue({});
  EXPECT_ANY_THROW(queue.infer(tiny_model(), torch::rand({1, 5})));
  EXPECT_THROW(
      queue.run([] { throw std::runtime_error("no"); }), std::runtime_error
  );
  EXPECT_EQ(queue.infer(tiny_model(), images(1)).size(1), 3);
}

}  // namespace
}  // namespace digitorch
