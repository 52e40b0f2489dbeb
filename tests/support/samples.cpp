#include "tests/support/samples.h"

namespace digitorch::testing {

ModelSpec tiny_cnn() {
  return {
      .network =
          CnnOptions{
              .channels = {2, 3},
              .kernel = {3, 5},
              .pool = {2, 7},
              .hidden = {4},
              .conv_dropout = 0.1,
              .dropout = 0.2,
              .batch_norm = true},
      .classes = 3,
      .mean = 0.125,
      .std_dev = 0.3};
}

ModelSpec tiny_mlp() {
  return {
      .network =
          MlpOptions{
              .hidden = {5, 4},
              .activation = "tanh",
              .dropout = 0.1,
              .batch_norm = true},
      .classes = 3,
      .mean = 0.125,
      .std_dev = 0.3};
}

Checkpoint checkpoint_of(const ModelSpec& spec) {
  torch::manual_seed(1);
  const auto model = make_model(spec);
  model->train(true);
  model->forward(torch::rand(model->input().sizes(32)));
  Checkpoint checkpoint;
  checkpoint.spec = spec;
  for (int64_t i = 0; i < spec.classes; ++i)
    checkpoint.class_names.push_back(std::to_string(i));
  for (const auto& [name, tensor] : state_dict(*model))
    checkpoint.weights.emplace_back(name, tensor.detach().clone());
  checkpoint.metrics = {{"test_accuracy", 0.1 + 0.2}};
  return checkpoint;
}

torch::Tensor random_images(int64_t count) {
  torch::manual_seed(2);
  return torch::rand(InputFormat().sizes(count));
}

}  // namespace digitorch::testing
