#include "app/report/charts/chart.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "app/report/charts/heat_map.h"
#include "app/report/charts/ticks.h"
#include "app/report/drawing/svg.h"
#include "tests/app/report/overlaps.h"

namespace digitorch {
namespace {

using testing::count_elements;
using testing::illegible;
using testing::texts_of;
using ::testing::Values;

using Numbers = std::vector<double>;
using Strings = std::vector<std::string>;

bool holds(const Strings& texts, const std::string& wanted) {
  return std::find(texts.begin(), texts.end(), wanted) != texts.end();
}

TEST(TicksTest, AreRoundNumbersWithoutRoundingErrors) {
  EXPECT_EQ(ticks(0, 1, 6, false), (Numbers{0, 0.2, 0.4, 0.6, 0.8, 1}));
  EXPECT_EQ(
      ticks(0.03, 0.31, 7, false), (Numbers{0.05, 0.1, 0.15, 0.2, 0.25, 0.3})
  );
  EXPECT_EQ(ticks(-12, 12, 5, false), (Numbers{-10, -5, 0, 5, 10}));
  EXPECT_EQ(ticks(0, 60000, 4, false), (Numbers{0, 20000, 40000, 60000}));
}

TEST(TicksTest, KeepToWholeNumbersWhereAsked) {
  EXPECT_EQ(ticks(0.9, 3.1, 9, true), (Numbers{1, 2, 3}));
  EXPECT_EQ(ticks(1, 20, 5, true), (Numbers{5, 10, 15, 20}));
}

TEST(TicksTest, OfARangeWithoutExtentAreItsValue) {
  EXPECT_EQ(ticks(3.5, 3.5, 5, false), Numbers{3.5});
}

TEST(TicksTest, AreNeverMoreThanAsked) {
  for (int max = 1; max < 12; ++max)
    for (const double end : {0.007, 0.99, 1.0, 17.3, 123456.0})
      EXPECT_LE(ticks(0, end, max, false).size(), std::size_t(max));
}

TEST(LogTicksTest, AreDecades) {
  EXPECT_EQ(log_ticks(1e-4, 1, 9), (Numbers{1e-4, 1e-3, 1e-2, 0.1, 1}));
  EXPECT_EQ(log_ticks(1e-6, 1, 4), (Numbers{1e-6, 1e-4, 1e-2, 1}));
}

TEST(LogTicksTest, DivideFewDecades) {
  EXPECT_EQ(log_ticks(0.02, 0.6, 6), (Numbers{0.02, 0.05, 0.1, 0.2, 0.5}));
  EXPECT_EQ(log_ticks(3, 4.4, 4), (Numbers{3, 3.5, 4}));
}

TEST(TickTextTest, IsShort) {
  EXPECT_EQ(tick_text(0.05), "0.05");
  EXPECT_EQ(tick_text(1e-5), "1e-05");
  EXPECT_EQ(tick_text(12000), "12000");
  EXPECT_EQ(tick_text(0.1 + 0.2), "0.3");
}

PlotChart falling_lines(int series) {
  PlotChart chart{
      .title = "Loss while training",
      .x = {.label = "epoch", .whole_numbers = true},
      .y = {.label = "loss (nats)"},
  };
  for (int s = 0; s < series; ++s) {
    Series line{.name = "series number " + std::to_string(s)};
    for (int i = 1; i <= 12; ++i)
      line.points.push_back({double(i), (s + 1) / double(i)});
    chart.series.push_back(line);
  }
  return chart;
}

class PlotOfSeries : public ::testing::TestWithParam<int> {};

TEST_P(PlotOfSeries, HasNoTextOnAnother) {
  PlotChart chart = falling_lines(GetParam());
  chart.size.height = 480;
  EXPECT_EQ(illegible(draw(chart)), Strings{});
  chart.title = std::string(300, 'W');
  chart.x.label = std::string(300, 'x');
  chart.y.label = std::string(300, 'y');
  EXPECT_EQ(illegible(draw(chart)), Strings{});
}

INSTANTIATE_TEST_SUITE_P(Legend, PlotOfSeries, Values(0, 1, 2, 10, 26));

TEST(PlotTest, HasTheSizeAskedForAndSaysWhatItShows) {
  const Drawing drawing = draw(falling_lines(2));
  EXPECT_EQ(drawing.size.width, 480);
  EXPECT_EQ(drawing.size.height, 320);
  const Strings texts = texts_of(drawing);
  for (const char* text :
       {"Loss while training",
        "epoch",
        "loss (nats)",
        "series number 0",
        "series number 1"})
    EXPECT_TRUE(holds(texts, text)) << text;
}

TEST(PlotTest, InterruptsALineAtNanAndShowsALonePoint) {
  PlotChart chart{.series = {{.points = {{0, 0}, {1, 1}, {2, NAN}, {3, 1}}}}};
  const Drawing drawing = draw(chart);
  int lines = 0;
  int discs = 0;
  for (const Shape& shape : drawing.shapes) {
    if (const auto* line = std::get_if<Polyline>(&shape))
      lines += line->stroke.width > 1.5;
    discs += std::holds_alternative<Circle>(shape);
  }
  EXPECT_EQ(lines, 1);
  EXPECT_EQ(discs, 1);
}

TEST(PlotTest, SurvivesValuesThatCannotBeShown) {
  PlotChart chart{
      .x = {.logarithmic = true},
      .y = {.logarithmic = true, .min = -1, .max = NAN},
      .series = {{.points = {{0, 1}, {-1, 2}, {1e308, 1}, {INFINITY, NAN}}}},
  };
  EXPECT_GT(count_elements(to_svg(draw(chart)), "text"), 0);
  chart.series[0].points = {{0.001, 5}};
  EXPECT_EQ(illegible(draw(chart)), Strings{});
  EXPECT_GT(count_elements(to_svg(draw(PlotChart{})), "text"), 0);
}

TEST(PlotTest, CutsLinesAtTheLimitsOfItsAxes) {
  PlotChart chart{
      .y = {.min = 0, .max = 1},
      .series = {{.points = {{0, 0.5}, {1, 100}, {2, -100}, {3, 0.5}}}},
  };
  const Drawing drawing = draw(chart);
  double top = 1e9;
  double bottom = -1e9;
  int lines = 0;
  for (const Shape& shape : drawing.shapes) {
    const auto* line = std::get_if<Polyline>(&shape);
    if (line == nullptr || line->stroke.width < 1.5) continue;
    ++lines;
    for (const Point& point : line->points) {
      top = std::min(top, point.y);
      bottom = std::max(bottom, point.y);
    }
  }
  EXPECT_EQ(lines, 3);
  EXPECT_GE(top, 0);
  EXPECT_LT(bottom, chart.size.height - 20);
}

TEST(PlotTest, ShowsShareAsPercent) {
  PlotChart chart{
      .y = {.percent = true},
      .series = {{.points = {{0, 0.96}, {1, 0.99}}}},
  };
  EXPECT_TRUE(holds(texts_of(draw(chart)), "97 %"));
}

TEST(PlotTest, MovesLabelsOfOnePlaceApart) {
  PlotChart chart = falling_lines(1);
  for (int i = 0; i < 26; ++i)
    chart.labels.push_back({{5, 0.5}, "Class " + std::to_string(i)});
  EXPECT_EQ(illegible(draw(chart)), Strings{});
}

HeatMap map_of(int rows, int columns, const std::string& name) {
  HeatMap map{
      .title = "Answers for each true class",
      .row_label = "true class",
      .column_label = "answer",
      .value_label = "share of the true class",
      .percent = true,
  };
  for (int i = 0; i < rows; ++i) map.rows.push_back(name + std::to_string(i));
  for (int i = 0; i < columns; ++i)
    map.columns.push_back(name + std::to_string(i));
  for (int i = 0; i < rows * columns; ++i) map.values.push_back(i % 7 / 7.0);
  return map;
}

class HeatMapOfSize : public ::testing::TestWithParam<int> {};

TEST_P(HeatMapOfSize, HasNoTextOnAnother) {
  for (const char* name : {"", "Ankle boot "}) {
    HeatMap map = map_of(GetParam(), GetParam(), name);
    EXPECT_EQ(illegible(draw(map)), Strings{});
    map.cell_texts.assign(map.values.size(), "12345\n99.87 %");
    const Drawing drawing = draw(map);
    EXPECT_EQ(illegible(drawing), Strings{});
    EXPECT_LT(drawing.size.width, 1600);
    EXPECT_EQ(holds(texts_of(drawing), "99.87 %"), GetParam() <= 26);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Classes, HeatMapOfSize, Values(1, 2, 3, 10, 26, 62, 100, 150)
);

TEST(HeatMapTest, KeepsLettersOfAtLeastEightPixels) {
  HeatMap map = map_of(26, 26, "Ankle boot ");
  map.cell_texts.assign(map.values.size(), "12345\n99.87 %");
  const Drawing drawing = draw(map);
  for (const Shape& shape : drawing.shapes) {
    const auto* text = std::get_if<Text>(&shape);
    EXPECT_TRUE(text == nullptr || text->size >= 8);
  }
}

TEST(HeatMapTest, LeavesCellsOfNanEmpty) {
  HeatMap map = map_of(1, 2, "");
  map.values = {NAN, 0.5};
  const Drawing drawing = draw(map);
  for (const Shape& shape : drawing.shapes) {
    if (const auto* raster = std::get_if<Raster>(&shape)) {
      EXPECT_EQ(raster->columns, 2);
      EXPECT_EQ(raster->rgb[0], 255);
      EXPECT_NE(raster->rgb[3], 255);
      return;
    }
  }
  FAIL() << "no cells";
}

TEST(HeatMapTest, DrawsValuesThatAreAllEqualOrMissing) {
  for (const double value : {0.0, -2.0, 1.0, double(NAN)}) {
    HeatMap map = map_of(2, 2, "");
    map.values.assign(4, value);
    EXPECT_EQ(illegible(draw(map)), Strings{}) << value;
    EXPECT_EQ(count_elements(to_svg(draw(map)), "image"), 2) << value;
  }
}

TEST(HeatMapTest, TakesGivenColoursAndThenHasANoteForABar) {
  HeatMap map = map_of(2, 2, "");
  map.colors = {kInk, kPaper, kFaint, kPaper};
  map.note = "what the colours say";
  const Drawing drawing = draw(map);
  EXPECT_EQ(illegible(drawing), Strings{});
  const Strings texts = texts_of(drawing);
  EXPECT_EQ(std::count(texts.begin(), texts.end(), map.note), 1);
  int rasters = 0;
  for (const Shape& shape : drawing.shapes)
    rasters += std::holds_alternative<Raster>(shape);
  EXPECT_EQ(rasters, 1);  // the cells, and no bar
  map.colors.pop_back();
  EXPECT_THROW(draw(map), std::logic_error);
}

TEST(HeatMapTest, RefusesAnotherNumberOfValuesThanCells) {
  HeatMap map = map_of(2, 2, "");
  map.values.pop_back();
  EXPECT_THROW(draw(map), std::logic_error);
  EXPECT_THROW(draw(HeatMap{}), std::logic_error);
}

TEST(GridTest, PutsDrawingsInRowsUnderTheTitle) {
  const Drawing chart = draw(falling_lines(2));
  const Drawing grid = grid_of("Two runs", {chart, chart, chart}, 2);
  EXPECT_EQ(grid.size.width, 960);
  EXPECT_GT(grid.size.height, 640);
  EXPECT_EQ(illegible(grid), Strings{});
  EXPECT_TRUE(holds(texts_of(grid), "Two runs"));
}

}  // namespace
}  // namespace digitorch
