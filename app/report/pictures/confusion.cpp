#include "app/report/pictures/confusion.h"

#include <algorithm>
#include <numeric>

#include "app/report/charts/heat_map.h"
#include "app/report/drawing/colors.h"
#include "app/report/drawing/layout.h"

namespace digitorch {

Color confusion_color(double share, bool right, double worst_share) {
  return right ? diverging_color(-0.45 * share)
               : diverging_color(0.15 + 0.7 * share / worst_share);
}

double largest_confusion(const torch::Tensor& counts) {
  const torch::Tensor shares =
      counts.to(torch::kFloat64) / counts.sum(1, true).clamp_min(1);
  return (shares - shares.diagonal().diag()).max().item<double>();
}

Drawing draw_confusion(
    const torch::Tensor& counts, const std::vector<std::string>& class_names
) {
  const auto classes = static_cast<int64_t>(class_names.size());
  TORCH_CHECK(
      counts.sizes() == at::IntArrayRef({classes, classes}),
      "confusion counts do not fit the class names"
  );
  const torch::Tensor table = counts.cpu().contiguous();
  const int64_t* count = table.const_data_ptr<int64_t>();
  const int64_t total = table.sum().item<int64_t>();
  const int64_t right = table.trace().item<int64_t>();

  HeatMap map{
      .row_label = "true class",
      .column_label = "answer",
      .rows = class_names,
      .columns = class_names,
  };
  map.title =
      "accuracy " +
      percent_text(double(right) / double(std::max<int64_t>(total, 1)), 2) +
      ", " + grouped(right) + " of " + grouped(total);
  const double worst = largest_confusion(table);
  map.note =
      "Blue: right. Orange: mistaken, darker for a larger share of the "
      "true class";
  map.note += worst > 0 ? " (at most " + percent_text(worst, 1) + ")." : ".";
  for (int64_t row = 0; row < classes; ++row) {
    const int64_t* cells = count + row * classes;
    const int64_t of_row = std::max<int64_t>(
        std::accumulate(cells, cells + classes, int64_t{0}), 1
    );
    for (int64_t column = 0; column < classes; ++column) {
      const double share = double(cells[column]) / double(of_row);
      map.values.push_back(share);
      map.colors.push_back(
          cells[column] == 0 ? kPaper
                             : confusion_color(share, row == column, worst)
      );
      map.cell_texts.push_back(
          cells[column] == 0
              ? ""
              : std::to_string(cells[column]) + "\n" + percent_text(share, 1)
      );
    }
  }
  return draw(map);
}

}  // namespace digitorch
