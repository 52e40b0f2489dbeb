#include "app/evaluation/answers.h"

#include <gtest/gtest.h>

#include <cmath>

#include "models/spec.h"
#include "tests/support/synthetic.h"

namespace digitorch {
namespace {

/// Four pictures of two classes: right with 0.75, wrong with 0.625, right with
/// 1, wrong with 0.625. All of these are exact as floats.
Answers four_answers() {
  const auto probabilities = torch::tensor(
      {{0.75F, 0.25F}, {0.625F, 0.375F}, {0.F, 1.F}, {0.375F, 0.625F}}
  );
  const auto labels = torch::tensor({0, 1, 1, 0}, torch::kInt64);
  return {
      .probabilities = probabilities,
      .losses = -probabilities.log().gather(1, labels.unsqueeze(1)).squeeze(1),
      .labels = labels};
}

TEST(AnswersTest, EvaluationCountsTruthByAnswerAndAveragesTheLoss) {
  const Evaluation score = evaluation_of(four_answers());
  EXPECT_TRUE(
      score.confusion.equal(torch::tensor({{1, 1}, {1, 1}}, torch::kInt64))
  );
  const double expected = -(std::log(0.75) + 2 * std::log(0.375)) / 4;
  EXPECT_NEAR(score.loss, expected, 1e-7);
  EXPECT_EQ(score.accuracy(), 0.5);
}

TEST(AnswersTest, MistakesComeSurestFirstAndInOrderWhereEquallySure) {
  Answers answers = four_answers();
  EXPECT_EQ(mistakes(answers).size(), 2);
  EXPECT_EQ(mistakes(answers)[0].index, 1);
  EXPECT_EQ(mistakes(answers)[1].index, 3);

  answers.probabilities[3][1] = 0.875F;
  const std::vector<Mistake> found = mistakes(answers);
  EXPECT_EQ(found[0].index, 3);
  EXPECT_EQ(found[0].truth, 0);
  EXPECT_EQ(found[0].answer, 1);
  EXPECT_EQ(found[0].probability, 0.875);
  EXPECT_EQ(found[1].index, 1);
}

TEST(AnswersTest, CalibrationBinsHoldMeansAndTheErrorIsTheirMeanDistance) {
  const Calibration result = calibration(four_answers(), 4);
  ASSERT_EQ(result.bins.size(), 4);
  // 0.75 and twice 0.625 lie in (0.5, 0.75], where one of three is right.
  const CalibrationBin& third = result.bins[2];
  EXPECT_EQ(third.least, 0.5);
  EXPECT_EQ(third.most, 0.75);
  EXPECT_EQ(third.samples, 3);
  EXPECT_DOUBLE_EQ(third.confidence, 2.0 / 3);
  EXPECT_DOUBLE_EQ(third.accuracy, 1.0 / 3);
  EXPECT_EQ(result.bins[3].samples, 1);
  EXPECT_EQ(result.bins[3].confidence, 1);
  EXPECT_EQ(result.bins[3].accuracy, 1);
  EXPECT_EQ(result.bins[0].samples + result.bins[1].samples, 0);
  EXPECT_EQ(result.bins[0].accuracy, 0);
  EXPECT_DOUBLE_EQ(result.expected_error, 0.25);  // 3/4 of 1/3
}

TEST(AnswersTest, AskingInBatchesAgreesWithEvaluate) {
  const ImageSet digits = testing::synthetic_digits(50, 4, 1);
  torch::manual_seed(1);
  const auto model = make_model({default_network("mlp"), 4});
  const Answers answers = answer_all(*model, digits, 16);
  EXPECT_EQ(answers.probabilities.sizes(), (std::vector<int64_t>{50, 4}));
  EXPECT_TRUE(answers.probabilities.sum(1).allclose(torch::ones(50)));
  const Evaluation expected = evaluate(*model, digits, 50);
  const Evaluation score = evaluation_of(answers);
  EXPECT_TRUE(score.confusion.equal(expected.confusion));
  EXPECT_NEAR(score.loss, expected.loss, 1e-6);
}

TEST(AnswersTest, LossStaysFiniteWhereAProbabilityRoundsToZero) {
  const ImageSet digits = testing::synthetic_digits(8, 4, 1);
  const auto model = make_model({default_network("mlp"), 4});
  for (const auto& [name, tensor] : model->parameters()) {
    const torch::InferenceMode inference;
    tensor.mul_(1000);
  }
  const Answers answers = answer_all(*model, digits, 8);
  EXPECT_EQ(answers.probabilities.min().item<float>(), 0);
  EXPECT_TRUE(std::isfinite(evaluation_of(answers).loss));
}

}  // namespace
}  // namespace digitorch
