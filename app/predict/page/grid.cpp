#include "app/predict/page/grid.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace digitorch {

const GridCell* cell_of(
    const Component& component, const std::vector<GridCell>& grid
) {
  const cv::Point middle = (component.box.tl() + component.box.br()) / 2;
  const GridCell* nearest = nullptr;
  double least = 0;
  for (const GridCell& cell : grid) {
    if (!cell.box.contains(middle)) continue;
    // The boxes of cells that lean overlap.
    const double away = cv::norm(middle - (cell.box.tl() + cell.box.br()) / 2);
    if (nearest != nullptr && away >= least) continue;
    nearest = &cell;
    least = away;
  }
  return nearest;
}

bool has_one_line_per_cell(
    const std::vector<DigitLine>& lines, const std::vector<GridCell>& grid
) {
  struct Band {
    int lowest_top, highest_bottom;
  };
  std::map<const GridCell*, Band> bands;
  for (const DigitLine& line : lines)
    for (const ReadComponent& digit : line) {
      const cv::Rect& box = digit.component.box;
      const GridCell* cell = cell_of(digit.component, grid);
      if (cell == nullptr) continue;
      Band& band =
          bands.try_emplace(cell, Band{box.y, box.br().y}).first->second;
      band.lowest_top = std::max(band.lowest_top, box.y);
      band.highest_bottom = std::min(band.highest_bottom, box.br().y);
      if (band.lowest_top >= band.highest_bottom) return false;
    }
  return true;
}

std::vector<DigitLine> in_rows(
    std::vector<DigitLine> lines, const std::vector<GridCell>& grid
) {
  if (grid.empty()) return lines;
  std::map<int, DigitLine> rows;
  std::vector<DigitLine> found;
  std::size_t before = 0;  // lines before the grid
  for (DigitLine& line : lines) {
    DigitLine beside;
    for (ReadComponent& digit : line) {
      const GridCell* cell = cell_of(digit.component, grid);
      (cell != nullptr ? rows[cell->row] : beside).push_back(std::move(digit));
    }
    if (!beside.empty() || line.empty()) found.push_back(std::move(beside));
    if (rows.empty()) before = found.size();
  }
  for (auto& [number, row] : rows)
    std::ranges::stable_sort(row, {}, [&](const ReadComponent& digit) {
      return std::pair(
          cell_of(digit.component, grid)->column, digit.component.centre_x()
      );
    });
  auto place = found.begin() + static_cast<std::ptrdiff_t>(before);
  for (auto& [number, row] : rows)
    place = std::next(found.insert(place, std::move(row)));
  return found;
}

}  // namespace digitorch
