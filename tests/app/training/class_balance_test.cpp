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
          "a to 1 of d; small ones may never be answered"})
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
