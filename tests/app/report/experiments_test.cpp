// The pictures of sweeps and of vanishing gradients: legible at any size.
#include <gtest/gtest.h>
#include <torch/types.h>

#include <algorithm>

#include "app/report/pictures/gradient_flow.h"
#include "app/report/pictures/sweep.h"
#include "tests/app/report/overlaps.h"

namespace digitorch {
namespace {

using testing::illegible;
using testing::texts_of;

using Strings = std::vector<std::string>;

int64_t count_of(const Drawing& drawing, const std::string& text) {
  const Strings texts = texts_of(drawing);
  return std::count(texts.begin(), texts.end(), text);
}

Strings numbers(int count) {
  Strings values;
  for (int i = 1; i <= count; ++i) values.push_back("0." + std::to_string(i));
  return values;
}

/// Every point of a grid of two axes, the accuracy rising with both.
SweepResults grid(const Strings& rows, const Strings& columns) {
  SweepResults results{.axes = {{"lr", rows}, {"hidden", columns}}};
  for (size_t i = 0; i < rows.size(); ++i)
    for (size_t j = 0; j < columns.size(); ++j)
      results.runs.push_back(
          {{rows[i], columns[j]},
           0.5 + 0.01 * static_cast<double>(i) + 0.001 * static_cast<double>(j)}
      );
  return results;
}

TEST(SweepPictureTest, HeatMapHoldsEveryAccuracyLegibly) {
  for (const int size : {2, 10, 26}) {
    const Drawing map = draw_sweep(grid(numbers(size), numbers(3)));
    EXPECT_EQ(illegible(map), Strings{}) << size;
    EXPECT_EQ(count_of(map, "50.00 %"), 1) << size;
    EXPECT_EQ(count_of(map, "lr"), 1);
    EXPECT_EQ(count_of(map, "hidden"), 1);
  }
  const Drawing lists =
      draw_sweep(grid(numbers(3), {"512,256,128,64", "1024,512,256", "32"}));
  EXPECT_EQ(illegible(lists), Strings{});
}

TEST(SweepPictureTest, CellIsTheBestOfTheOptionsNotShown) {
  SweepResults results = grid({"0.1", "0.2"}, {"8", "16"});
  results.axes.push_back({"seed", {"1", "2"}});
  const auto first = results.runs;
  results.runs.clear();
  for (const auto& run : first)
    for (const std::string seed : {"1", "2"}) {
      results.runs.push_back(run);
      results.runs.back().point.push_back(seed);
      results.runs.back().accuracy += seed == "2" ? 0.2 : 0;
    }
  const Drawing maps = draw_sweep(results);  // three pairs of axes
  EXPECT_EQ(illegible(maps), Strings{});
  EXPECT_EQ(count_of(maps, "70.00 %"), 1);  // lr 0.1, hidden 8: seed 2
  // lr 0.1, hidden 16: seed 2; and lr 0.1, seed 2: hidden 16.
  EXPECT_EQ(count_of(maps, "70.10 %"), 2);
  EXPECT_EQ(count_of(maps, "Validation accuracy (best of all seed)"), 1);
}

TEST(SweepPictureTest, OneAxisIsARowAndARunThatDivergedAnEmptyCell) {
  SweepResults results{.axes = {{"lr", {"0.1", "9"}}}};
  results.runs = {{{"0.1"}, 0.9}};
  const Drawing row = draw_sweep(results);
  EXPECT_EQ(illegible(row), Strings{});
  EXPECT_EQ(count_of(row, "90.00 %"), 1);
}

TEST(SweepPictureTest, ABadRunLeavesTheOthersTheirColours) {
  SweepResults results{.axes = {{"lr", {"1", "2", "3", "4"}}}};
  results.runs = {{{"1"}, 0.97}, {{"2"}, 0.975}, {{"3"}, 0.98}, {{"4"}, 0.11}};
  const Drawing row = draw_sweep(results);
  EXPECT_EQ(illegible(row), Strings{});
  EXPECT_EQ(count_of(row, "Coloured by rank: yellow is the best."), 1);
  const auto& cells = std::get<Raster>(row.shapes.at(0));
  EXPECT_GT(cells.rgb[3], cells.rgb[0] + 50);  // by value they would be alike
  results.runs.back().accuracy = 0.965;
  EXPECT_EQ(
      count_of(draw_sweep(results), "Coloured by rank: yellow is the best."), 0
  );
}

TEST(SweepPictureTest, RangesAreShownByAMarkARun) {
  SweepResults results{
      .axes = {{"lr", {"0.001", "0.1"}, true}, {"epochs", {"1", "2"}}}};
  for (int i = 1; i <= 20; ++i)
    results.runs.push_back(
        {{"0.0" + std::to_string(i), std::to_string(1 + i % 2)},
         0.9 + 0.001 * i}
    );
  const Drawing marks = draw_sweep(results);
  EXPECT_EQ(illegible(marks), Strings{});
  EXPECT_EQ(count_of(marks, "Validation accuracy by lr"), 1);
  EXPECT_EQ(count_of(marks, "Validation accuracy by epochs"), 1);
  EXPECT_EQ(count_of(marks, "1.2"), 0);  // there are whole epochs only
}

GradientFlow flow_of(const std::string& activation, int64_t depth) {
  const std::vector<int64_t> steps = {20, 40, 60};
  const auto layers = torch::arange(depth + 1, torch::kFloat64);
  return {
      .network =
          {.hidden = std::vector<int64_t>(static_cast<size_t>(depth), 30),
           .activation = activation,
           .initialisation = "xavier"},
      .steps = steps,
      .norms = torch::pow(10, layers - depth).expand({3, depth + 1}).clone()};
}

TEST(GradientFlowPictureTest, HasARowForEachActivationLegibly) {
  std::vector<GradientFlow> flows;
  for (const char* activation : {"sigmoid", "tanh", "relu"})
    for (const int64_t depth : {1, 2, 4, 8, 16})
      flows.push_back(flow_of(activation, depth));
  const Drawing picture = draw_gradient_flow(flows);
  EXPECT_EQ(illegible(picture), Strings{});
  EXPECT_EQ(count_of(picture, "sigmoid, xavier: mean by layer"), 1);
  EXPECT_EQ(count_of(picture, "relu, 16 hidden layers: over training"), 1);
  EXPECT_EQ(count_of(picture, "gradient norm"), 6);
}

TEST(GradientFlowPictureTest, SurvivesAGradientOfZero) {
  GradientFlow flow = flow_of("relu", 2);
  flow.norms.zero_();
  EXPECT_EQ(illegible(draw_gradient_flow({flow})), Strings{});
}

}  // namespace
}  // namespace digitorch
