// Grids around digits, straight and bent, and what is none.
#include "datasets/vision/nets.h"

#include <gtest/gtest.h>

#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace digitorch {
namespace {

constexpr int kCell = 60, kSize = 9 * kCell + 41;

cv::Mat nothing() { return cv::Mat::zeros(kSize, kSize, CV_8U); }

// A line of a grid that is bent by so many pixels.
void draw_line(cv::Mat& mask, int at, double bend, bool upright, int width) {
  std::vector<cv::Point> course;
  for (int along = 20; along <= 20 + 9 * kCell; along += 10) {
    const int off = cvRound(at + bend * std::sin(along / 90.0));
    course.push_back(upright ? cv::Point(off, along) : cv::Point(along, off));
  }
  cv::polylines(mask, course, false, 255, width);
}

cv::Mat grid(double bend) {
  cv::Mat mask = nothing();
  for (int i = 0; i <= 9; ++i)
    for (const bool upright : {false, true})
      draw_line(mask, 20 + i * kCell, bend, upright, i % 3 == 0 ? 6 : 2);
  return mask;
}

// Rings in every third cell, so many pixels from the middle of it.
cv::Mat rings(int down = 0) {
  cv::Mat mask = nothing();
  for (int i = 0; i < 81; i += 3) {
    const cv::Point middle(
        20 + kCell / 2 + i % 9 * kCell, 20 + kCell / 2 + i / 9 * kCell + down
    );
    cv::ellipse(mask, middle, {9, 14}, 0, 0, 360, 255, 3);
  }
  return mask;
}

int differing(const cv::Mat& a, const cv::Mat& b) {
  return cv::countNonZero(a != b);
}

TEST(ClearNets, LeavesWhatIsWrittenInTheCells) {
  for (const double bend : {0.0, 3.0, 8.0}) {
    cv::Mat mask = grid(bend) | rings();
    clear_nets(mask);
    EXPECT_EQ(differing(mask, rings()), 0) << bend;
  }
}

TEST(ClearNets, NumbersRowsAndColumnsOfTheCells) {
  for (const double bend : {0.0, 3.0}) {
    cv::Mat mask = grid(bend) | rings();
    const std::vector<GridCell> cells = clear_nets(mask);
    ASSERT_EQ(cells.size(), 81U) << bend;
    for (const GridCell& cell : cells) {
      const cv::Point middle = (cell.box.tl() + cell.box.br()) / 2;
      EXPECT_EQ(cell.row, (middle.y - 20) / kCell) << cell.box;
      EXPECT_EQ(cell.column, (middle.x - 20) / kCell) << cell.box;
    }
  }
}

TEST(ClearNets, BoxesOfSeveralLinesAreNoCells) {
  cv::Mat mask = rings();
  for (int i = 0; i <= 9; i += 3)
    for (const bool upright : {false, true})
      draw_line(mask, 20 + i * kCell, 0, upright, 6);
  EXPECT_TRUE(clear_nets(mask).empty());
  EXPECT_EQ(differing(mask, rings()), 0);
}

TEST(ClearNets, LeavesDigitsThatTouchALine) {
  // The rings of one row stand on the line below them.
  cv::Mat low = rings(14), written = rings();
  const cv::Range row(20 + 4 * kCell, 20 + 5 * kCell - 3);
  low.rowRange(row).copyTo(written.rowRange(row));
  cv::Mat mask = grid(0) | written;
  clear_nets(mask);
  EXPECT_LT(differing(mask, written), 0.03 * cv::countNonZero(written));
}

TEST(ClearNets, LeavesSquaredPaperOnWhichDigitsLieAcrossTheLines) {
  cv::Mat mask = grid(0);
  for (int i = 1; i < 9; i += 2)
    cv::ellipse(mask, {20 + i * kCell, 240}, {25, 45}, 0, 0, 360, 255, 5);
  const cv::Mat before = mask.clone();
  clear_nets(mask);
  EXPECT_EQ(differing(mask, before), 0);
}

TEST(ClearNets, LeavesAnEmptyGridAndDigitsWithoutOne) {
  for (const cv::Mat& alone : {grid(0), rings()}) {
    cv::Mat mask = alone.clone();
    clear_nets(mask);
    EXPECT_EQ(differing(mask, alone), 0);
  }
}

}  // namespace
}  // namespace digitorch
