// Any number of ranks trains the same network.
#include <gtest/gtest.h>

#include <cmath>
#include <mutex>
#include <ostream>
#include <string>
#include <vector>

#include "tests/app/training/distributed/ranks.h"
#include "tests/support/small_runs.h"
#include "tests/support/synthetic.h"

namespace digitorch {
namespace {

using testing::as_ranks;
using testing::kClasses;
using testing::kPictures;
using testing::small_options;
using testing::small_spec;
using testing::synthetic_digits;

/// Without what ranks draw or measure for themselves.
ModelSpec plain_spec(const std::string& kind) {
  ModelSpec spec = small_spec(kind);
  for (const Field& option : fields(spec.network)) {
    if (option.name == "dropout" || option.name == "conv-dropout")
      option.set("0");
    if (option.name == "batch-norm") option.set("false");
  }
  return spec;
}

/// 72 pictures in batches of 13: each epoch has five full batches and one of 7,
/// of which the fourth rank of four gets none.
TrainOptions options_with(const std::string& optimizer) {
  TrainOptions options = small_options();
  options.batch_size = 13;
  options.augment = "none";
  options.optimizer.kind = optimizer;
  options.optimizer.weight_decay =
      optimizer_named(optimizer).default_weight_decay;
  return options;
}

struct Trained {
  NamedTensors weights;
  NamedTensors state;
  std::vector<EpochReport> history;
  int64_t best_epoch;
};

NamedTensors copies(const NamedTensors& tensors) {
  NamedTensors copied;
  for (const auto& [name, tensor] : tensors)
    copied.emplace_back(name, tensor.detach().clone());
  return copied;
}

Trained result_of(const Trainer& trainer) {
  return {
      copies(trainer.weights()),
      copies(trainer.training_tensors()),
      trainer.history(),
      trainer.best_epoch()};
}

/// What each of the ranks has at the end.
std::vector<Trained> train(
    int ranks, const ModelSpec& spec, const TrainOptions& options
) {
  const ImageSet digits = synthetic_digits(kPictures, kClasses, 1);
  std::vector<std::unique_ptr<Classifier>> models;
  for (int rank = 0; rank < ranks; ++rank) {
    torch::manual_seed(static_cast<uint64_t>(options.seed));
    models.push_back(make_model(spec));
  }
  std::vector<Trained> found(static_cast<size_t>(ranks));
  const auto run = [&](World& world) {
    const auto rank = static_cast<size_t>(world.rank());
    Trainer trainer(*models[rank], digits, options, world);
    TrainObserver silent;
    EXPECT_EQ(trainer.run(silent), TrainEnd::finished);
    found[rank] = result_of(trainer);
  };
  if (ranks == 1)
    run(lone_world());
  else
    as_ranks(ranks, run);
  return found;
}

/// The root of the mean square of all differences. The largest one says
/// nothing: Adam divides a gradient by the root of its mean square, so a weight
/// whose gradients are nearly 0 moves by their rounding.
double distance(const NamedTensors& a, const NamedTensors& b) {
  double sum = 0;
  int64_t count = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    const auto difference =
        a[i].second.to(torch::kFloat64) - b[i].second.to(torch::kFloat64);
    sum += difference.square().sum().item<double>();
    count += difference.numel();
  }
  return std::sqrt(sum / static_cast<double>(count));
}

void expect_same_bits(const NamedTensors& a, const NamedTensors& b) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i)
    EXPECT_TRUE(a[i].second.equal(b[i].second)) << a[i].first;
}

struct RanksCase {
  std::string network;
  std::string optimizer;
  double mixup = 0;
};

std::ostream& operator<<(std::ostream& out, const RanksCase& tested) {
  return out << tested.network << ' ' << tested.optimizer;
}

class AnyNumberOfRanks : public ::testing::TestWithParam<RanksCase> {};

TEST_P(AnyNumberOfRanks, TrainsAsOneDoes) {
  const ModelSpec spec = plain_spec(GetParam().network);
  TrainOptions options = options_with(GetParam().optimizer);
  options.mixup = GetParam().mixup;
  at::set_num_threads(1);
  const Trained alone = train(1, spec, options).front();
  for (const int ranks : {2, 3, 4}) {
    const std::vector<Trained> together = train(ranks, spec, options);
    const double off = distance(together.front().weights, alone.weights);
    RecordProperty("distance_" + std::to_string(ranks), std::to_string(off));
    EXPECT_LT(off, 2e-6) << ranks << " ranks";
    ASSERT_EQ(together.front().history.size(), alone.history.size());
    for (size_t i = 0; i < alone.history.size(); ++i) {
      const EpochReport& one = alone.history[i];
      const EpochReport& all = together.front().history[i];
      EXPECT_NEAR(all.train_loss, one.train_loss, 1e-5);
      EXPECT_NEAR(*all.validation_loss, *one.validation_loss, 1e-4);
      EXPECT_EQ(all.samples, one.samples);
      EXPECT_EQ(all.lr, one.lr);
    }
    for (const Trained& rank : together) {
      expect_same_bits(rank.weights, together.front().weights);
      expect_same_bits(rank.state, together.front().state);
      EXPECT_EQ(rank.best_epoch, together.front().best_epoch);
    }
    const std::vector<Trained> again = train(ranks, spec, options);
    expect_same_bits(again.front().weights, together.front().weights);
  }
}

std::vector<RanksCase> all_cases() {
  std::vector<RanksCase> cases;
  for (const char* network : {"mlp", "cnn", "fused", "scratch"})
    for (const OptimizerKind& optimizer : optimizers())
      cases.push_back({network, optimizer.name});
  for (const char* network : {"mlp", "cnn"})
    cases.push_back({network, "sgd", 0.4});
  return cases;
}

INSTANTIATE_TEST_SUITE_P(
    Ranks,
    AnyNumberOfRanks,
    ::testing::ValuesIn(all_cases()),
    [](const auto& tested) {
      return tested.param.network + "_" + tested.param.optimizer +
             (tested.param.mixup > 0 ? "_mixed" : "");
    }
);

TEST(RanksTest, AveragedWeightsAreThoseOfOneRank) {
  TrainOptions options = options_with("sgd");
  options.ema = 0.9;
  const ModelSpec spec = plain_spec("mlp");
  const Trained alone = train(1, spec, options).front();
  const std::vector<Trained> together = train(3, spec, options);
  EXPECT_LT(distance(together.front().weights, alone.weights), 2e-6);
  expect_same_bits(together[2].weights, together[0].weights);
}

// Batch norm measures each rank's own pictures; rank 0's statistics count.
TEST(RanksTest, BatchNormEndsWithOneSetOfStatistics) {
  for (const char* kind : {"mlp", "cnn"}) {
    TrainOptions options = options_with("sgd");
    options.ema = 0.9;
    ModelSpec spec = small_spec(kind);
    for (const Field& option : fields(spec.network))
      if (option.name == "dropout") option.set("0");
    const std::vector<Trained> together = train(4, spec, options);
    for (const Trained& rank : together)
      expect_same_bits(rank.weights, together.front().weights);
  }
}

TEST(RanksTest, ABatchTooSmallForAllIsRefused) {
  const ImageSet digits = synthetic_digits(kPictures, kClasses, 1);
  TrainOptions options = options_with("sgd");
  options.batch_size = 5;
  const auto model = make_model(plain_spec("mlp"));
  as_ranks(2, [&](World& world) {
    try {
      Trainer trainer(*model, digits, options, world);
      ADD_FAILURE() << "accepted";
    } catch (const std::runtime_error& error) {
      EXPECT_TRUE(std::string(error.what())
                      .starts_with("--batch-size: found 5 for 2 ranks")
      ) << error.what();
    }
  });
}

/// The wish of one rank.
class RankStops : public TrainObserver {
 public:
  RankStops(const World& world, int rank, int64_t step)
      : left_(world.rank() == rank ? step : 0) {}
  bool should_stop() override { return --left_ == 0; }
  void step_done(const StepReport& report) override { steps = report.step; }
  int64_t steps = 0;

 private:
  int64_t left_;
};

/// Rank 1 of 3 says at the given question that it wants to stop. Expects all
/// ranks to have done so many steps of the first epoch, and no more.
void expect_stop(int64_t question, int64_t steps) {
  const ImageSet digits = synthetic_digits(kPictures, kClasses, 1);
  const TrainOptions options = options_with("sgd");
  std::vector<std::unique_ptr<Classifier>> models;
  for (int rank = 0; rank < 3; ++rank)
    models.push_back(make_model(plain_spec("mlp")));
  as_ranks(3, [&](World& world) {
    Trainer trainer(
        *models[static_cast<size_t>(world.rank())], digits, options, world
    );
    RankStops observer(world, 1, question);
    EXPECT_EQ(trainer.run(observer), TrainEnd::stopped);
    EXPECT_EQ(observer.steps, steps);
    EXPECT_TRUE(trainer.history().empty());
  });
}

TEST(RanksTest, TheWishOfOneRankStopsAllAfterTheSameStep) {
  expect_stop(3, 4);  // the wish rides along with the next step
}

TEST(RanksTest, TheWishOfOneRankDuringValidationStopsAll) {
  expect_stop(7, 6);  // the epoch has six steps, each with a question
}

TEST(RanksTest, AnyNumberGoesOnFromACheckpoint) {
  const ImageSet digits = synthetic_digits(kPictures, kClasses, 1);
  const TrainOptions options = options_with("adamw");
  const ModelSpec spec = plain_spec("mlp");
  const Trained alone = train(1, spec, options).front();
  testing::TrainingRun first = testing::make_run(spec, options, digits);
  testing::StopAfter some(9);
  ASSERT_EQ(first.trainer->run(some), TrainEnd::stopped);
  const Checkpoint checkpoint = testing::checkpoint_of(first);
  std::vector<std::unique_ptr<Classifier>> models;
  for (int rank = 0; rank < 3; ++rank) models.push_back(make_model(spec));
  as_ranks(3, [&](World& world) {
    Trainer trainer(
        *models[static_cast<size_t>(world.rank())], digits, options, world
    );
    trainer.restore(checkpoint, "test");
    TrainObserver silent;
    EXPECT_EQ(trainer.run(silent), TrainEnd::finished);
    EXPECT_LT(distance(trainer.weights(), alone.weights), 2e-6);
  });
}

}  // namespace
}  // namespace digitorch
