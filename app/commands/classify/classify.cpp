// `digitorch classify`: reads the digits in pictures.
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <iterator>
#include <memory>
#include <stdexcept>

#include "app/cli/class_names.h"
#include "app/commands/classify/answer.h"
#include "app/commands/classify/explain.h"
#include "app/commands/classify/first_page.h"
#include "app/commands/classify/listed_pictures.h"
#include "app/commands/classify/options.h"
#include "app/commands/classify/page.h"
#include "app/commands/classify/several_digits.h"
#include "app/commands/classify/standard_input.h"
#include "app/commands/registry.h"
#include "app/predict/model_file.h"
#include "app/predict/predictor.h"
#include "app/predict/second_look.h"
#include "app/system/exit_code.h"
#include "app/system/output_file.h"
#include "app/system/standard_streams.h"
#include "datasets/prepare.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

// The network runs whenever this many pictures were read, so that long lists
// take little memory and every batch is full.
constexpr size_t kPicturesAtOnce = 256;

// Pictures that are looked at for more digits than one, which takes longer than
// reading one.
constexpr int kPicturesLookedAt = 8;

// Of a picture so many times as high or wide as what the network sees, most is
// lost.
constexpr int64_t kMuchLarger = 16;

OutputFile annotated_file(
    const ClassifyOptions& options, std::vector<fs::path> pictures
) {
  pictures.emplace_back(options.model);
  return {
      options.annotate,
      "digitorch classify --annotate",
      options.overwrite,
      std::move(pictures),
      {".png"}};
}

OutputFile explained_file(
    const ClassifyOptions& options, const fs::path& picture
) {
  return {
      options.explain,
      "digitorch classify --explain",
      options.overwrite,
      {picture, options.model},
      {".png", ".svg"}};
}

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

  void add(const PictureInput& input) {
    if (options_.page) return pages_.push_back(input);
    guarded([&] {
      const cv::Mat picture = read_first_page(input).pixels;
      pictures_.push_back(prepare(picture, predictor_.input()));
      inputs_.push_back(input);
      hint_at_page(input.path, picture);
      hint_at_loss(input.path, picture);
    });
    if (inputs_.size() == kPicturesAtOnce) flush();
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
    if (inputs_.empty()) return;
    std::vector<Prediction> answers = predictor_.predict(pictures_);
    for (size_t i = 0; i < answers.size(); ++i) {
      // Doubtful pictures are few, so they are read once more, not kept.
      if (is_doubtful(answers[i], predictor_.input()))
        guarded([&] { answers[i] = second_answer(i, answers[i]); });
      any_unsure_ = any_unsure_ || answers[i].unsure;
      print_answer(inputs_[i].path, answers[i], output());
    }
    // Where nobody reads on, nothing more is computed: see signals.h.
    std::cout.flush();
    inputs_.clear();
    pictures_.clear();
  }

  Predictor& predictor() { return predictor_; }

  int exit_code() const {
    if (failure_ != kExitDone) return failure_;
    const bool asked = options_.min_confidence > 0;
    return asked && any_unsure_ ? kExitBelowAsked : kExitDone;
  }

 private:
  /// Notes where a picture that is read as one digit shows several. Only the
  /// first pictures of a call are looked at so closely, and none that is as
  /// small as the network's input.
  void hint_at_page(const fs::path& path, const cv::Mat& picture) {
    if (options_.quiet || options_.format != "text" ||
        looked_at_ >= kPicturesLookedAt || !predictor_.input().is_ink() ||
        std::max(picture.cols, picture.rows) <= predictor_.input().width)
      return;
    ++looked_at_;
    if (const int digits = digits_side_by_side(picture, predictor_); digits > 0)
      print_notes(
          {path.string() + ": " + std::to_string(digits) +
           " digits side by side; --page reads them all"}
      );
  }

  /// Notes, once, where a network does not see what a plain picture shows.
  void hint_at_loss(const fs::path& path, const cv::Mat& picture) {
    const InputFormat& input = predictor_.input();
    if (options_.quiet || input.is_ink()) return;
    const std::string sees = "; the network sees " + description(input);
    if (!noted_colour_ && input.channels == 1 && is_coloured(picture)) {
      noted_colour_ = true;
      print_notes({path.string() + ": is in colour" + sees});
    }
    if (!noted_size_ && (picture.rows > kMuchLarger * input.height ||
                         picture.cols > kMuchLarger * input.width)) {
      noted_size_ = true;
      print_notes(
          {path.string() + ": has " + std::to_string(picture.cols) + "x" +
           std::to_string(picture.rows) + " pixels" + sees}
      );
    }
  }

  Prediction second_answer(size_t i, const Prediction& first) {
    return look_again(
               {{}, pictures_[i], first},
               read_picture(inputs_[i]).pixels,
               [&](const auto& looks) { return predictor_.predict(looks); }
    ).prediction;
  }

  AnswerOutput output() const {
    return {
        .format = options_.format,
        .class_names = predictor_.class_names(),
        .top_k = std::min(options_.top_k, predictor_.answers())};
  }

  void read_pages() {
    if (!options_.annotate.empty() && pages_.size() > 1)
      throw std::runtime_error(
          "--annotate writes one file, so give one picture (found " +
          std::to_string(pages_.size()) + ")"
      );
    PageOutput output = {
        .format = options_.format, .tell_path = pages_.size() > 1};
    for (const PictureInput& page : pages_)
      guarded([&] {
        if (!options_.annotate.empty())
          output.annotate = annotated_file(options_, {page.path});
        if (!classify_page(page, predictor_, output)) any_unsure_ = true;
        std::cout.flush();
      });
  }

  const ClassifyOptions& options_;
  Predictor predictor_;
  std::vector<PictureInput> inputs_;
  std::vector<PictureInput> pages_;  // read when all of them are known
  std::vector<Preprocessed> pictures_;
  int looked_at_ = 0;
  bool noted_colour_ = false;
  bool noted_size_ = false;
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
  std::vector<std::string> warnings;  // printed when the pictures are read
  for (const std::string& path : paths)
    if (path != "-")
      for (const fs::path& each : listed_pictures(path, warnings))
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
  if (!explained.empty()) check_output(explained_file(options, explained));
  if (!options.annotate.empty())
    check_output(annotated_file(options, {paths.begin(), paths.end()}));
  const torch::Device device = prepare(options.compute);
  LoadedModel model = load_model(
      options.model,
      options.torchscript.trust,
      names_of_classes(options.torchscript.classes)
  );
  if (options.page && !model.classifier->input().is_ink())
    throw std::runtime_error(
        "--page: found a network for " +
        description(model.classifier->input()) +
        "; expected one for ink, which reads the digits of a page"
    );
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
      std::vector<std::string> warnings;
      const std::vector<fs::path> pictures = listed_pictures(path, warnings);
      print_warnings(warnings);
      for (const fs::path& each : pictures) session.add({each});
    });
  };
  for (const std::string& path : paths) {
    if (path != "-") {
      add_all(path);
      continue;
    }
    session.guarded([&] {
      StandardInput input =
          parse_standard_input({std::istreambuf_iterator<char>(std::cin), {}});
      check_standard_input();
      if (!input.picture.empty()) session.add({"-", std::move(input.picture)});
      for (const std::string& listed : input.paths) add_all(listed);
    });
  }
  session.flush();
  if (!explained.empty())
    session.guarded([&] {
      explain(
          explained,
          session.predictor(),
          {explained_file(options, explained),
           options.data.location_for(session.predictor().input()),
           options.quiet}
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
          "dark on light or light on dark, of any size; with --page, many. A "
          "network of other classes gets pictures as it was trained on them. A "
          "PICTURE is a file, a folder, a pattern in quotes, or - for a "
          "picture or a list of paths on standard input.",
      .groups = classify_groups(*options),
      .run = [options](const Arguments& given) {
        return classify(*options, given.paths);
      }};
}

}  // namespace digitorch
