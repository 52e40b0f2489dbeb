#include "app/serve/inference_queue.h"

#include <gtest/gtest.h>
#include <torch/utils.h>

#include <atomic>
#include <optional>
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

TEST(InferenceQueue, ComputesTogetherWhatIsAnnouncedTogether) {
  std::vector<int64_t> batches;
  InferenceQueue queue(
      {.gather = std::chrono::seconds(60),
       .on_batch = [&](int64_t size) { batches.push_back(size); }}
  );
  const auto model = tiny_model();
  std::optional<InferenceQueue::Announcement> first(queue);
  std::optional<InferenceQueue::Announcement> second(queue);
  std::thread other([&] { queue.infer(model, images(2)); });
  queue.infer(model, images(3));
  other.join();
  EXPECT_EQ(batches, std::vector<int64_t>{5});
}

TEST(InferenceQueue, DoesNotMixNetworks) {
  std::vector<int64_t> batches;
  InferenceQueue queue(
      {.gather = std::chrono::seconds(60),
       .on_batch = [&](int64_t size) { batches.push_back(size); }}
  );
  const auto one = tiny_model();
  const auto other = tiny_model();
  std::vector<std::thread> clients;
  std::vector<std::optional<InferenceQueue::Announcement>> announced(2);
  for (auto& each : announced) each.emplace(queue);
  for (std::size_t i = 0; i < 2; ++i)
    clients.emplace_back([&, i] {
      queue.infer(i == 0 ? one : other, images(2));
      announced[i].reset();
    });
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(batches, (std::vector<int64_t>{2, 2}));
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
