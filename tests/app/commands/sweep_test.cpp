// What a sweep tries, and how its runs are ranked.
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <stdexcept>

#include "app/commands/sweep/folder.h"
#include "app/commands/sweep/plan.h"
#include "tests/support/temp_dir.h"

namespace digitorch {
namespace {

using Texts = std::vector<std::string>;

SweepPlan plan_of(const Texts& axes, int64_t random = 0, int64_t seed = 1) {
  SweepPlan plan{
      .random = random, .base = {{"seed", std::to_string(seed), "test"}}};
  for (const std::string& axis : axes) plan.axes.push_back(parse_axis(axis));
  return plan;
}

TEST(SweepPlanTest, GridHasEveryCombinationTheLastAxisFastest) {
  const std::vector<SweepPoint> expected = {
      {"0.1", "0"}, {"0.1", "0.5"}, {"0.01", "0"}, {"0.01", "0.5"}};
  EXPECT_EQ(points(plan_of({"lr=0.1,0.01", "dropout=0,0.5"})), expected);
}

TEST(SweepPlanTest, ListsAreDividedBySlashes) {
  const SweepAxis axis = parse_axis("hidden=128/256,128");
  EXPECT_EQ(axis.values, (Texts{"128", "256,128"}));
  const SweepPlan plan = plan_of({"hidden=128/256,128"});
  const TrainSettings settings = settings_of(plan, points(plan)[1]);
  EXPECT_EQ(
      std::get<CnnOptions>(settings.network).hidden,
      (std::vector<int64_t>{256, 128})
  );
}

TEST(SweepPlanTest, DrawnPointsLieInTheirRangesAndFollowTheSeed) {
  const Texts axes = {"lr=0.001..0.1", "epochs=2..4", "dropout=0..0.5"};
  const auto drawn = points(plan_of(axes, 200, 5));
  ASSERT_EQ(drawn.size(), 200);
  std::set<std::string> epochs;
  int below_the_geometric_mean = 0;
  for (const SweepPoint& point : drawn) {
    const double lr = std::stod(point[0]);
    EXPECT_GE(lr, 0.001);
    EXPECT_LE(lr, 0.1);
    below_the_geometric_mean += lr < 0.01;
    epochs.insert(point[1]);
    EXPECT_LE(std::stod(point[2]), 0.5);
  }
  EXPECT_EQ(epochs, (std::set<std::string>{"2", "3", "4"}));
  // 100 expected of a range drawn by its logarithm, 18 of one drawn evenly.
  EXPECT_NEAR(below_the_geometric_mean, 100, 30);
  EXPECT_EQ(points(plan_of(axes, 200, 5)), drawn);
  EXPECT_NE(points(plan_of(axes, 200, 6)), drawn);
}

TEST(SweepPlanTest, DrawnFromAGridNoPointComesTwice) {
  const auto drawn = points(plan_of({"lr=1,2,3", "epochs=1,2"}, 5));
  EXPECT_EQ(drawn.size(), 5);
  EXPECT_EQ(std::set<SweepPoint>(drawn.begin(), drawn.end()).size(), 5);
  EXPECT_EQ(points(plan_of({"lr=1,2,3", "epochs=1,2"}, 100)).size(), 6);
}

TEST(TrainSettingsTest, WeightDecayIsByDefaultThatOfAdamwAlone) {
  const auto decay = [](std::vector<GivenOption> typed) {
    return resolve({.typed = std::move(typed)}).train.optimizer.weight_decay;
  };
  EXPECT_GT(decay({}), 0);
  EXPECT_EQ(decay({{"optimizer", "sgd", ""}}), 0);
  EXPECT_EQ(decay({{"optimizer", "adam", ""}}), 0);
  EXPECT_EQ(
      decay({{"weight-decay", "0.1", ""}, {"optimizer", "sgd", ""}}), 0.1
  );
}

TEST(SweepPlanTest, SharesOptionsThatOnlySomeOfItsModelsHave) {
  SweepPlan plan = plan_of({"model=mlp,scratch"}, 0, 9);
  plan.base.push_back({"activation", "tanh", "test"});
  for (const SweepPoint& point : points(plan))
    EXPECT_EQ(kind_of(settings_of(plan, point).network), point[0]);
  EXPECT_EQ(seed_of(plan), 9);
}

TEST(SweepPlanTest, ComesBackFromJson) {
  const SweepPlan plan = plan_of({"lr=0.001..0.1", "epochs=1,2"}, 7);
  const nlohmann::json json = to_json(plan);
  const SweepPlan read = sweep_plan({json, "sweep.json"});
  EXPECT_EQ(to_json(read), json);
  EXPECT_EQ(points(read), points(plan));
}

class BadAxisTest : public ::testing::TestWithParam<const char*> {};

TEST_P(BadAxisTest, IsRefusedNamingIt) {
  try {
    parse_axis(GetParam());
    FAIL() << GetParam();
  } catch (const std::runtime_error& error) {
    const std::string text = error.what();
    EXPECT_TRUE(text.starts_with("--grid: found")) << text;
    EXPECT_NE(text.find(GetParam()), std::string::npos) << text;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Texts,
    BadAxisTest,
    ::testing::Values(
        "lr",
        "=1",
        "",
        "lr=1..0",
        "lr=1..1",
        "lr=a..b",
        "lr=1,1",
        "data=mnist,x"
    )
);

TEST(SweepPlanTest, RangeNeedsRandom) {
  EXPECT_THROW(points(plan_of({"lr=0.1..0.2"})), std::runtime_error);
}

TEST(SweepPlanTest, TooManyPointsAreRefused) {
  std::string values = "seed=0";
  for (int i = 1; i < 400; ++i) values += "," + std::to_string(i);
  std::string epochs = "epochs=1";
  for (int i = 2; i < 400; ++i) epochs += "," + std::to_string(i);
  EXPECT_THROW(points(plan_of({values, epochs})), std::runtime_error);
}

Sweep three_runs() {
  Sweep sweep{.plan = plan_of({"hidden=8/16,8/32"})};
  sweep.runs = {
      {.number = 0,
       .point = {"8"},
       .validation_accuracy = 0.9,
       .validation_loss = 0.4},
      {.number = 1, .point = {"16,8"}, .diverged = true},
      {.number = 2,
       .point = {"32"},
       .validation_accuracy = 0.9,
       .validation_loss = 0.3}};
  return sweep;
}

TEST(SweepTest, RanksByAccuracyThenLossAndDivergedRunsLast) {
  EXPECT_EQ(ranking(three_runs()), (std::vector<size_t>{2, 0, 1}));
  EXPECT_EQ(best_run(three_runs()), 2);
}

TEST(SweepTest, HasNoBestRunWhereAllDiverged) {
  Sweep sweep{.plan = plan_of({"lr=1"})};
  EXPECT_EQ(best_run(sweep), std::nullopt);
  sweep.runs = {{.point = {"1"}, .diverged = true}};
  EXPECT_EQ(best_run(sweep), std::nullopt);
}

TEST(SweepTest, TableQuotesLists) {
  EXPECT_EQ(
      to_csv(three_runs()),
      "run,hidden,status,best_epoch,validation_accuracy,validation_loss,"
      "train_accuracy,seconds\n"
      "1,8,done,0,0.9,0.4,0.0,0.0\n"
      "2,\"16,8\",diverged,,,,,\n"
      "3,32,done,0,0.9,0.3,0.0,0.0\n"
  );
}

TEST(SweepPlanTest, AShardBeginsWithItsPartAndHelpsTheNextOnes) {
  using Order = std::vector<size_t>;
  EXPECT_EQ(order_of_shard(4, ""), (Order{0, 1, 2, 3}));
  EXPECT_EQ(order_of_shard(5, "1/2"), (Order{0, 2, 4, 1, 3}));
  EXPECT_EQ(order_of_shard(7, "2/3"), (Order{1, 4, 2, 5, 0, 3, 6}));
  EXPECT_EQ(order_of_shard(2, "3/3"), (Order{0, 1}));
  for (const char* wrong :
       {"0/2", "3/2", "2", "/2", "1/", "a/b", "1/2x", "-1/2", "1/0"})
    EXPECT_THROW(order_of_shard(4, wrong), std::runtime_error) << wrong;
}

TEST(SweepFolderTest, GivesBackWhatWasAdded) {
  const testing::TempDir folder;
  const Sweep sweep = three_runs();
  const SweepFolder made =
      SweepFolder::create({folder / "sweep"}, {.plan = sweep.plan});
  for (const size_t i : {size_t{2}, size_t{0}, size_t{1}})
    made.add(sweep.runs[i], nullptr, {});
  const Sweep loaded = SweepFolder::open(folder / "sweep").load();
  EXPECT_EQ(to_csv(loaded), to_csv(sweep));
  EXPECT_EQ(to_json(loaded.plan), to_json(sweep.plan));
}

TEST(SweepFolderTest, HoldsOneSweepAlone) {
  const testing::TempDir folder;
  SweepFolder::create({folder / "sweep"}, three_runs());
  EXPECT_THROW(
      SweepFolder::create({folder / "sweep"}, three_runs()), std::runtime_error
  );
  EXPECT_THROW(SweepFolder::open(folder / "nothing"), std::runtime_error);
}

TEST(SweepFolderTest, ShardsJoinTheSameSweepAndNoOther) {
  const testing::TempDir folder;
  SweepFolder::create_or_join(folder / "sweep", three_runs());
  const SweepFolder joined =
      SweepFolder::create_or_join(folder / "sweep", three_runs());
  EXPECT_EQ(to_csv(joined.load()), to_csv(three_runs()));
  EXPECT_THROW(
      SweepFolder::create_or_join(
          folder / "sweep", {.plan = plan_of({"hidden=8/16"})}
      ),
      std::runtime_error
  );
  std::ofstream(folder / "config.json") << "{}";
  EXPECT_THROW(
      SweepFolder::create_or_join(folder.path(), three_runs()),
      std::runtime_error
  );
}

TEST(SweepFolderTest, APointIsTakenOnceUntilItIsLetGoOrDone) {
  const testing::TempDir folder;
  const Sweep sweep = three_runs();
  const SweepFolder one =
      SweepFolder::create({folder / "sweep"}, {.plan = sweep.plan});
  const SweepFolder other = SweepFolder::open(folder / "sweep");
  const std::vector<size_t> order = {0, 1, 2};
  {
    const auto first = one.take(order);
    ASSERT_TRUE(first.has_value());
    EXPECT_EQ(first->number, 0);
    const auto second = other.take(order);
    ASSERT_TRUE(second.has_value());
    EXPECT_EQ(second->number, 1);
    other.add(sweep.runs[1], nullptr, {});
  }
  const auto again = other.take(order);  // as after a process that was killed
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->number, 0);
  const auto last = one.take(order);
  ASSERT_TRUE(last.has_value());
  EXPECT_EQ(last->number, 2);
  EXPECT_FALSE(one.take(order).has_value());
}

}  // namespace
}  // namespace digitorch
