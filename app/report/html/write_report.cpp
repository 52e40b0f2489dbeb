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
#include "app/report/html/training.h"
#include "app/report/pictures/filters.h"
#include "app/report/pictures/network_pictures.h"
#include "models/options/fields_json.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kPointsShown = 600;  // in the projection of features
constexpr size_t kSamplesShown = 24;   // training pictures

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

/// The kernels of the first convolution, or the weights of the first units, and
/// folded away those of later convolutions, which mean little to the eye.
std::vector<Figure> weight_figures(
    const NamedTensors& parameters, const InputFormat& input
) {
  NamedTensors first;
  NamedTensors later;
  for (const auto& each : parameters)
    if (each.second.dim() == 4) (first.empty() ? first : later).push_back(each);
  if (first.empty()) return {{"Weights", "", draw_filters(parameters, input)}};
  std::vector<Figure> figures = {
      {"Kernels of the first layer", "", draw_filters(first)}};
  if (!later.empty())
    figures.push_back(
        {"Kernels of later layers", "", draw_filters(later), /*folded=*/true}
    );
  return figures;
}

std::vector<Figure> network_figures(
    Classifier& model, const std::string& kind, const ImageSet& test
) {
  const torch::Tensor image = test.images[0];
  const auto& names = test.class_names;
  std::vector<Figure> figures = {
      {"Layers", "", picture_of_network(model, kind, names)}};
  for (Figure& each : weight_figures(model.parameters(), model.input()))
    figures.push_back(std::move(each));
  figures.push_back(
      {"Outputs of the layers for one picture",
       "The first picture of the test set.",
       picture_of_activations(model, image, names)}
  );
  figures.push_back(
      {"Saliency of this picture", "", picture_of_saliency(model, image, names)}
  );
  figures.push_back(
      {"Features of test pictures",
       "The two directions in which they differ most.",
       picture_of_embedding(model, test, kPointsShown)}
  );
  return figures;
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
  ReportContent content{
      .title = fs::canonical(subject.path).filename().string(),
      .summary = summary(subject.spec),
      .facts = facts_of(subject, test),
      .class_names = test.class_names,
      .parameters = weight_count(model.parameters()),
      .config = subject.config,
      .command = command_of(subject.config),
      .config_path = fs::is_directory(subject.path)
                         ? (subject.path / "config.json").string()
                         : "",
      .history = subject.history,
      .evaluation = evaluate(model, test, kEvaluationBatch),
      .images = test.images,
      .is_ink = test.format().is_ink(),
      .files = test.files,
      .compared = subject.compared,
      .network_figures =
          network_figures(model, kind_of(subject.spec.network), test)};
  if (subject.train != nullptr) {
    content.training_counts = class_counts(*subject.train);
    content.training_samples =
        seen_pictures(*subject.train, subject.config, kSamplesShown);
    content.augmentation = augmentation_of(subject.config);
    content.mixed = mixes(subject.config);
  }
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
