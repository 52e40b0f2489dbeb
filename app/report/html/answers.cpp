#include "app/report/html/answers.h"

#include <algorithm>

#include "app/evaluation/confusion.h"
#include "app/report/drawing/base64.h"
#include "app/report/drawing/colors.h"
#include "app/report/drawing/layout.h"
#include "app/report/drawing/png.h"
#include "app/report/pictures/confusion.h"
#include "datasets/prepare.h"

namespace digitorch {
namespace {

std::string css(Color color) {
  return "rgb(" + std::to_string(color.red) + " " +
         std::to_string(color.green) + " " + std::to_string(color.blue) + ")";
}

std::string style_on(Color ground) {
  return "background:" + css(ground) + ";color:" + css(text_color_on(ground));
}

/// Each count divided by the sum of its row: float64 [classes, classes].
torch::Tensor row_shares(const torch::Tensor& counts) {
  return counts.to(torch::kFloat64) / counts.sum(1, true).clamp_min(1);
}

std::string counted(int64_t count, const std::string& noun) {
  return grouped(count) + " " + noun + (count == 1 ? "" : "s");
}

}  // namespace

std::string png_of(const torch::Tensor& picture, bool is_ink) {
  return base64(encode_png(to_picture(is_ink ? 255 - picture : picture)));
}

nlohmann::json class_rows(
    const torch::Tensor& counts,
    const std::vector<std::string>& names,
    const std::vector<int64_t>& trained
) {
  const std::vector<ClassMetrics> metrics = per_class(counts);
  const auto misread = counts.sum(1) - counts.diagonal();
  const auto max = std::max(misread.max().item<int64_t>(), int64_t{1});
  nlohmann::json rows = nlohmann::json::array();
  for (size_t c = 0; c < names.size(); ++c) {
    const auto missed = misread[static_cast<int64_t>(c)].item<int64_t>();
    rows.push_back(
        {{"name", names[c]},
         {"trained",
          trained.empty() ? nlohmann::json()
                          : nlohmann::json(grouped(trained.at(c)))},
         {"samples", grouped(metrics[c].samples)},
         {"precision", percent_text(metrics[c].precision, 2)},
         {"recall", percent_text(metrics[c].recall, 2)},
         {"f1", percent_text(metrics[c].f1, 2)},
         {"misread", grouped(missed)},
         {"part", static_cast<double>(missed) / static_cast<double>(max)}}
    );
  }
  return rows;
}

nlohmann::json confusion_table(
    const torch::Tensor& counts, const std::vector<std::string>& names
) {
  const auto shares = row_shares(counts);
  const double worst = largest_confusion(counts);
  const auto count = counts.accessor<int64_t, 2>();
  const auto share = shares.accessor<double, 2>();
  nlohmann::json rows = nlohmann::json::array();
  for (int64_t truth = 0; truth < counts.size(0); ++truth) {
    const std::string& name = names[static_cast<size_t>(truth)];
    nlohmann::json cells = nlohmann::json::array();
    for (int64_t answer = 0; answer < counts.size(1); ++answer) {
      if (count[truth][answer] == 0) {
        cells.push_back(nlohmann::json::object());
        continue;
      }
      const bool right = truth == answer;
      cells.push_back(
          {{"count", count[truth][answer]},
           {"style",
            style_on(confusion_color(share[truth][answer], right, worst))}}
      );
      if (right) continue;
      cells.back()["button"] = {
          {"id",
           "cell-" + std::to_string(truth) + "-" + std::to_string(answer)},
          {"label",
           name + " read as " + names[static_cast<size_t>(answer)] + ": " +
               counted(count[truth][answer], "picture")}};
    }
    rows.push_back({{"name", name}, {"cells", cells}});
  }
  nlohmann::json table = {{"rows", rows}, {"worst_cell", nullptr}};
  if (worst > 0) table["worst_cell"] = percent_text(worst, 1);
  return table;
}

nlohmann::json mistake_pictures(
    const std::vector<Mistake>& found,
    const torch::Tensor& images,
    bool is_ink,
    const std::vector<std::string>& files
) {
  nlohmann::json pictures = nlohmann::json::array();
  for (const Mistake& each : found) {
    const std::string file =
        files.empty() ? "" : files.at(static_cast<size_t>(each.index));
    pictures.push_back(
        {{"index", each.index},
         {"file", file},
         {"name",
          file.empty() ? "#" + std::to_string(each.index)
                       : file.substr(file.rfind('/') + 1)},
         {"truth", each.truth},
         {"answer", each.answer},
         {"probability", percent_text(each.probability, 1)},
         {"png", png_of(images[each.index], is_ink)}}
    );
  }
  return pictures;
}

}  // namespace digitorch
