#include "app/evaluation/evaluation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "app/evaluation/accuracy.h"
#include "app/evaluation/confusion.h"
#include "app/evaluation/metrics.h"
#include "app/evaluation/mistakes.h"
#include "app/system/errors.h"
#include "models/spec.h"
#include "tests/app/evaluation/four_pictures.h"
#include "tests/support/synthetic.h"

namespace digitorch {
namespace {

using testing::four_pictures;
using testing::synthetic_digits;

TEST(EvaluationTest, AveragesTheLoss) {
  const double expected = -(std::log(0.75) + 2 * std::log(0.375)) / 4;
  EXPECT_NEAR(four_pictures().loss, expected, 1e-7);
}

TEST(EvaluationTest, HasTheLossThatIsAskedFor) {
  const auto logits = torch::zeros({1, 2});
  const auto label = torch::zeros({1}, torch::kInt64);
  EXPECT_DOUBLE_EQ(
      evaluation_of(logits, label, {.kind = LossKind::squared_error}).loss, 0.25
  );
}

TEST(EvaluationTest, WeightsOfClassesMultiplyTheLossesOfTheirPictures) {
  const auto logits = torch::tensor({{1.0, 0.0}, {2.0, 0.0}, {0.0, 0.5}});
  const auto labels = torch::tensor({0, 1, 1}, torch::kInt64);
  for (const LossKind kind :
       {LossKind::cross_entropy, LossKind::squared_error}) {
    double expected = 0;
    for (int64_t i = 0; i < 3; ++i)
      expected +=
          (i == 0 ? 3.0 : 0.5) / 3 *
          mean_loss(
              logits.narrow(0, i, 1), labels.narrow(0, i, 1), {.kind = kind}
          )
              .item<double>();
    const LossOptions weighted{
        .kind = kind, .class_weights = torch::tensor({3.0, 0.5})};
    EXPECT_NEAR(
        mean_loss(logits, labels, weighted).item<double>(), expected, 1e-6
    );
  }
}

TEST(EvaluationTest, MacroAveragesCountClassesAlikeThatHavePictures) {
  const std::vector<ClassMetrics> classes = {
      {.samples = 90, .precision = 1, .recall = 0.5, .f1 = 0.75},
      {.samples = 0, .precision = 0, .recall = 0, .f1 = 0},
      {.samples = 10, .precision = 0.5, .recall = 0, .f1 = 0.25}};
  const MacroAverages mean = macro_averages(classes);
  EXPECT_DOUBLE_EQ(mean.precision, 0.75);
  EXPECT_DOUBLE_EQ(mean.recall, 0.25);
  EXPECT_DOUBLE_EQ(mean.f1, 0.5);
  EXPECT_EQ(macro_averages({}).recall, 0);
}

TEST(EvaluationTest, DoesNotDependOnTheBatchSize) {
  const ImageSet digits = synthetic_digits(50, 4, 1);
  torch::manual_seed(1);
  const auto model = make_model({default_network("mlp"), 4});
  const Evaluation found = evaluate(*model, digits, 16);
  EXPECT_EQ(found.probabilities.sizes(), (std::vector<int64_t>{50, 4}));
  EXPECT_TRUE(found.probabilities.sum(1).allclose(torch::ones(50)));
  const Evaluation expected = evaluate(*model, digits, 50);
  EXPECT_TRUE(confusion(found).equal(confusion(expected)));
  EXPECT_NEAR(found.loss, expected.loss, 1e-6);
}

TEST(EvaluationTest, LossStaysFiniteWhereAProbabilityRoundsToZero) {
  const ImageSet digits = synthetic_digits(8, 4, 1);
  const auto model = make_model({default_network("mlp"), 4});
  for (const auto& [name, tensor] : model->parameters()) {
    const torch::InferenceMode inference;
    tensor.mul_(1000);
  }
  const Evaluation found = evaluate(*model, digits, 8);
  EXPECT_EQ(found.probabilities.min().item<float>(), 0);
  EXPECT_TRUE(std::isfinite(found.loss));
}

TEST(EvaluationTest, LogitsThatAreNoNumbersAreRefusedWithTheirCount) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const auto labels = torch::zeros({3}, torch::kInt64);
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), kInfinity}) {
    const auto logits =
        torch::tensor({{1.F, 2.F}, {bad, 0.F}, {-kInfinity, 0.F}});
    try {
      evaluation_of(logits, labels);
      FAIL() << bad << " was taken";
    } catch (const AnswersNotFinite& error) {
      const std::string message = error.what();
      EXPECT_NE(message.find("1 of 3 pictures"), std::string::npos) << message;
    }
  }
}

TEST(AccuracyTest, IsThePartWhoseTrueClassIsAmongTheFirst) {
  EXPECT_EQ(correct(four_pictures()), 2);
  EXPECT_EQ(accuracy(four_pictures()), 0.5);
  EXPECT_EQ(accuracy(four_pictures(), 2), 1);

  const auto logits = torch::tensor({{3.F, 2.F, 1.F}, {1.F, 2.F, 3.F}});
  const auto labels = torch::tensor({2, 1}, torch::kInt64);
  const Evaluation two = evaluation_of(logits, labels);
  EXPECT_EQ(accuracy(two, 1), 0);
  EXPECT_EQ(accuracy(two, 2), 0.5);
  EXPECT_EQ(accuracy(two, 3), 1);
}

TEST(AccuracyTest, OfEquallyProbableClassesTheFirstIsTheAnswer) {
  const auto labels = torch::tensor({0, 1}, torch::kInt64);
  const Evaluation equal = evaluation_of(torch::zeros({2, 3}), labels);
  EXPECT_EQ(correct(equal, 1), 1);
  EXPECT_EQ(correct(equal, 2), 2);
  EXPECT_EQ(mistakes(equal).size(), 1);
  EXPECT_EQ(confusion(equal).trace().item<int64_t>(), 1);
}

TEST(ConfusionTest, CountsTruthByAnswer) {
  EXPECT_TRUE(confusion(four_pictures())
                  .equal(torch::tensor({{1, 1}, {1, 1}}, torch::kInt64)));
}

TEST(ConfusionTest, GivesPrecisionRecallAndF1OfEveryClass) {
  const auto counts =
      torch::tensor({{3, 1, 0}, {1, 0, 0}, {0, 0, 0}}, torch::kInt64);
  const std::vector<ClassMetrics> found = per_class(counts);
  EXPECT_EQ(found[0].samples, 4);
  EXPECT_EQ(found[0].precision, 0.75);
  EXPECT_EQ(found[0].recall, 0.75);
  EXPECT_EQ(found[0].f1, 0.75);
  EXPECT_EQ(found[1].precision, 0);
  EXPECT_EQ(found[2].samples, 0);
  EXPECT_EQ(found[2].recall, 0);
  EXPECT_EQ(found[2].f1, 0);
}

TEST(MistakesTest, ComeSurestFirstAndInOrderWhereEquallySure) {
  Evaluation evaluation = four_pictures();
  EXPECT_EQ(mistakes(evaluation).size(), 2);
  EXPECT_EQ(mistakes(evaluation)[0].index, 1);
  EXPECT_EQ(mistakes(evaluation)[1].index, 3);

  evaluation.probabilities = evaluation.probabilities.clone();
  evaluation.probabilities[3][1] = 0.875F;
  const std::vector<Mistake> found = mistakes(evaluation);
  EXPECT_EQ(found[0].index, 3);
  EXPECT_EQ(found[0].truth, 0);
  EXPECT_EQ(found[0].answer, 1);
  EXPECT_EQ(found[0].probability, 0.875);
  EXPECT_EQ(found[1].index, 1);
}

TEST(MetricsTest, EveryRowHasANameOfItsOwnAndAValue) {
  std::vector<std::string> names;
  for (const Metric& metric : metrics()) {
    EXPECT_TRUE(std::isfinite(metric.value(four_pictures()))) << metric.name;
    if (metric.is_fraction) {
      EXPECT_GE(metric.value(four_pictures()), 0) << metric.name;
      EXPECT_LE(metric.value(four_pictures()), 1) << metric.name;
    }
    EXPECT_EQ(std::count(names.begin(), names.end(), metric.name), 0);
    names.push_back(metric.name);
  }
  EXPECT_EQ(names.front(), "accuracy");
}

}  // namespace
}  // namespace digitorch
