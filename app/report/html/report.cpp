#include "app/report/html/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>

#include "app/evaluation/accuracy.h"
#include "app/evaluation/calibration.h"
#include "app/evaluation/confusion.h"
#include "app/evaluation/metrics.h"
#include "app/evaluation/mistakes.h"
#include "app/report/drawing/base64.h"
#include "app/report/drawing/layout.h"
#include "app/report/drawing/svg.h"
#include "app/report/html/answers.h"
#include "app/report/html/page.h"
#include "app/report/html/template.h"
#include "app/report/pictures/curves.h"
#include "app/report/pictures/reliability.h"
#include "models/files/sha256.h"
#include "models/options/fields_json.h"
#include "models/text/json_text.h"

namespace digitorch {
namespace {

using nlohmann::json;

constexpr size_t kWorst = 24;  // two rows on a desktop, three on paper

/// Class names of more bytes are rotated above the columns of the confusion
/// table.
constexpr size_t kLongName = 3;

std::string fixed(double value, int decimals) {
  return fmt::format("{:.{}f}", value, decimals);
}

std::string duration(double seconds) {
  if (seconds < 100) return fixed(seconds, 1) + " s";
  const auto whole = static_cast<int64_t>(seconds + 0.5);
  return grouped(whole / 60) + " min " + std::to_string(whole % 60) + " s";
}

json key_number(
    const std::string& name, const std::string& value, const std::string& note
) {
  return {{"name", name}, {"value", value}, {"note", note}};
}

/// None where the history has no times.
std::optional<json> training_time(const std::vector<EpochReport>& epochs) {
  double seconds = 0;
  double samples = 0;
  for (const EpochReport& row : epochs) {
    seconds += row.seconds;
    samples += static_cast<double>(row.samples);
  }
  if (seconds <= 0) return std::nullopt;
  return key_number(
      "Training",
      duration(seconds),
      std::to_string(epochs.size()) +
          (epochs.size() == 1 ? " epoch, " : " epochs, ") +
          grouped(static_cast<int64_t>(samples / seconds)) + " pictures/s"
  );
}

std::string capitalised(std::string text) {
  text.front() = static_cast<char>(std::toupper(text.front()));
  return text;
}

json key_numbers(const ReportContent& content) {
  const Evaluation& evaluation = content.evaluation;
  const std::string pictures = grouped(evaluation.samples()) + " pictures";
  json numbers = json::array();
  for (const Metric& metric : metrics()) {
    const double value = metric.value(evaluation);
    numbers.push_back(key_number(
        capitalised(metric.title),
        metric.is_fraction ? percent_text(value, 2) : fixed(value, 4),
        metric.note.empty() ? "of " + pictures : metric.note
    ));
  }
  numbers.push_back(key_number(
      "Mistakes",
      grouped(evaluation.samples() - correct(evaluation)),
      "of " + pictures
  ));
  numbers.push_back(
      key_number("Parameters", grouped(content.parameters), "trained")
  );
  if (const auto time = training_time(content.history.epochs))
    numbers.push_back(*time);
  return numbers;
}

int64_t best_epoch(const std::vector<EpochReport>& epochs) {
  const EpochReport* best = &epochs.front();
  for (const EpochReport& row : epochs)
    if (better(row, *best)) best = &row;
  return best->epoch;
}

json epoch_rows(const std::vector<EpochReport>& epochs) {
  const auto percent_or_dash = [](const std::optional<double>& value) {
    return value ? percent_text(*value, 2) : "–";
  };
  const int64_t best = best_epoch(epochs);
  json rows = json::array();
  for (const EpochReport& row : epochs)
    rows.push_back(
        {{"epoch", row.epoch},
         {"best", row.epoch == best},
         {"train_loss", fixed(row.train_loss, 4)},
         {"train_accuracy", percent_text(row.train_accuracy, 2)},
         {"validation_loss",
          row.validation_loss ? fixed(*row.validation_loss, 4) : "–"},
         {"validation_accuracy", percent_or_dash(row.validation_accuracy)},
         {"lr", number_text(row.lr, 3)},
         {"seconds", fixed(row.seconds, 2)},
         {"rate",
          row.seconds > 0 ? grouped(static_cast<int64_t>(
                                static_cast<double>(row.samples) / row.seconds
                            ))
                          : "–"}}
    );
  return rows;
}

/// Drawings that stand beside or, on a phone, below each other.
json svg_list(const std::vector<Drawing>& drawings) {
  json list = json::array();
  for (const Drawing& each : drawings) list.push_back({{"svg", to_svg(each)}});
  return list;
}

/// null where the history is empty.
json learning(const History& history) {
  const auto& epochs = history.epochs;
  if (epochs.empty()) return nullptr;
  return {
      {"curves", svg_list(curve_panels(epochs, history.steps))},
      {"about_curves", kAboutTrainingCurves},
      {"epochs", {{"rows", epoch_rows(epochs)}}},
      {"timed", training_time(epochs).has_value()}};
}

json network_figures(const std::vector<Figure>& figures) {
  json list = json::array();
  for (const Figure& figure : figures)
    list.push_back(
        {{"title", figure.title},
         {"note", figure.note.empty() ? json(nullptr) : json(figure.note)},
         {"folded", figure.folded},
         {"drawing", to_svg(figure.drawing)}}
    );
  return list;
}

/// null where there is nothing to compare with.
json compared(const std::vector<RunCurves>& runs) {
  if (runs.size() < 2) return nullptr;
  return {{"panels", svg_list(comparison_panels(runs))}};
}

json text_or_null(const std::string& text) {
  return text.empty() ? json(nullptr) : json(text);
}

/// null where the configuration is not known.
json configuration(const ReportContent& content) {
  const json& config = content.config;
  if (!config.is_object() || !config.contains("options")) return nullptr;
  json options = json::array();
  for (const auto& [name, value] : config["options"].items())
    options.push_back({{"name", name}, {"value", json_to_text(value)}});
  return {
      {"options", options},
      {"command", text_or_null(content.command)},
      {"config_path", text_or_null(content.config_path)}};
}

/// null where there are none.
json training_samples(const ReportContent& content) {
  if (content.training_samples.empty()) return nullptr;
  json list = json::array();
  for (const SeenPicture& each : content.training_samples)
    list.push_back(
        {{"name", each.name}, {"png", png_of(each.pixels, content.is_ink)}}
    );
  return {
      {"samples", list},
      {"augmentation", text_or_null(content.augmentation)},
      {"mixed", content.mixed}};
}

/// JSON without "<", since "</script>" in a text would end the element.
std::string script_safe(const json& value) {
  std::string text;
  for (const char c : dump_lenient(value))
    if (c == '<')
      text += "\\u003c";
    else
      text += c;
  return text;
}

void add_mistakes(json& page, const ReportContent& content) {
  std::vector<Mistake> found = mistakes(content.evaluation);
  const size_t all = found.size();
  if (all > kMaxMistakes) {
    found.resize(kMaxMistakes);
    page["held"] = grouped(static_cast<int64_t>(kMaxMistakes)) +
                   " most confident of all " +
                   grouped(static_cast<int64_t>(all));
  }
  json pictures =
      mistake_pictures(found, content.images, content.is_ink, content.files);
  page["mistakes"] =
      script_safe({{"names", content.class_names}, {"pictures", pictures}});
  page["any_mistakes"] = all > 0;
  page["numbered"] = content.files.empty();
  pictures.erase(
      pictures.begin() + static_cast<int64_t>(std::min(kWorst, found.size())),
      pictures.end()
  );
  for (json& picture : pictures)
    for (const char* which : {"truth", "answer"})
      picture[which] = content.class_names[picture[which].get<size_t>()];
  page["worst"] = std::move(pictures);
}

}  // namespace

std::string html_report(const ReportContent& content) {
  const Calibration calibrated = calibration(content.evaluation);
  const torch::Tensor counts = confusion(content.evaluation);
  const json table = confusion_table(counts, content.class_names);
  const bool long_names = std::any_of(
      content.class_names.begin(),
      content.class_names.end(),
      [](const std::string& name) { return name.size() > kLongName; }
  );
  json page = {
      {"title", content.title},
      {"summary", content.summary},
      {"facts", content.facts},
      {"numbers", key_numbers(content)},
      {"learning", learning(content.history)},
      {"names", content.class_names},
      {"long_names", long_names},
      {"class_count", content.class_names.size()},
      {"classes",
       class_rows(counts, content.class_names, content.training_counts)},
      {"trained_on", !content.training_counts.empty()},
      {"confusion", table["rows"]},
      {"worst_cell", table["worst_cell"]},
      {"held", nullptr},
      {"calibration_error", percent_text(calibrated.expected_error, 2)},
      {"reliability", svg_list(reliability_panels(calibrated))},
      {"few_in_a_bin", kFewInABin},
      {"compared", compared(content.compared)},
      {"network", network_figures(content.network_figures)},
      {"configuration", configuration(content)},
      {"training", training_samples(content)},
      {"css", page_css()},
      {"js", page_js()},
      {"pictures", content.is_ink ? "ink" : "plain"},
      {"script_digest", base64(sha256(page_js()))}};
  add_mistakes(page, content);
  return fill_template(std::string(page_html()), page);
}

}  // namespace digitorch
