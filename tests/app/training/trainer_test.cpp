#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <string>

#include "app/system/errors.h"
#include "tests/support/small_runs.h"
#include "tests/support/synthetic.h"

namespace digitorch {
namespace {

using testing::checkpoint_of;
using testing::expect_equal;
using testing::kClasses;
using testing::kPictures;
using testing::make_run;
using testing::small_options;
using testing::StopAfter;
using testing::synthetic_digits;
using testing::TrainingRun;

struct ResumeCase {
  std::string network;
  std::string optimizer;
  double ema;
  int threads;
  std::string precision = "fp32";
};

std::ostream& operator<<(std::ostream& out, const ResumeCase& tested) {
  return out << tested.network << ' ' << tested.optimizer;
}

class ResumeTest : public ::testing::TestWithParam<ResumeCase> {};

// A run that is stopped after any step or in validation and goes on from its
// checkpoint's bytes ends with the weights, buffers, optimiser state and
// metrics of one that was not disturbed.
TEST_P(ResumeTest, StoppedAfterAnyStepEndsAsIfUndisturbed) {
  at::set_num_threads(GetParam().threads);
  const ImageSet digits = synthetic_digits(kPictures, kClasses, 1);
  TrainOptions options = small_options();
  options.optimizer.kind = GetParam().optimizer;
  options.ema = GetParam().ema;
  options.precision = GetParam().precision;

  TrainingRun undisturbed = make_run(GetParam().network, options, digits);
  StopAfter never(0);
  ASSERT_EQ(undisturbed.trainer->run(never), TrainEnd::finished);
  const Checkpoint expected = checkpoint_of(undisturbed);

  // The last stop of an epoch is in its validation.
  constexpr int64_t kStops = 3 * (8 + 1);
  for (int64_t steps = 1; steps <= kStops; ++steps) {
    TrainingRun first = make_run(GetParam().network, options, digits);
    StopAfter some(steps);
    ASSERT_EQ(first.trainer->run(some), TrainEnd::stopped);
    const std::string bytes = encode(checkpoint_of(first));

    TrainingRun second = make_run(GetParam().network, options, digits);
    torch::manual_seed(12345);  // restore() must bring the generator back
    second.trainer->restore(decode_checkpoint(bytes, "test"), "test");
    ASSERT_EQ(second.trainer->run(never), TrainEnd::finished);
    expect_equal(checkpoint_of(second), expected);
    if (HasFailure()) FAIL() << "stopped at chance " << steps;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Runs,
    ResumeTest,
    ::testing::Values(
        ResumeCase{"mlp", "sgd", 0, 1},
        ResumeCase{"mlp", "adam", 0.9, 2},
        ResumeCase{"scratch", "sgd", 0, 2},
        ResumeCase{"cnn", "sgd", 0.9, 2},
        ResumeCase{"cnn", "adamw", 0, 1},
        ResumeCase{"fused", "adamw", 0, 2},
        ResumeCase{"fused", "adadelta", 0, 2, "bf16"}
    ),
    [](const auto& tested) {
      return tested.param.network + "_" + tested.param.optimizer + "_" +
             std::to_string(tested.param.threads) + "_threads";
    }
);

TEST(TrainerTest, LearnsEasyPictures) {
  const ImageSet digits = synthetic_digits(400, kClasses, 1);
  TrainOptions options = small_options();
  options.augment = "none";
  options.epochs = 6;
  TrainingRun run = make_run("mlp", options, digits);
  TrainObserver silent;
  ASSERT_EQ(run.trainer->run(silent), TrainEnd::finished);
  EXPECT_GT(*run.trainer->best_validation_accuracy(), 0.95);
  EXPECT_LT(
      run.trainer->history().back().train_loss,
      run.trainer->history().front().train_loss
  );
}

TEST(TrainerTest, Bfloat16LearnsNearlyAsFloat32Does) {
  const ImageSet digits = synthetic_digits(400, kClasses, 1);
  TrainOptions options = small_options();
  options.augment = "none";
  TrainObserver silent;
  TrainingRun single = make_run("fused", options, digits);
  single.trainer->run(silent);
  options.precision = "bf16";
  TrainingRun half = make_run("fused", options, digits);
  half.trainer->run(silent);
  const double loss = single.trainer->history().front().train_loss;
  const double half_loss = half.trainer->history().front().train_loss;
  EXPECT_NE(half_loss, loss);
  EXPECT_NEAR(half_loss, loss, 0.05 * loss);
  for (const auto& [name, weight] : half.model->parameters())
    EXPECT_EQ(weight.scalar_type(), torch::kFloat32) << name;
}

TEST(TrainerTest, BestWeightsAreThoseOfTheBestEpochCalibrated) {
  const ImageSet digits = synthetic_digits(kPictures, kClasses, 1);
  TrainingRun run = make_run("mlp", small_options(), digits);

  class Keep : public TrainObserver {
   public:
    void epoch_done(const Trainer& trainer) override {
      std::vector<torch::Tensor> copies;
      for (const auto& [name, tensor] : trainer.weights())
        copies.push_back(tensor.detach().clone());
      weights.push_back(copies);
    }
    std::vector<std::vector<torch::Tensor>> weights;
  } keep;
  run.trainer->run(keep);
  const auto& history = run.trainer->history();
  size_t best = 0;
  for (size_t i = 1; i < history.size(); ++i)
    if (std::pair(
            *history[i].validation_accuracy, -*history[i].validation_loss
        ) >
        std::pair(
            *history[best].validation_accuracy, -*history[best].validation_loss
        ))
      best = i;
  EXPECT_EQ(run.trainer->best_epoch(), static_cast<int64_t>(best) + 1);
  const double temperature = run.trainer->best_temperature();
  EXPECT_NE(temperature, 1);
  const NamedTensors found = run.trainer->best_weights();
  for (size_t i = 0; i < found.size(); ++i) {
    const torch::Tensor& kept = keep.weights[best][i];
    const bool is_last = found[i].first.starts_with("output.");
    EXPECT_TRUE(found[i].second.equal(is_last ? kept / temperature : kept));
  }
}

TEST(TrainerTest, HopelessLearningRateDivergesWithinACheck) {
  const ImageSet digits = synthetic_digits(kPictures, kClasses, 1);
  TrainOptions options = small_options();
  options.optimizer.kind = "sgd";
  options.schedule = {.kind = "constant", .lr = 1e30};
  options.loss = "cross-entropy";
  TrainingRun run = make_run("mlp", options, digits);
  TrainObserver silent;
  try {
    run.trainer->run(silent);
    FAIL() << "did not diverge";
  } catch (const DivergedError& error) {
    const std::string message = error.what();
    EXPECT_NE(message.find("epoch 1"), std::string::npos) << message;
    EXPECT_NE(message.find("1e+30"), std::string::npos) << message;
  }
}

TEST(TrainerTest, ARunFromBeforeCalibrationGoesOnUncalibrated) {
  const ImageSet digits = synthetic_digits(kPictures, kClasses, 1);
  TrainOptions options = small_options();
  TrainingRun run = make_run("mlp", options, digits);
  TrainObserver silent;
  run.trainer->run(silent);
  Checkpoint old = checkpoint_of(run);
  ASSERT_EQ(old.training_state.erase("best_temperature"), 1);
  TrainingRun resumed = make_run("mlp", options, digits);
  resumed.trainer->restore(old, "test");
  EXPECT_EQ(resumed.trainer->best_temperature(), 1);
}

TEST(TrainerTest, StrongAugmentationResumesExactly) {
  const ImageSet digits = synthetic_digits(kPictures, kClasses, 1);
  TrainOptions options = small_options();
  options.augment = "strong";
  TrainingRun undisturbed = make_run("mlp", options, digits);
  TrainObserver silent;
  undisturbed.trainer->run(silent);
  TrainingRun first = make_run("mlp", options, digits);
  StopAfter some(11);
  ASSERT_EQ(first.trainer->run(some), TrainEnd::stopped);
  const std::string bytes = encode(checkpoint_of(first));
  TrainingRun second = make_run("mlp", options, digits);
  second.trainer->restore(decode_checkpoint(bytes, "test"), "test");
  second.trainer->run(silent);
  expect_equal(checkpoint_of(second), checkpoint_of(undisturbed));
}

TEST(TrainerTest, MixingResumesExactlyAndIsOffByDefault) {
  EXPECT_EQ(TrainOptions().mixup, 0);
  const ImageSet digits = synthetic_digits(kPictures, kClasses, 1);
  TrainOptions options = small_options();
  options.mixup = 0.4;
  options.label_smoothing = 0.1;
  options.class_weights = "balanced";
  TrainObserver silent;
  const TrainingRun undisturbed = make_run("cnn", options, digits);
  undisturbed.trainer->run(silent);
  const TrainingRun first = make_run("cnn", options, digits);
  StopAfter some(11);
  ASSERT_EQ(first.trainer->run(some), TrainEnd::stopped);
  const std::string bytes = encode(checkpoint_of(first));
  const TrainingRun second = make_run("cnn", options, digits);
  second.trainer->restore(decode_checkpoint(bytes, "test"), "test");
  second.trainer->run(silent);
  expect_equal(checkpoint_of(second), checkpoint_of(undisturbed));
}

TEST(TrainerTest, LearnsFromMixtures) {
  const ImageSet digits = synthetic_digits(400, kClasses, 1);
  TrainOptions options = small_options();
  options.augment = "none";
  options.mixup = 1;
  options.epochs = 6;
  TrainingRun run = make_run("mlp", options, digits);
  TrainObserver silent;
  run.trainer->run(silent);
  EXPECT_GT(*run.trainer->best_validation_accuracy(), 0.95);
  // Half of the mixtures have a second picture of a third or more.
  EXPECT_LT(run.trainer->history().back().train_accuracy, 0.95);
  EXPECT_GT(run.trainer->history().back().train_accuracy, 0.5);
}

TEST(TrainerTest, FrozenLayersStayAsTheyAre) {
  for (const std::string kind : {"scratch", "fused"}) {
    TrainOptions options = small_options();
    options.freeze = 1;
    const TrainingRun run =
        make_run(kind, options, synthetic_digits(kPictures, kClasses, 1));
    const NamedTensors parameters = run.model->parameters();
    std::vector<torch::Tensor> before;
    for (const auto& [name, tensor] : parameters)
      before.push_back(tensor.detach().clone());
    TrainObserver observer;
    run.trainer->run(observer);
    for (size_t i = 0; i < before.size(); ++i)
      EXPECT_EQ(torch::equal(parameters[i].second, before[i]), i < 2)
          << kind << ' ' << parameters[i].first;
  }
}

TEST(TrainerTest, FreezingLeavesALayerAndNoBatchNorm) {
  TrainOptions options = small_options();
  const ImageSet digits = synthetic_digits(kPictures, kClasses, 1);
  options.freeze = 9;
  EXPECT_THROW(make_run("mlp", options, digits), std::runtime_error);
  options.freeze = 1;
  EXPECT_THROW(
      make_run(
          {.network = MlpOptions{.hidden = {8}, .batch_norm = true},
           .classes = kClasses},
          options,
          digits
      ),
      std::runtime_error
  );
}

TEST(TrainerTest, BalancedWeightsAndSamplingResumeExactly) {
  for (const bool weights : {true, false}) {
    TrainOptions options = small_options();
    if (weights)
      options.class_weights = "balanced";
    else
      options.sampling = "balanced";
    const ImageSet digits = synthetic_digits(kPictures, kClasses, 1);
    const TrainingRun whole = make_run("mlp", options, digits);
    TrainObserver observer;
    whole.trainer->run(observer);
    const Checkpoint expected = checkpoint_of(whole);
    const TrainingRun first = make_run("mlp", options, digits);
    StopAfter stop(11);
    first.trainer->run(stop);
    const Checkpoint saved = checkpoint_of(first);
    const TrainingRun second = make_run("mlp", options, digits);
    second.trainer->restore(saved, "checkpoint");
    second.trainer->run(observer);
    expect_equal(checkpoint_of(second), expected);
  }
}

TEST(TrainOptionsTest, AugmentTakesTheSpellingsOfOlderRuns) {
  TrainOptions options;
  const std::vector<Field> all = fields(options);
  const auto augment =
      std::find_if(all.begin(), all.end(), [](const Field& each) {
        return each.name == "augment";
      });
  ASSERT_NE(augment, all.end());
  EXPECT_TRUE(augment->set("false"));
  EXPECT_EQ(options.augment, "none");
  EXPECT_TRUE(augment->set("true"));
  EXPECT_EQ(options.augment, "affine");
  EXPECT_TRUE(augment->set("strong"));
  EXPECT_FALSE(augment->set("weak"));
  EXPECT_EQ(options.augment, "strong");
}

TEST(TrainerTest, PatienceEndsARunThatNoLongerGains) {
  const ImageSet digits = synthetic_digits(kPictures, kClasses, 1);
  TrainOptions options = small_options();
  options.epochs = 50;
  options.patience = 2;
  options.schedule = {.kind = "constant", .lr = 0};
  TrainingRun run = make_run("mlp", options, digits);
  TrainObserver silent;
  EXPECT_EQ(run.trainer->run(silent), TrainEnd::out_of_patience);
  EXPECT_EQ(
      static_cast<int64_t>(run.trainer->history().size()),
      run.trainer->best_epoch() + 2
  );
}

TEST(TrainerTest, WithoutValidationTheLatestEpochIsTheBest) {
  const ImageSet digits = synthetic_digits(kPictures, kClasses, 1);
  TrainOptions options = small_options();
  options.validation = 0;
  TrainingRun run = make_run("mlp", options, digits);
  TrainObserver silent;
  run.trainer->run(silent);
  EXPECT_EQ(run.trainer->best_epoch(), 3);
  EXPECT_EQ(run.trainer->best_temperature(), 1);
  EXPECT_FALSE(run.trainer->best_validation_accuracy().has_value());
  EXPECT_EQ(run.trainer->history().back().samples, kPictures);
}

TEST(TrainerTest, BatchLargerThanTheSetIsOneStepOfAll) {
  const ImageSet digits = synthetic_digits(kPictures, kClasses, 1);
  TrainOptions options = small_options();
  options.batch_size = 1000;
  options.validation = 0;

  class CountSteps : public TrainObserver {
   public:
    void step_done(const StepReport& report) override { last = report; }
    StepReport last{};
  } count;
  TrainingRun run = make_run("cnn", options, digits);
  run.trainer->run(count);
  EXPECT_EQ(count.last.steps, 1);
  EXPECT_EQ(run.trainer->history().back().samples, kPictures);
}

TEST(TrainerTest, LastBatchOfOnePictureTrainsWithBatchNorm) {
  const ImageSet digits = synthetic_digits(81, kClasses, 1);
  TrainOptions options = small_options();
  options.validation = 0;
  for (const char* kind : {"mlp", "cnn"}) {
    TrainingRun run = make_run(kind, options, digits);
    TrainObserver silent;
    EXPECT_EQ(run.trainer->run(silent), TrainEnd::finished) << kind;
    for (const auto& [name, tensor] : run.trainer->weights())
      EXPECT_TRUE(tensor.isfinite().all().item<bool>()) << name;
  }
}

TEST(TrainerTest, HandWrittenNetworkLearnsFromOnePictureAtATime) {
  const ImageSet digits = synthetic_digits(400, kClasses, 1);
  TrainOptions options = small_options();
  options.batch_size = 1;
  options.optimizer = {.kind = "sgd", .momentum = 0, .weight_decay = 0};
  options.schedule = {.kind = "constant", .lr = 0.01};
  options.augment = "none";
  TrainingRun run = make_run("scratch", options, digits);
  TrainObserver silent;
  ASSERT_EQ(run.trainer->run(silent), TrainEnd::finished);
  EXPECT_EQ(run.trainer->history().back().samples, 360);
  EXPECT_GT(*run.trainer->best_validation_accuracy(), 0.9);
}

TEST(TrainerTest, StepRecordsOfAnEpochAddUpToIt) {
  const ImageSet digits = synthetic_digits(400, kClasses, 1);
  TrainOptions options = small_options();
  options.batch_size = 4;  // 90 steps an epoch: records at 50 and at the end
  options.epochs = 2;
  TrainingRun run = make_run("scratch", options, digits);
  TrainObserver silent;
  run.trainer->run(silent);
  const auto& steps = run.trainer->steps();
  ASSERT_EQ(steps.size(), 4);
  EXPECT_EQ(steps[0].step, 50);
  EXPECT_EQ(steps[1].step, 90);
  EXPECT_EQ(steps[3].step, 180);
  EXPECT_DOUBLE_EQ(steps[2].epoch, 1 + 50.0 / 90);
  const EpochReport& second = run.trainer->history()[1];
  EXPECT_NEAR(
      (50 * steps[2].loss + 40 * steps[3].loss) / 90, second.train_loss, 1e-12
  );
  EXPECT_NEAR(
      (50 * steps[2].accuracy + 40 * steps[3].accuracy) / 90,
      second.train_accuracy,
      1e-12
  );
}

TEST(TrainerTest, CheckpointOfAnotherOptimiserIsRefused) {
  const ImageSet digits = synthetic_digits(kPictures, kClasses, 1);
  TrainOptions options = small_options();
  options.optimizer.kind = "sgd";
  TrainingRun sgd = make_run("mlp", options, digits);
  options.optimizer.kind = "adam";
  TrainingRun adam = make_run("mlp", options, digits);
  EXPECT_THROW(
      adam.trainer->restore(checkpoint_of(sgd), "runs/x"), std::runtime_error
  );
}

TEST(TrainerTest, TooFewPicturesForAValidationPartAreRefused) {
  ImageSet digits = synthetic_digits(1, 1, 1);
  EXPECT_THROW(make_run("mlp", small_options(), digits), std::runtime_error);
}

}  // namespace
}  // namespace digitorch
