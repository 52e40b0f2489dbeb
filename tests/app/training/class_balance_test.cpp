#include "app/training/class_balance.h"

#include <gtest/gtest.h>

namespace digitorch {
namespace {

using Warnings = std::vector<std::string>;

ImageSet set_of(const std::vector<int64_t>& counts) {
  std::vector<torch::Tensor> labels;
  ImageSet set;
  for (std::size_t c = 0; c < counts.size(); ++c) {
    labels.push_back(
        torch::full({counts[c]}, static_cast<int64_t>(c), torch::kInt64)
    );
    set.class_names.push_back(std::string(1, static_cast<char>('a' + c)));
  }
  set.labels = torch::cat(labels);
  return set;
}

TEST(ClassBalanceTest, WeightsMakeClassesCountAlike) {
  const ImageSet set = set_of({6, 0, 3, 1});
  const torch::Tensor weights = balanced_weights(set.labels, 4);
  const torch::Tensor counts = torch::tensor({6, 0, 3, 1});
  EXPECT_TRUE((weights * counts)
                  .allclose(torch::tensor({10 / 3.0, 0.0, 10 / 3.0, 10 / 3.0})
                                .to(torch::kFloat32)));
  EXPECT_NEAR(
      weights.index_select(0, set.labels).mean().item<double>(), 1, 1e-6
  );
}

TEST(ClassBalanceTest, BalancedOrdersDrawEveryClassAlikeAndRepeatably) {
  const ImageSet set = set_of({900, 100});
  const torch::Tensor indices = torch::arange(1000, torch::kInt64);
  const torch::Tensor order = balanced_order(indices, set.labels, 1, 0);
  EXPECT_EQ(order.numel(), 1000);
  const torch::Tensor drawn = set.labels.index_select(0, order);
  EXPECT_NEAR(drawn.sum().item<double>(), 500, 60);
  EXPECT_TRUE(torch::equal(order, balanced_order(indices, set.labels, 1, 0)));
  EXPECT_FALSE(torch::equal(order, balanced_order(indices, set.labels, 1, 1)));
  // A part that lacks the second class.
  EXPECT_LT(
      balanced_order(indices.narrow(0, 0, 900), set.labels, 1, 0)
          .max()
          .item<int64_t>(),
      900
  );
}

TEST(ClassBalanceTest, SaysNothingOfClassesOfLikeSize) {
  EXPECT_EQ(balance_warnings(set_of({100, 60, 3})), Warnings{});
}

TEST(ClassBalanceTest, WarnsOfMissingTinyAndUnequalClasses) {
  EXPECT_EQ(
      balance_warnings(set_of({100, 2, 0, 1})),
      (Warnings{
          "no training picture of c, which can never be learned",
          "only one or two training pictures of b, d",
          "the classes are of very unequal size, from 100 training pictures of "
          "a to 1 of d; small ones may never be answered, unless by "
          "--class-weights balanced or --sampling balanced"})
  );
  EXPECT_EQ(balance_warnings(set_of({490, 10})), Warnings{});
  EXPECT_EQ(balance_warnings(set_of({10, 500})).size(), 1U);
}

TEST(ClassBalanceTest, NamesClassesThatAreNeverAnswered) {
  const torch::Tensor logits =
      torch::tensor({{3.F, 0.F, 0.F}, {2.F, 1.F, 0.F}, {1.F, 0.F, 0.F}});
  const Evaluation evaluation =
      evaluation_of(logits, torch::tensor({0, 1, 1}, torch::kInt64));
  EXPECT_EQ(
      never_answered_warnings(evaluation, {"a", "b", "c"}),
      Warnings{
          "the class b is never answered, although it is right for 2 of the 3 "
          "scored pictures"}
  );
}

}  // namespace
}  // namespace digitorch
