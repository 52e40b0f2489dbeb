// What "did you mean" proposes, and where it had better be silent.
#include "models/options/nearest.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace digitorch {
namespace {

const std::vector<std::string> kCommands = {
    "train", "sweep", "eval", "report", "classify", "samples"};

TEST(NearestNameTest, OneSlipOfTheFingersIsFound) {
  EXPECT_EQ(nearest_name("trian", kCommands), "train");   // swapped
  EXPECT_EQ(nearest_name("trin", kCommands), "train");    // left out
  EXPECT_EQ(nearest_name("traain", kCommands), "train");  // typed twice
  EXPECT_EQ(nearest_name("tram", kCommands), "train");    // two letters for one
  EXPECT_EQ(nearest_name("Eval", kCommands), "eval");
  EXPECT_EQ(nearest_name("clasify", kCommands), "classify");
}

TEST(NearestNameTest, OfSeveralTheNearestIsChosen) {
  EXPECT_EQ(
      nearest_name("epoch", {"warmup-epochs", "epochs", "step-epochs"}),
      "epochs"
  );
  EXPECT_EQ(nearest_name("bat", {"cat", "bats", "bath"}), "cat");
}

TEST(NearestNameTest, ABeginningOfOneNameIsFound) {
  EXPECT_EQ(nearest_name("class", kCommands), "classify");
  EXPECT_EQ(nearest_name("s", kCommands), std::nullopt);  // two begin with it
}

TEST(NearestNameTest, ANameOfItsOwnIsNoSlip) {
  EXPECT_EQ(nearest_name("predict", kCommands), std::nullopt);
  EXPECT_EQ(nearest_name("dog", {"cat", "cnn"}), std::nullopt);
  EXPECT_EQ(nearest_name("", kCommands), std::nullopt);
  EXPECT_EQ(nearest_name("train", {}), std::nullopt);
}

TEST(NearestNameTest, TheEndOfAMessageNamesItOrIsEmpty) {
  EXPECT_EQ(
      did_you_mean("modle", {"model"}, "--"), "; did you mean '--model'?"
  );
  EXPECT_EQ(did_you_mean("predict", kCommands), "");
}

}  // namespace
}  // namespace digitorch
