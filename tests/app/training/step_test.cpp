// That a training step can be captured as a CUDA graph, as far as a CPU can
// tell: it asks for the same operations every time, and for no host
// synchronisation.
#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>

#include "app/training/epoch_plan.h"
#include "app/training/readback.h"
#include "app/training/step_graph.h"
#include "app/training/validation_batches.h"
#include "tests/app/training/operations.h"
#include "tests/support/small_runs.h"
#include "tests/support/synthetic.h"

namespace digitorch {
namespace {

using testing::kClasses;
using testing::make_run;
using testing::Operations;
using testing::small_options;
using testing::small_spec;
using testing::synthetic_digits;
using testing::TrainingRun;

using Work = std::function<void()>;

TEST(OperationsTest, HostSynchronisationsAreSeen) {
  const auto x = torch::ones(3);
  const std::vector<Work> waits = {
      [&] { x.sum().item<double>(); },
      [&] { x.nonzero(); },
      [&] { (void)x.equal(x); },
      [&] { x.masked_select(x > 0); },
      [&] { (void)x[0].is_nonzero(); }};
  for (size_t i = 0; i < waits.size(); ++i) {
    const Operations seen;
    waits[i]();
    EXPECT_FALSE(seen.waits().empty()) << i;
  }
  const Operations seen;
  x.mul(2).sum();
  EXPECT_TRUE(seen.waits().empty());
}

TEST(OperationsTest, NumbersAndSizesTellOperationsApart) {
  const auto asked = [](const Work& work) {
    const Operations seen;
    work();
    return seen.all();
  };
  const auto x = torch::ones(3);
  EXPECT_EQ(asked([&] { x.mul(2); }), asked([&] { x.mul(2); }));
  EXPECT_NE(asked([&] { x.mul(2); }), asked([&] { x.mul(3); }));
  EXPECT_NE(asked([&] { x.sum(); }), asked([&] { x.narrow(0, 0, 2).sum(); }));
}

/// Notes what is asked of it, and has an ordinary step do for a recorded one.
class FakeRecorder : public GraphRecorder {
 public:
  explicit FakeRecorder(std::string& asked) : asked_(asked) {}
  void warm_up(const Work& work) override {
    asked_ += 'w';
    work();
  }
  void capture(const Work& work) override {
    asked_ += 'c';
    work_ = work;
  }
  void replay() override {
    asked_ += 'r';
    work_();
  }

 private:
  std::string& asked_;
  Work work_;
};

TEST(StepGraphTest, EveryStepIsDoneOnceAndAllButTheFirstAreReplayed) {
  std::string asked;
  StepGraph graph(std::make_unique<FakeRecorder>(asked));
  int done = 0;
  for (int i = 1; i <= 6; ++i) {
    graph.run([&] { ++done; });
    EXPECT_EQ(done, i);
  }
  EXPECT_EQ(asked, "wwwcrrr");
}

TEST(StepGraphTest, WithoutARecorderStepsAreOrdinary) {
  StepGraph graph(make_graph_recorder(torch::kCPU));
  int done = 0;
  for (int i = 0; i < 5; ++i) graph.run([&] { ++done; });
  EXPECT_EQ(done, 5);
}

// A full batch is replayed, one with fewer pictures is not, and neither answers
// with what another one was asked.
TEST(ValidationBatchesTest, FullBatchesAreReplayed) {
  const ImageSet digits = synthetic_digits(60, kClasses, 1);
  const auto model = make_model(small_spec("mlp"));
  model->train(false);
  const ImageDataset dataset(digits, torch::kCPU);
  std::string asked;
  ValidationBatches batches(
      *model, dataset, 20, std::make_unique<FakeRecorder>(asked)
  );
  const torch::InferenceMode inference;
  std::vector<torch::Tensor> found;
  const auto all = torch::arange(60).flip(0).repeat(2).narrow(0, 0, 110);
  for (const torch::Tensor& chosen : all.split(20))
    found.push_back(batches.logits_of(chosen));
  EXPECT_EQ(asked, "wwwcrr");
  EXPECT_EQ(batches.take_failure(), std::nullopt);
  const auto expected = model->forward(dataset.take(all).data);
  EXPECT_TRUE(torch::cat(found).allclose(expected));
}

TEST(EpochPlanTest, StepsAreTheOrderInPiecesEachWithItsNumbers) {
  EpochPlan plan(
      {.pictures = 7, .batch_size = 3, .full_batches = 2, .steps = 3},
      torch::kCPU
  );
  const auto order = torch::tensor({6, 5, 4, 3, 2, 1, 0});
  plan.begin(order, {.1F, .2F, .3F}, {.4F, .5F, .6F}, 0);
  const auto first = plan.next();
  EXPECT_TRUE(first.indices.equal(torch::tensor({6, 5, 4})));
  EXPECT_EQ(first.lr.item<float>(), .1F);
  EXPECT_EQ(first.ema_weight.item<float>(), .4F);
  const auto second = plan.next();
  EXPECT_TRUE(second.indices.equal(torch::tensor({3, 2, 1})));
  EXPECT_EQ(second.lr.item<float>(), .2F);
  const auto rest = plan.rest();
  EXPECT_TRUE(rest.indices.equal(torch::tensor({0})));
  EXPECT_EQ(rest.lr.item<float>(), .3F);
  EXPECT_EQ(rest.ema_weight.item<float>(), .6F);
}

TEST(EpochPlanTest, BeginsInTheMiddle) {
  EpochPlan plan(
      {.pictures = 4, .batch_size = 2, .full_batches = 2, .steps = 2},
      torch::kCPU
  );
  plan.begin(torch::tensor({3, 2, 1, 0}), {1, 2}, {0, 0}, 1);
  const auto step = plan.next();
  EXPECT_TRUE(step.indices.equal(torch::tensor({1, 0})));
  EXPECT_EQ(step.lr.item<float>(), 2);
}

TEST(ReadbackTest, HasTheValuesOfWhenItWasMade) {
  const auto x = torch::ones(2);
  const Readback made(x);
  x.fill_(7);
  EXPECT_TRUE(made.ready());
  EXPECT_TRUE(made.get().equal(torch::ones(2)));
}

struct Asked {
  std::vector<std::vector<std::string>> steps;
  std::vector<std::string> waits;
};

/// Keeps what every step of a full batch asks for.
class WatchingRecorder : public GraphRecorder {
 public:
  explicit WatchingRecorder(Asked& asked) : asked_(asked) {}
  void warm_up(const Work& work) override {
    const Operations seen;
    work();
    asked_.steps.push_back(seen.all());
    for (const std::string& wait : seen.waits()) asked_.waits.push_back(wait);
  }
  void capture(const Work& work) override { work_ = work; }
  void replay() override { warm_up(work_); }

 private:
  Asked& asked_;
  Work work_;
};

struct StepCase {
  std::string network;
  std::string optimizer;
  std::string augment;
  std::string loss = "cross-entropy";
  std::string precision = "fp32";
  double ema = 0;
  double mixup = 0;
};

std::ostream& operator<<(std::ostream& out, const StepCase& tested) {
  return out << tested.network << ' ' << tested.optimizer;
}

class StepTest : public ::testing::TestWithParam<StepCase> {
 protected:
  void SetUp() override { at::set_num_threads(1); }  // the one that is watched
};

TrainOptions options_of(const StepCase& tested) {
  TrainOptions options = small_options();
  options.epochs = 1;  // of 7 full batches and a short one
  options.optimizer.kind = tested.optimizer;
  options.augment = tested.augment;
  options.loss = tested.loss;
  options.precision = tested.precision;
  options.ema = tested.ema;
  options.mixup = tested.mixup;
  return options;
}

/// Its steps come from a plan, as on a GPU.
void train_planned(
    TrainingRun& run,
    const ImageSet& digits,
    const TrainOptions& options,
    std::unique_ptr<GraphRecorder> recorder
) {
  run.trainer = std::make_unique<Trainer>(
      *run.model, digits, options, std::move(recorder)
  );
  TrainObserver silent;
  ASSERT_EQ(run.trainer->run(silent), TrainEnd::finished);
}

/// Without dropout, which on a CPU draws its seed on the host.
TrainingRun plain_run(
    const std::string& kind, const TrainOptions& options, const ImageSet& digits
) {
  TrainingRun run = make_run(kind, options, digits);
  for (const Field& option : fields(run.spec.network))
    if (option.name == "dropout" || option.name == "conv-dropout")
      option.set("0");
  torch::manual_seed(static_cast<uint64_t>(options.seed));
  run.model = make_model(run.spec);
  return run;
}

TEST_P(StepTest, AsksForTheSameEveryTimeAndWaitsForNothing) {
  const ImageSet digits = synthetic_digits(testing::kPictures, kClasses, 1);
  const TrainOptions options = options_of(GetParam());
  TrainingRun run = plain_run(GetParam().network, options, digits);
  Asked asked;
  train_planned(
      run, digits, options, std::make_unique<WatchingRecorder>(asked)
  );
  EXPECT_EQ(asked.waits, std::vector<std::string>());
  ASSERT_EQ(asked.steps.size(), 7);
  EXPECT_GT(asked.steps[1].size(), 30);
  // The first step alone finds no gradients to be replaced.
  for (size_t i = 2; i < asked.steps.size(); ++i)
    EXPECT_EQ(asked.steps[i], asked.steps[1]) << i;
}

// What a GPU computes from its plan is what the loader's steps compute, where
// float32 holds the rate exactly.
TEST_P(StepTest, OfThePlanGivesTheWeightsOfTheLoader) {
  const ImageSet digits = synthetic_digits(testing::kPictures, kClasses, 1);
  TrainOptions options = options_of(GetParam());
  options.schedule = {.kind = "constant", .lr = 1.0 / 128};
  TrainingRun loaded = make_run(GetParam().network, options, digits);
  TrainObserver silent;
  loaded.trainer->run(silent);
  TrainingRun planned = make_run(GetParam().network, options, digits);
  std::string asked;
  train_planned(
      planned, digits, options, std::make_unique<FakeRecorder>(asked)
  );
  EXPECT_EQ(asked, "wwwcrrrr");
  const NamedTensors expected = loaded.trainer->weights();
  const NamedTensors found = planned.trainer->weights();
  // Adadelta rounds once more where the rate is a tensor.
  const double tolerance = options.optimizer.kind == "adadelta" ? 1e-5 : 0;
  for (size_t i = 0; i < expected.size(); ++i)
    EXPECT_TRUE(
        found[i].second.allclose(expected[i].second, tolerance, tolerance)
    ) << found[i].first;
}

INSTANTIATE_TEST_SUITE_P(
    Steps,
    StepTest,
    ::testing::Values(
        StepCase{"mlp", "sgd", "none", "squared-error"},
        StepCase{"mlp", "adam", "affine", "cross-entropy", "fp32", 0.9},
        StepCase{"mlp", "adadelta", "strong"},
        StepCase{"scratch", "adamw", "affine"},
        StepCase{"scratch", "sgd", "strong", "squared-error"},
        StepCase{"cnn", "adamw", "strong", "cross-entropy", "fp32", 0.9},
        StepCase{"cnn", "sgd", "none", "cross-entropy", "bf16"},
        StepCase{"fused", "adam", "affine"},
        StepCase{"fused", "adadelta", "none", "cross-entropy", "bf16", 0.5},
        StepCase{"scratch", "sgd", "affine", "squared-error", "fp32", 0, 0.4},
        StepCase{"cnn", "adamw", "none", "cross-entropy", "fp32", 0.9, 0.4}
    ),
    [](const auto& tested) {
      return tested.param.network + "_" + tested.param.optimizer + "_" +
             tested.param.augment + "_" + tested.param.precision +
             (tested.param.mixup > 0 ? "_mixed" : "");
    }
);

}  // namespace
}  // namespace digitorch
