#include "datasets/vision/nets.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "datasets/vision/morphology.h"
#include "datasets/vision/quantiles.h"

namespace digitorch {
namespace {

// A net has at least so many cells,
constexpr int kMinCells = 9;
// and at most so many: more are squared paper,
constexpr int kMaxCells = 1000;
// of at least this part of its usual cell's area,
constexpr double kMinCell = 0.25;
// which cover at least this part of it.
constexpr double kMinCovered = 0.5;
// In pixels: smaller boxes are no nets.
constexpr int kMinNet = 60;

// In at least this part of the cells something is written,
constexpr double kMinWritten = 0.1;
// which is as high as this part of the cell, at least and at most.
constexpr double kMinHeight = 0.25;
constexpr double kMaxHeight = 0.95;

// What reaches further into a cell than this part of it is no line.
constexpr double kDeep = 0.2;
// But a line may be broken off. It is longer than this part of the cell,
constexpr double kMinWall = 0.5;
// and so many times as thick as the others, at most.
constexpr double kMaxWall = 1.5;

// Of a cell's side: a neighbour is no further from where it should be, and
// cells of one row differ by no more in height.
constexpr double kMaxAway = 0.5;

using Outline = std::vector<cv::Point>;

struct Cell {
  Outline hull;
  cv::Rect box;
  double side = 0;  // of a square of its area
};

// The convex hulls of the holes of the component that are alike.
std::vector<Cell> cells_of(const cv::Mat& component) {
  std::vector<Outline> outlines;
  std::vector<cv::Vec4i> hierarchy;
  cv::findContours(
      component, outlines, hierarchy, cv::RETR_CCOMP, cv::CHAIN_APPROX_SIMPLE
  );
  std::vector<Cell> cells;
  std::vector<double> sides;
  for (std::size_t i = 0; i < outlines.size(); ++i) {
    if (hierarchy[i][3] < 0) continue;  // no hole
    Cell cell;
    cv::convexHull(outlines[i], cell.hull);
    const double area = cv::contourArea(cell.hull);
    if (area < 1) continue;
    cell.box = cv::boundingRect(cell.hull);
    cell.side = std::sqrt(area);
    sides.push_back(cell.side);
    cells.push_back(std::move(cell));
  }
  if (std::ssize(cells) < kMinCells || std::ssize(cells) > kMaxCells) return {};
  // Half of the area of all is in cells as large as the usual one: digits have
  // holes, too.
  std::ranges::sort(sides);
  double area = 0, all = 0;
  for (const double side : sides) all += side * side;
  double usual = 0;
  for (const double side : sides) {
    area += side * side;
    usual = side;
    if (2 * area >= all) break;
  }
  std::erase_if(cells, [&](const Cell& cell) {
    return cell.side * cell.side < kMinCell * usual * usual;
  });
  return cells;
}

// What is well within the cell's lines, in the pixels of its box.
cv::Mat inside_of(const Cell& cell, int reach) {
  cv::Mat inside(cell.box.size(), CV_8U, cv::Scalar(0));
  Outline outline;
  for (const cv::Point& point : cell.hull)
    outline.push_back(point - cell.box.tl());
  cv::fillConvexPoly(inside, outline, 255);
  return eroded(inside, reach);
}

// How high all is that is written in the cell and does not touch its lines, and
// how high the highest component of it. others: the ink but for the net.
struct Writing {
  int height = 0;
  int highest = 0;
};

Writing writing_in(const Cell& cell, const cv::Mat& others) {
  const cv::Mat ink = others(cell.box) & inside_of(cell, 1);
  Writing writing{.height = cv::boundingRect(ink).height};
  const Labels parts = labelled(ink);
  for (int i = 1; i < parts.count; ++i)
    writing.highest = std::max(writing.highest, parts.box(i).height);
  return writing;
}

bool is_written(const Cell& cell, const cv::Mat& others) {
  const int height = writing_in(cell, others).height;
  return height >= kMinHeight * cell.side && height <= kMaxHeight * cell.side;
}

// Whether what is written is as high as its cells, as in a sudoku's, not in its
// boxes of nine cells, where the lines between these are faint.
bool is_one_line_in_each(
    const std::vector<Cell>& cells, const cv::Mat& others
) {
  int lines = 0, written = 0;
  for (const Cell& cell : cells) {
    const Writing writing = writing_in(cell, others);
    written += writing.highest > 0;
    lines += writing.highest >= kMinHeight * cell.side;
  }
  return 2 * lines >= written;
}

bool is_net(
    const std::vector<Cell>& cells, const cv::Mat& net, const cv::Mat& others
) {
  if (std::ssize(cells) < kMinCells) return false;
  double covered = 0;
  for (const Cell& cell : cells) covered += cell.side * cell.side;
  if (covered < kMinCovered * static_cast<double>(net.total())) return false;
  const auto written = std::ranges::count_if(cells, [&](const Cell& cell) {
    return is_written(cell, others);
  });
  return static_cast<double>(written) >=
         kMinWritten * static_cast<double>(cells.size());
}

// Whether a part of a net is a line between two cells that is broken off.
bool is_wall(const cv::Mat& part, const Cell& cell, int thickness) {
  const cv::Rect box = cv::boundingRect(part);
  const int longer = std::max(box.width, box.height);
  return longer >= kMinWall * cell.side &&
         cv::countNonZero(part) <= kMaxWall * thickness * longer;
}

// The parts of the net in the cell that reach well into it.
cv::Mat strokes_in(const Cell& cell, const cv::Mat& net, int thickness) {
  const cv::Mat inside = net(cell.box) & inside_of(cell, thickness / 2 + 1);
  const cv::Mat core = inside_of(cell, cvRound(kDeep * cell.side));
  cv::Mat strokes = cv::Mat::zeros(inside.size(), CV_8U);
  const Labels parts = labelled(inside);
  for (int i = 1; i < parts.count; ++i) {
    const cv::Mat part = parts.labels == i;
    if (cv::countNonZero(part & core) > 0 && !is_wall(part, cell, thickness))
      strokes |= part;
  }
  return strokes;
}

cv::Point2d centre_of(const cv::Rect& box) {
  return cv::Point2d(box.tl() + box.br()) / 2;
}

// The neighbour of cell i that lies beyond the next side of it in the direction
// of `step`, one of whose coordinates is 0 and the other 1 or -1; none if there
// is no cell about where it should be.
std::optional<std::size_t> neighbour(
    const std::vector<Cell>& cells, std::size_t i, const cv::Point2d& step
) {
  const cv::Rect& box = cells[i].box;
  const cv::Point2d expected =
      centre_of(box) + cv::Point2d(step.x * box.width, step.y * box.height);
  std::optional<std::size_t> nearest;
  double least = kMaxAway * cells[i].side;
  for (std::size_t j = 0; j < cells.size(); ++j) {
    const double away = cv::norm(centre_of(cells[j].box) - expected);
    if (j == i || away > least) continue;
    least = away;
    nearest = j;
  }
  return nearest;
}

// The row of each cell, or its column: cells that are neighbours share it, and
// so do chains of neighbours that lie at about the same height.
std::vector<int> numbered(const std::vector<Cell>& cells, bool columns) {
  const std::size_t count = cells.size();
  std::vector<std::size_t> chain(count);
  std::iota(chain.begin(), chain.end(), std::size_t{0});
  const cv::Point2d step = columns ? cv::Point2d(0, 1) : cv::Point2d(1, 0);
  for (std::size_t i = 0; i < count; ++i) {
    const auto next = neighbour(cells, i, step);
    if (next && neighbour(cells, *next, -step) == i)
      std::ranges::replace(chain, std::size_t{chain[*next]}, chain[i]);
  }
  struct Chain {
    double place = 0;  // the mean of its cells
    std::size_t name = 0;
  };
  std::vector<Chain> chains;
  for (std::size_t name = 0; name < count; ++name) {
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const cv::Point2d centre = centre_of(cells[i].box);
      if (chain[i] == name) sum += columns ? centre.x : centre.y;
    }
    const auto own = static_cast<double>(std::ranges::count(chain, name));
    if (own > 0) chains.push_back({sum / own, name});
  }
  std::ranges::sort(chains, {}, &Chain::place);
  std::vector<double> sides;
  for (const Cell& cell : cells) sides.push_back(cell.side);
  const double side = median_of(sides);
  std::vector<int> numbers(count);
  int number = 0;
  for (std::size_t k = 0; k < chains.size(); ++k) {
    if (k > 0 && chains[k].place - chains[k - 1].place > kMaxAway * side)
      ++number;
    for (std::size_t i = 0; i < count; ++i)
      if (chain[i] == chains[k].name) numbers[i] = number;
  }
  return numbers;
}

// origin: of the net's box.
std::vector<GridCell> grid_of(
    const std::vector<Cell>& cells, const cv::Point& origin
) {
  const std::vector<int> rows = numbered(cells, false);
  const std::vector<int> columns = numbered(cells, true);
  std::vector<GridCell> grid;
  for (std::size_t i = 0; i < cells.size(); ++i)
    grid.push_back({cells[i].box + origin, rows[i], columns[i]});
  return grid;
}

}  // namespace

std::vector<GridCell> clear_nets(cv::Mat& mask) {
  std::vector<GridCell> largest;
  const Labels labels = labelled(mask);
  for (const int i : labels.bounded()) {
    const cv::Rect box = labels.box(i);
    if (std::min(box.width, box.height) < kMinNet) continue;
    const cv::Mat net = labels.mask(i);
    const std::vector<Cell> cells = cells_of(net);
    const cv::Mat others = mask(box) & ~net;
    if (!is_net(cells, net, others)) continue;
    const int thickness = cvCeil(stroke_width(net));
    cv::Mat strokes = cv::Mat::zeros(net.size(), CV_8U);
    for (const Cell& cell : cells)
      strokes(cell.box) |= strokes_in(cell, net, thickness);
    mask(box).setTo(0, net & ~strokes);
    if (cells.size() > largest.size() && is_one_line_in_each(cells, others))
      largest = grid_of(cells, box.tl());
  }
  return largest;
}

}  // namespace digitorch
