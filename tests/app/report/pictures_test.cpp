#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "app/report/drawing/png.h"
#include "app/report/drawing/svg.h"
#include "app/report/pictures/activations.h"
#include "app/report/pictures/annotate.h"
#include "app/report/pictures/confusion.h"
#include "app/report/pictures/curves.h"
#include "app/report/pictures/embedding.h"
#include "app/report/pictures/explanation.h"
#include "app/report/pictures/filters.h"
#include "app/report/pictures/image_grid.h"
#include "app/report/pictures/learning_step.h"
#include "app/report/pictures/network_diagram.h"
#include "app/report/pictures/reliability.h"
#include "app/report/pictures/saliency.h"
#include "app/report/pictures/small_network.h"
#include "tests/app/report/overlaps.h"

namespace digitorch {
namespace {

using testing::illegible;
using testing::texts_of;
using ::testing::Values;

using Strings = std::vector<std::string>;

bool holds(const Drawing& drawing, const std::string& wanted) {
  const Strings texts = texts_of(drawing);
  return std::find(texts.begin(), texts.end(), wanted) != texts.end();
}

template <class Kind>
std::vector<Kind> shapes_of(const Drawing& drawing) {
  std::vector<Kind> found;
  for (const Shape& shape : drawing.shapes)
    if (const auto* one = std::get_if<Kind>(&shape)) found.push_back(*one);
  return found;
}

/// No two texts overlap, and both forms can be written.
void expect_legible(const Drawing& drawing) {
  EXPECT_EQ(illegible(drawing), Strings{});
  EXPECT_GT(testing::count_elements(to_svg(drawing), "text"), 0);
  EXPECT_EQ(to_png(drawing, 0.5).substr(1, 3), "PNG");
}

Strings names_of(int classes, const std::string& prefix) {
  Strings names;
  for (int i = 0; i < classes; ++i) names.push_back(prefix + std::to_string(i));
  return names;
}

std::vector<uint8_t> ramp() {
  std::vector<uint8_t> pixels;
  for (int i = 0; i < 784; ++i) pixels.push_back(uint8_t(i / 28 * 9));
  return pixels;
}

std::vector<EpochReport> epochs(int count, bool validated = true) {
  std::vector<EpochReport> history;
  for (int i = 1; i <= count; ++i) {
    history.push_back({
        .epoch = i,
        .train_loss = 1.0 / i,
        .train_accuracy = 1 - 0.1 / i,
    });
    if (!validated) continue;
    history.back().validation_loss = 0.8 / i;
    // The best is the last but one.
    history.back().validation_accuracy = 0.9 - 0.01 * std::abs(i - count + 1);
  }
  return history;
}

/// Points of the first thick line in the left panel: of the training loss.
std::size_t training_points(const Drawing& curves) {
  for (const Polyline& line : shapes_of<Polyline>(curves))
    if (line.stroke.width > 1.5 && line.points.size() > 2)
      return line.points.size();
  return 0;
}

TEST(CurvesTest, ShowTrainingAndValidationWithTheBestEpochMarked) {
  const Drawing curves = draw_curves(epochs(12), {});
  expect_legible(curves);
  EXPECT_TRUE(holds(curves, "loss"));
  EXPECT_TRUE(holds(curves, "accuracy"));
  EXPECT_TRUE(holds(curves, "best: epoch 11"));
  EXPECT_EQ(training_points(curves), 12U);
}

TEST(CurvesTest, ShowTheStepsOfShortRunsOnly) {
  std::vector<StepRecord> steps;
  for (int i = 1; i <= 20; ++i) steps.push_back({i, i / 10.0, 1.0 / i, 0.9});
  EXPECT_EQ(training_points(draw_curves(epochs(2), steps)), 20U);
  EXPECT_EQ(training_points(draw_curves({}, steps)), 20U);
  EXPECT_EQ(training_points(draw_curves(epochs(3), steps)), 3U);
}

TEST(CurvesTest, NeedNeitherValidationNorManyEpochs) {
  const Drawing curves = draw_curves(epochs(5, false), {});
  expect_legible(curves);
  EXPECT_FALSE(holds(curves, "validation"));
  expect_legible(draw_curves(epochs(1), {}));
  expect_legible(draw_curves({}, {}));
}

class OfClasses : public ::testing::TestWithParam<int> {};

TEST_P(OfClasses, ConfusionIsLegible) {
  for (const char* prefix : {"", "Ankle boot "}) {
    const torch::Tensor counts =
        torch::full({GetParam(), GetParam()}, 12345, torch::kLong);
    expect_legible(draw_confusion(counts, names_of(GetParam(), prefix)));
  }
}

TEST_P(OfClasses, EmbeddingIsLegible) {
  std::vector<std::array<float, 2>> points;
  std::vector<int64_t> labels;
  for (int i = 0; i < 200; ++i) {
    points.push_back({float(std::cos(i)), float(std::sin(i))});
    labels.push_back(i % GetParam());
  }
  points[3] = {NAN, 1};
  const Drawing drawing = draw_embedding(
      points, labels, names_of(GetParam(), "Ankle boot "), {0.34, 0.121}
  );
  expect_legible(drawing);
  EXPECT_TRUE(holds(drawing, "first principal component (34 % of the variance)")
  );
  for (const std::string& name : names_of(GetParam(), "Ankle boot "))
    EXPECT_TRUE(holds(drawing, name)) << name;
}

TEST_P(OfClasses, SmallNetworkIsLegible) {
  torch::manual_seed(1);
  const NamedTensors parameters{
      {"hidden.0.weight", torch::randn({32, 784})},
      {"hidden.0.bias", torch::randn({32})},
      {"hidden.1.weight", torch::randn({5, 32})},
      {"output.weight", torch::randn({GetParam(), 5})},
  };
  const Drawing drawing =
      draw_small_network(parameters, names_of(GetParam(), "Ankle boot "));
  expect_legible(drawing);
  EXPECT_TRUE(holds(drawing, "hidden 1: 32"));
  EXPECT_EQ(shapes_of<Raster>(drawing).size(), 32U);
  EXPECT_EQ(shapes_of<Circle>(drawing).size(), 5U + std::size_t(GetParam()));
}

TEST_P(OfClasses, ActivationsAreLegible) {
  const NamedTensors layers{
      {"conv 1", torch::rand({100, 28, 28})},
      {"pool 1", torch::zeros({3, 14, 14})},
      {"hidden 1", torch::rand({130})},
  };
  const std::vector<double> probabilities(
      std::size_t(GetParam()), 1.0 / GetParam()
  );
  const Drawing drawing = draw_activations(
      {ramp()}, layers, names_of(GetParam(), "Ankle boot "), probabilities
  );
  expect_legible(drawing);
  EXPECT_TRUE(holds(drawing, "conv 1: first 64 of 100 maps of 28 x 28"));
  EXPECT_TRUE(holds(drawing, "hidden 1: 130 units"));
  EXPECT_TRUE(holds(drawing, "Ankle boot 1"));
}

INSTANTIATE_TEST_SUITE_P(Pictures, OfClasses, Values(2, 10, 26));

TEST(ConfusionTest, TellsCountShareAndAccuracy) {
  const auto counts = torch::tensor({{970, 30}, {0, 0}}, torch::kLong);
  const Drawing drawing = draw_confusion(counts, {"cat", "dog"});
  EXPECT_TRUE(holds(drawing, "accuracy 97.00 %, 970 of 1,000"));
  EXPECT_TRUE(holds(drawing, "970"));
  EXPECT_TRUE(holds(drawing, "97.0 %"));
  EXPECT_TRUE(holds(drawing, "3.0 %"));
  EXPECT_FALSE(holds(drawing, "0"));  // cells without pictures stay empty
  const Raster cells = shapes_of<Raster>(drawing).at(0);
  EXPECT_LT(cells.rgb[0], cells.rgb[2]);  // what is right is blue
  EXPECT_GT(cells.rgb[3], cells.rgb[5]);  // what is mistaken is orange
  EXPECT_EQ(cells.rgb[6], 255);
}

TEST(ConfusionTest, RefusesCountsOfOtherClasses) {
  EXPECT_THROW(
      draw_confusion(torch::zeros({2, 2}, torch::kLong), {"a", "b", "c"}),
      c10::Error
  );
}

TEST(DigitGridTest, KeepsCaptionsApart) {
  const std::vector<CaptionedImage> digits(
      23, {{ramp()}, {"is Ankle boot", "said T-shirt/top", "98.10 %"}}
  );
  const Drawing grid = draw_image_grid("Mistakes, the surest first", digits, 8);
  expect_legible(grid);
  EXPECT_EQ(shapes_of<Raster>(grid).size(), 23U);
  EXPECT_TRUE(holds(grid, "said T-shirt/top"));
  expect_legible(draw_image_grid(
      std::string(200, 'W'), {{{ramp()}, {std::string(900, 'W')}}}, 8
  ));
  expect_legible(draw_image_grid("No mistakes", {}, 8));
}

TEST(DigitGridTest, ShowsInkDarkOnPaper) {
  std::vector<uint8_t> pixels(784, 0);
  pixels[0] = 255;
  const Drawing grid = draw_image_grid("", {{{pixels}, {"is 4"}}}, 1);
  const Raster digit = shapes_of<Raster>(grid).at(0);
  EXPECT_EQ(digit.rgb[0], 0);
  EXPECT_EQ(digit.rgb[3], 255);
  pixels.pop_back();
  EXPECT_THROW(draw_image_grid("", {{{pixels}, {}}}, 1), std::logic_error);
}

TEST(FiltersTest, ShowKernelsWithZeroAsWhite) {
  const NamedTensors parameters{
      {"conv.0.weight", torch::zeros({16, 1, 3, 3})},
      {"conv.0.bias", torch::ones({16})},
      {"conv.1.weight", torch::rand({64, 40, 5, 5}) - 0.5},
      {"output.weight", torch::ones({10, 784})},
  };
  const Drawing drawing = draw_filters(parameters);
  expect_legible(drawing);
  EXPECT_TRUE(holds(drawing, "conv 1: 16 kernels 3 x 3"));
  EXPECT_TRUE(holds(
      drawing,
      "conv 2: 5 x 5 kernels, 32 of 64 outputs down, 32 of 40 inputs across"
  ));
  const auto rasters = shapes_of<Raster>(drawing);
  ASSERT_EQ(rasters.size(), 4U);  // two scales, two tables
  EXPECT_EQ(rasters[1].rgb[0], 255);
}

TEST(FiltersTest, ShowTheFirstLayerOfANetworkWithoutKernels) {
  torch::Tensor weight = torch::zeros({120, 784});
  weight[0][0] = 1;
  weight[0][1] = -1;
  const Drawing drawing = draw_filters({{"hidden.0.weight", weight}});
  expect_legible(drawing);
  EXPECT_TRUE(holds(drawing, "hidden 1: weights of 100 of 120 units"));
  const Raster templates = shapes_of<Raster>(drawing).at(1);
  EXPECT_GT(templates.rgb[0], templates.rgb[2]);  // orange
  const std::size_t second = 2 * 3;               // a weight is two pixels wide
  EXPECT_LT(templates.rgb[second], templates.rgb[second + 2]);  // blue
}

TEST(FiltersTest, RefuseANetworkWithoutAny) {
  EXPECT_THROW(
      draw_filters({{"output.weight", torch::ones({10, 20})}}), c10::Error
  );
}

TEST(ActivationsTest, RefuseWhatDoesNotFit) {
  EXPECT_THROW(
      draw_activations(
          {ramp()}, {{"conv 1", torch::ones({1, 2, 3, 4})}}, {"a"}, {1.0}
      ),
      c10::Error
  );
  EXPECT_THROW(draw_activations({ramp()}, {}, {"a", "b"}, {1.0}), c10::Error);
}

TEST(SaliencyTest, ShowsPictureHeatAndBoth) {
  std::vector<float> saliency(784, 0);
  saliency[27] = 0.0634019F;
  const Drawing drawing = draw_saliency({ramp()}, saliency, "Why this is a 4");
  expect_legible(drawing);
  EXPECT_TRUE(holds(drawing, "0.063"));
  EXPECT_EQ(shapes_of<Raster>(drawing).size(), 4U);  // and the scale
  expect_legible(draw_saliency({ramp()}, std::vector<float>(784, 0), ""));
  EXPECT_THROW(draw_saliency({ramp()}, {1}, ""), std::logic_error);
}

Explanation explanation_of(const cv::Size& photo, const std::string& name) {
  return {
      .title = name + ".jpg: 7 (98.20 %)",
      .photo = cv::Mat(photo, CV_8U, cv::Scalar(200)),
      .ink = cv::Mat(photo, CV_8U, cv::Scalar(0)),
      .picture = {ramp()},
      .saliency = std::vector<float>(784, 0.5F),
      .answers = {{name, 0.982}, {"1", 0.017}, {"9", 0.001}},
      .nearest = {8, {{ramp()}, {"is 7"}}}};
}

TEST(ExplanationTest, IsLegibleForAnyPictureAndAnyNames) {
  for (const cv::Size photo : {cv::Size(1, 1), {3000, 20}, {20, 900}})
    for (const auto& name : {std::string("7"), std::string(200, 'W')}) {
      Explanation shown = explanation_of(photo, name);
      expect_legible(draw_explanation(shown));
      shown.nearest.clear();
      shown.ink.release();
      expect_legible(draw_explanation(shown));
    }
}

TEST(ExplanationTest, ShowsPicturesAnswersAndNeighbours) {
  const Drawing sheet = draw_explanation(explanation_of({640, 480}, "7"));
  EXPECT_TRUE(holds(sheet, "7.jpg: 7 (98.20 %)"));
  EXPECT_TRUE(holds(sheet, "98.20 %"));
  EXPECT_TRUE(holds(sheet, "is 7"));
  const std::vector<Raster> rasters = shapes_of<Raster>(sheet);
  ASSERT_EQ(rasters.size(), 4U + 8U);
  // The photo keeps its aspect.
  EXPECT_DOUBLE_EQ(rasters[0].size.width / rasters[0].size.height, 4.0 / 3);
  // Bars as long as the answers are probable.
  const std::vector<Rectangle> bars = shapes_of<Rectangle>(sheet);
  ASSERT_EQ(bars.size(), 6U);
  EXPECT_NEAR(bars[1].size.width / bars[0].size.width, 0.982, 1e-9);
}

TEST(NetworkDiagramTest, TellsShapesAndParametersInRows) {
  std::vector<LayerShape> layers{
      {"input", {1, 28, 28}},
      {"conv 1", {16, 28, 28}, 4640},
      {"pool 1", {16, 14, 14}},
  };
  for (int i = 1; i <= 17; ++i)
    layers.push_back({"hidden " + std::to_string(i), {65536}, 33'554'432});
  const Drawing drawing = draw_network("cnn: a long summary", layers);
  expect_legible(drawing);
  EXPECT_TRUE(holds(drawing, "16 x 14 x 14"));
  EXPECT_TRUE(holds(drawing, "4,640 parameters"));
  EXPECT_LT(drawing.size.width, 1300);
  expect_legible(draw_network(
      std::string(300, 'W'), {{std::string(300, 'W'), {1, 1, 1}, 1}}
  ));
}

LearningStep step_of(const std::vector<int64_t>& units) {
  torch::manual_seed(1);
  Example example;
  example.layers = make_dense_layers(units, "torch");
  example.activation = "tanh";
  example.input = torch::rand({1, units.front()}, torch::kFloat64);
  for (DenseLayer& layer : example.layers)
    layer = {layer.weight.to(torch::kFloat64), layer.bias.to(torch::kFloat64)};
  return take_step(example, 50);
}

TEST(LearningStepPictureTest, ShowsEveryUnitOfASmallNetwork) {
  const LearningStep step = step_of({2, 3, 2});
  const Drawing drawing = draw_learning_step(step);
  expect_legible(drawing);
  EXPECT_EQ(shapes_of<Circle>(drawing).size(), 2 * 7U);  // a ring is two
  EXPECT_TRUE(holds(drawing, "hidden 1: by finite difference"));
  EXPECT_TRUE(holds(drawing, "output: gradient"));
  EXPECT_TRUE(holds(drawing, "target 1"));
  expect_legible(draw_learning_step(step_of({6, 6, 6, 6, 6})));
}

TEST(LearningStepPictureTest, ShowsWeightsOfPixelsAsImages) {
  const Drawing drawing = draw_learning_step(step_of({784, 10, 10}));
  expect_legible(drawing);
  EXPECT_TRUE(shapes_of<Circle>(drawing).empty());
  // The input, tiles and a scale for each of three, and three tables.
  EXPECT_EQ(shapes_of<Raster>(drawing).size(), 1U + 3 * 2 + 3);
  expect_legible(draw_learning_step(step_of({30, 40, 2})));
}

TEST(NetworkDiagramTest, LaterRowsAreJoinedToTheirFormerOnes) {
  const std::vector<LayerShape> layers(12, {"hidden 1", {128}, 1'000'000});
  const Drawing drawing = draw_network("", layers);
  // 11 arrows of a line and a head; that to the second row turns four times.
  std::size_t turns = 0;
  std::size_t lines = 0;
  for (const Polyline& line : shapes_of<Polyline>(drawing)) {
    lines += 1;
    turns = std::max(turns, line.points.size());
  }
  EXPECT_EQ(lines, 22U);
  EXPECT_EQ(turns, 6U);
  // Eight units, each a ring of two circles, and three dots for all others.
  EXPECT_EQ(shapes_of<Circle>(drawing).size(), 12U * (8 * 2 + 3));
}

int64_t greyed(const Drawing& chart) {
  int64_t count = 0;
  for (const Text& text : shapes_of<Text>(chart))
    count += text.text.starts_with("fewer than");
  return count;
}

TEST(ReliabilityTest, BinsOfFewPicturesAreGrey) {
  Calibration calibration{
      .bins = {{0, 0.5, 2, 0.4, 1}, {0.5, 1, 500, 0.9, 0.9}}};
  for (const Drawing& panel : reliability_panels(calibration))
    expect_legible(panel);
  EXPECT_EQ(greyed(reliability_panels(calibration)[0]), 1);
  calibration.bins[0].samples = kFewInABin;
  EXPECT_EQ(greyed(reliability_panels(calibration)[0]), 0);
}

TEST(AnnotateTest, ALabelThatLeavesThePageMakesItLarger) {
  const cv::Mat page(60, 40, CV_8U, cv::Scalar(255));
  EXPECT_EQ(annotate(page, {}).size(), page.size());
  // The box is as high as the page, and its label wider than it.
  const cv::Mat marked = annotate(page, {{{0, 0, 40, 60}, "123456789"}});
  EXPECT_GT(marked.rows, page.rows);
  EXPECT_GT(marked.cols, page.cols);
  // Nothing is drawn in the outermost pixels.
  const cv::Mat below = marked.row(marked.rows - 1);
  EXPECT_EQ(cv::countNonZero(below.reshape(1) != 255), 0);
}

TEST(SmallNetworkTest, ColoursLinesBySignAndWidensThemBySize) {
  const NamedTensors parameters{
      {"hidden.0.weight", torch::ones({2, 784})},
      {"output.weight", torch::tensor({{1.0F, -0.5F}})},
  };
  const Drawing drawing = draw_small_network(parameters, {"only"});
  std::vector<Stroke> strokes;
  for (const Polyline& line : shapes_of<Polyline>(drawing)) {
    const auto [red, green, blue] = line.stroke.color;
    if (red != green && line.points.size() == 2) strokes.push_back(line.stroke);
  }
  ASSERT_EQ(strokes.size(), 4U);  // two weights, two samples in the legend
  EXPECT_GT(strokes[0].color.blue, strokes[0].color.red);
  EXPECT_GT(strokes[1].color.red, strokes[1].color.blue);
  EXPECT_DOUBLE_EQ(strokes[1].width, 2 * strokes[0].width);
}

TEST(SmallNetworkTest, IsFullyConnectedAndNarrow) {
  const auto first = std::pair{"hidden.0.weight", torch::ones({8, 784})};
  EXPECT_TRUE(is_small_network({first}));
  EXPECT_TRUE(is_small_network({first, {"output.weight", torch::ones({3, 8})}})
  );
  EXPECT_FALSE(is_small_network({}));
  EXPECT_FALSE(is_small_network({{"hidden.0.weight", torch::ones({33, 784})}}));
  EXPECT_FALSE(is_small_network({{"conv.0.weight", torch::ones({8, 1, 3, 3})}})
  );
  EXPECT_THROW(draw_small_network({first}, {"a"}), c10::Error);
  EXPECT_THROW(draw_small_network({}, {}), c10::Error);
}

}  // namespace
}  // namespace digitorch
