#include "tests/support/small_runs.h"

#include <gtest/gtest.h>

namespace digitorch::testing {
namespace {

std::string without_seconds(nlohmann::json state) {
  state.erase("epoch_seconds");
  for (auto& row : state["history"]) row.erase("seconds");
  return state.dump();
}

}  // namespace

ModelSpec small_spec(const std::string& kind) {
  if (kind == "fused")
    return {
        .network = CnnOptions{.channels = {8, 16}, .hidden = {8}},
        .classes = kClasses};
  ModelSpec spec{.network = default_network(kind), .classes = kClasses};
  for (const Field& option : fields(spec.network)) {
    if (option.name == "channels") option.set("3,4");
    if (option.name == "hidden") option.set("8");
    if (option.name == "dropout") option.set("0.3");
    if (option.name == "batch-norm") option.set("true");
  }
  return spec;
}

TrainOptions small_options() {
  TrainOptions options;
  options.epochs = 3;
  options.batch_size = 10;
  options.schedule.lr = 0.01;
  return options;
}

TrainingRun make_run(
    const std::string& kind,
    const TrainOptions& options,
    const ImageSet& digits,
    torch::Device device
) {
  return make_run(small_spec(kind), options, digits, device);
}

TrainingRun make_run(
    const ModelSpec& spec,
    const TrainOptions& options,
    const ImageSet& digits,
    torch::Device device
) {
  torch::manual_seed(static_cast<uint64_t>(options.seed));
  TrainingRun run{spec, nullptr, nullptr};
  run.model = make_model(run.spec);
  run.model->to(device);
  run.trainer = std::make_unique<Trainer>(*run.model, digits, options);
  return run;
}

Checkpoint checkpoint_of(const TrainingRun& run) {
  return {
      .spec = run.spec,
      .class_names = {"0", "1", "2", "3"},
      .weights = run.trainer->weights(),
      .training_tensors = run.trainer->training_tensors(),
      .training_state = run.trainer->training_state()};
}

void expect_equal(const Checkpoint& a, const Checkpoint& b) {
  const auto compare = [](const NamedTensors& x, const NamedTensors& y) {
    ASSERT_EQ(x.size(), y.size());
    for (size_t i = 0; i < x.size(); ++i) {
      EXPECT_EQ(x[i].first, y[i].first);
      EXPECT_TRUE(x[i].second.equal(y[i].second)) << x[i].first;
    }
  };
  compare(a.weights, b.weights);
  compare(a.training_tensors, b.training_tensors);
  EXPECT_EQ(
      without_seconds(a.training_state), without_seconds(b.training_state)
  );
}

}  // namespace digitorch::testing
