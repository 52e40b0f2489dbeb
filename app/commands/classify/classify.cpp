// `digitorch classify`: reads the digits in pictures.
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <memory>
#include <stdexcept>

#include "app/commands/classify/answer.h"
#include "app/commands/classify/explain.h"
#include "app/commands/classify/first_page.h"
#include "app/commands/classify/listed_pictures.h"
#include "app/commands/classify/options.h"
#include "app/commands/classify/page.h"
#include "app/commands/registry.h"
#include "app/predict/model_file.h"
#include "app/predict/predictor.h"
#include "app/predict/second_look.h"
#include "app/system/exit_code.h"
#include "datasets/files/image_file.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

// The network runs whenever this many pictures were read, so that long lists
// take little memory and every batch is full.
constexpr size_t kPicturesAtOnce = 256;

/// Reads pictures, runs the network batch by batch and prints the answers in
/// the order of the pictures. A picture that cannot be read is named on
/// standard error, and the others are still read.
class Session {
 public:
  Session(const ClassifyOptions& options, Predictor predictor)
      : options_(options), predictor_(std::move(predictor)) {
    if (options_.format != "csv") return;
    if (options_.page)
      print_page_csv_header();
    else
      print_csv_header(output());
  }

  void add(const fs::path& path) {
    if (options_.page) return pages_.push_back(path);
    guarded([&] {
      pictures_.push_back(preprocess(read_first_page(path).pixels));
      paths_.push_back(path);
    });
    if (paths_.size() == kPicturesAtOnce) flush();
  }

  /// Runs `work`. If it throws for bad input, prints a line on standard error
  /// and keeps the exit code.
  template <class Work>
  void guarded(Work work) {
    try {
      work();
    } catch (const std::exception&) {
      std::string message;
      const int code = exit_code_for_current_exception(message);
      if (code == kExitBug) throw;
      std::cerr << "error: " << message << '\n';
      failure_ = std::max(failure_, code);
    }
  }

  void flush() {
    if (options_.page) return read_pages();
    if (paths_.empty()) return;
    std::vector<Prediction> answers = predictor_.predict(pictures_);
    for (size_t i = 0; i < answers.size(); ++i) {
      // Doubtful pictures are few, so they are read once more, not kept.
      if (is_doubtful(answers[i]))
        guarded([&] { answers[i] = second_answer(i, answers[i]); });
      any_unsure_ = any_unsure_ || answers[i].unsure;
      print_answer(paths_[i], answers[i], output());
    }
    paths_.clear();
    pictures_.clear();
  }

  Predictor& predictor() { return predictor_; }

  int exit_code() const {
    if (failure_ != kExitDone) return failure_;
    const bool asked = options_.min_confidence > 0;
    return asked && any_unsure_ ? kExitBelowAsked : kExitDone;
  }

 private:
  Prediction second_answer(size_t i, const Prediction& first) {
    return look_again(
               {{}, pictures_[i], first},
               read_image(paths_[i]).pixels,
               [&](const auto& looks) { return predictor_.predict(looks); }
    ).prediction;
  }

  AnswerOutput output() const {
    return {
        .format = options_.format,
        .class_names = predictor_.class_names(),
        .told = std::min(options_.top_k, predictor_.answers())};
  }

  void read_pages() {
    if (!options_.annotate.empty() && pages_.size() > 1)
      throw std::runtime_error(
          "--annotate writes one file, so give one picture (found " +
          std::to_string(pages_.size()) + ")"
      );
    const PageOutput output = {
        .format = options_.format,
        .annotate = options_.annotate,
        .tell_path = pages_.size() > 1};
    for (const fs::path& page : pages_)
      guarded([&] {
        if (!classify_page(page, predictor_, output)) any_unsure_ = true;
      });
  }

  const ClassifyOptions& options_;
  Predictor predictor_;
  std::vector<fs::path> paths_;
  std::vector<fs::path> pages_;  // read when all of them are known
  std::vector<Preprocessed> pictures_;
  int failure_ = kExitDone;
  bool any_unsure_ = false;
};

/// The one picture that --explain draws. Throws std::runtime_error if there are
/// none or several.
fs::path picture_to_explain(
    const ClassifyOptions& options, const std::vector<std::string>& paths
) {
  if (options.page)
    throw std::runtime_error("--explain explains one digit; leave out --page");
  std::vector<fs::path> pictures;
  for (const std::string& path : paths)
    if (path != "-")
      for (const fs::path& each : listed_pictures(path))
        pictures.push_back(each);
  if (pictures.size() != 1 || paths.size() != 1)
    throw std::runtime_error(
        "--explain writes one file, so give one picture (found " +
        std::to_string(pictures.size()) + ")"
    );
  return pictures.front();
}

PredictorOptions predictor_options(
    const ClassifyOptions& options, torch::Device device
) {
  PredictorOptions made{.device = device};
  if (options.min_confidence > 0)
    made.sure_from = static_cast<float>(options.min_confidence);
  return made;
}

int classify(
    const ClassifyOptions& options, const std::vector<std::string>& paths
) {
  if (paths.empty())
    throw std::runtime_error(
        "classify needs a picture: a file, a folder, a pattern, or - for a "
        "list on standard input"
    );
  if (!options.annotate.empty() && !options.page)
    throw std::runtime_error("--annotate needs --page");
  const fs::path explained =
      options.explain.empty() ? "" : picture_to_explain(options, paths);
  const torch::Device device = prepare(options.compute);
  LoadedModel model = load_model(options.model, options.trust_torchscript);
  Session session(
      options,
      Predictor(
          std::move(model.classifier),
          model.class_names,
          predictor_options(options, device)
      )
  );
  std::cout << std::setprecision(9);
  const auto add_all = [&](const std::string& path) {
    session.guarded([&] {
      for (const fs::path& each : listed_pictures(path)) session.add(each);
    });
  };
  for (const std::string& path : paths) {
    if (path != "-") {
      add_all(path);
      continue;
    }
    for (std::string line; std::getline(std::cin, line);)
      if (!line.empty()) add_all(line);
  }
  session.flush();
  if (!explained.empty())
    session.guarded([&] {
      explain(
          explained,
          session.predictor(),
          {options.explain, options.data.location(), options.quiet}
      );
    });
  return session.exit_code();
}

}  // namespace

Command classify_command() {
  const auto options = std::make_shared<ClassifyOptions>();
  return {
      .name = "classify",
      .summary = "Read digits in pictures",
      .paths = "PICTURE...",
      .examples =
          {{"classify photo.jpg", "one digit"},
           {"classify --explain why.png photo.jpg", "and why"},
           {"classify --page form.jpg", "all digits, line by line"},
           {"classify --model runs/quickstart scans",
            "a folder of pictures, by a network of your own"}},
      .description =
          "Pictures (PNG, JPEG, BMP, TIFF, WebP, PGM) show one digit each, "
          "dark "
          "on light or light on dark, of any size; with --page, many. A "
          "PICTURE is a file, a folder, a pattern in quotes, or - for a list "
          "on "
          "standard input.",
      .groups = classify_groups(*options),
      .run = [options](const Arguments& given) {
        return classify(*options, given.paths);
      }};
}

}  // namespace digitorch
