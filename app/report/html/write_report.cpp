#include "app/report/html/write_report.h"

#include <sys/stat.h>

#include <cerrno>
#include <ctime>
#include <system_error>

#include "app/evaluation/accuracy.h"
#include "app/evaluation/calibration.h"
#include "app/evaluation/examine.h"
#include "app/report/drawing/layout.h"
#include "app/report/html/report.h"
#include "app/report/pictures/filters.h"
#include "app/report/pictures/network_pictures.h"
#include "models/options/fields_json.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

/// The local time at which a file was last written: "2026-05-04 13:37".
std::string time_written(const fs::path& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0)
    throw std::system_error(errno, std::generic_category(), path.string());
  char text[32];
  std::tm local{};
  std::strftime(
      text,
      sizeof text,
      "%Y-%m-%d %H:%M",
      ::localtime_r(&about.st_mtime, &local)
  );
  return text;
}

/// The data, when the weights were written, and the versions used.
std::vector<std::string> facts_of(
    const ReportSubject& subject, const ImageSet& test
) {
  std::vector<std::string> facts = {
      subject.data + ": " + grouped(test.size()) + " pictures, " +
      std::to_string(test.class_names.size()) + " classes"};
  facts.push_back("written " + time_written(subject.weights));
  if (!subject.config.is_object()) return facts;
  for (const char* program : {"digitorch", "libtorch"})
    if (const auto version = subject.config.find(program);
        version != subject.config.end())
      facts.push_back(program + (" " + json_to_text(*version)));
  return facts;
}

std::vector<Figure> network_figures(
    Classifier& model, const std::string& kind, const ImageSet& test
) {
  return {
      {"Layers", "", picture_of_network(model, kind, test.class_names)},
      {"Weights", "", draw_filters(model.parameters())},
      {"Outputs of the layers for one picture",
       "The first picture of the test set.",
       picture_of_activations(model, test.images[0], test.class_names)}};
}

}  // namespace

OutputFile report_file(const fs::path& path, bool overwrite) {
  return {
      .path = path,
      .mark = "digitorch report</title>",
      .overwrite = overwrite,
      .endings = {".html", ".htm"}};
}

WrittenReport write_report(
    const OutputFile& file,
    Classifier& model,
    const ReportSubject& subject,
    const ImageSet& test
) {
  const ReportContent content{
      .title = fs::canonical(subject.path).filename().string(),
      .summary = summary(subject.spec),
      .facts = facts_of(subject, test),
      .class_names = test.class_names,
      .weights = weight_count(model.parameters()),
      .config = subject.config,
      .history = subject.history,
      .evaluation = evaluate(model, test, kEvaluationBatch),
      .images = test.images,
      .network_figures =
          network_figures(model, kind_of(subject.spec.network), test)};
  const std::string html = html_report(content);
  write_output(file, html);
  return {
      file.path,
      static_cast<int64_t>(html.size()),
      accuracy(content.evaluation),
      calibration(content.evaluation).expected_error,
      test.size()};
}

}  // namespace digitorch
