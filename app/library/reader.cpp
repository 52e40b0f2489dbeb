#include "app/library/include/digitorch/reader.h"

#include <algorithm>
#include <limits>
#include <mutex>
#include <opencv2/imgproc.hpp>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "app/predict/model_file.h"
#include "app/predict/page/page_answer.h"
#include "app/predict/predictor.h"
#include "app/predict/second_look.h"
#include "app/system/exit_code.h"
#include "datasets/files/image_file.h"
#include "datasets/no_digit.h"

namespace digitorch {
namespace {

/// Calls `work`, and turns what it throws into the exceptions of reader.h.
template <class Work>
auto translated(const Work& work) {
  try {
    return work();
  } catch (...) {
    std::string message;
    switch (exit_code_for_current_exception(message)) {
      case kExitBadInput:
        throw BadInput(message);
      case kExitEnvironment:
        throw MachineFailure(message);
      default:
        throw InternalError(message);
    }
  }
}

Image decoded(std::span<const std::uint8_t> content) {
  return decode_image(
      {reinterpret_cast<const char*>(content.data()), content.size()},
      "the picture"
  );
}

/// Throws std::runtime_error where the bytes do not hold the pixels.
void check(const PixelView& view, std::size_t row, std::size_t stride) {
  const std::size_t rows_before = static_cast<std::size_t>(view.height) - 1;
  const bool enough = stride >= row && view.bytes.size() >= row &&
                      (view.bytes.size() - row) / stride >= rows_before;
  if (!enough)
    throw std::runtime_error(
        "the pixels: found " + std::to_string(view.bytes.size()) +
        " bytes and a stride of " + std::to_string(stride) + "; expected " +
        std::to_string(view.height) + " rows of " + std::to_string(row) +
        " bytes"
    );
}

/// The pixels as OpenCV has them: blue before red.
Image image_of(const PixelView& view) {
  const bool known_channels =
      view.channels == 1 || view.channels == 3 || view.channels == 4;
  if (view.width < 1 || view.height < 1 || !known_channels)
    throw std::runtime_error(
        "the pixels: found " + std::to_string(view.width) + " x " +
        std::to_string(view.height) + " of " + std::to_string(view.channels) +
        " channels; expected at least one pixel of 1, 3 or 4 channels"
    );
  if (int64_t{view.width} * view.height > kMaxPixels)
    throw std::runtime_error(
        "the pixels: found " + std::to_string(view.width) + " x " +
        std::to_string(view.height) + "; expected at most " +
        std::to_string(kMaxPixels) + " pixels"
    );
  const std::size_t row = static_cast<std::size_t>(view.width) *
                          static_cast<std::size_t>(view.channels);
  const std::size_t stride = view.stride == 0 ? row : view.stride;
  check(view, row, stride);
  const cv::Mat pixels(
      view.height,
      view.width,
      CV_8UC(view.channels),
      const_cast<std::uint8_t*>(view.bytes.data()),
      stride
  );
  Image image{.pixels = pixels};
  if (view.channels == 3) cv::cvtColor(pixels, image.pixels, cv::COLOR_RGB2BGR);
  if (view.channels == 4)
    cv::cvtColor(pixels, image.pixels, cv::COLOR_RGBA2BGRA);
  return image;
}

PageAnswer to_answer(const std::vector<ReadDigit>& digits) {
  PageAnswer answer{.text = page_text(digits)};
  for (const ReadDigit& digit : digits)
    answer.digits.push_back(
        {.x = digit.box.x,
         .y = digit.box.y,
         .width = digit.box.width,
         .height = digit.box.height,
         .line = digit.line,
         .word = digit.word,
         .label = digit.label,
         .probability = digit.probability,
         .unsure = digit.unsure,
         .sign = digit.sign,
         .row = digit.row,
         .column = digit.column}
    );
  return answer;
}

}  // namespace

class ReaderModel {
 public:
  explicit ReaderModel(LoadedModel loaded)
      : predictor_(
            std::move(loaded.classifier), std::move(loaded.class_names)
        ) {}

  DigitAnswer digit(const Image& image) {
    const Prediction found =
        see_digit(image.pixels, predictor_.input(), classifier()).prediction;
    DigitAnswer answer{
        .no_digit = found.no_digit,
        .blank = found.blank,
        .unsure = found.unsure};
    for (const auto& [label, probability] : found.classes)
      answer.classes.push_back(
          {predictor_.class_names()[static_cast<std::size_t>(label)],
           probability}
      );
    return answer;
  }

  PageAnswer page(const Image& image) {
    if (!predictor_.input().is_ink())
      throw std::runtime_error(
          "the network takes " + description(predictor_.input()) +
          "; expected one for ink, which reads the digits of a page"
      );
    std::vector<ReadDigit> digits =
        read_digits(image.pixels, classifier(), predictor_.class_names());
    enlarge_boxes(digits, image.reduction);
    return to_answer(digits);
  }

  std::vector<std::string> labels() const {
    std::vector<std::string> names = predictor_.class_names();
    std::erase(names, kNoDigit);
    return names;
  }

 private:
  PictureClassifier classifier() {
    return [this](const std::vector<Preprocessed>& pictures) {
      const std::lock_guard lock(mutex_);
      return predictor_.predict(pictures);
    };
  }

  std::mutex mutex_;  // held while the network computes
  Predictor predictor_;
};

Reader::Reader() : Reader(std::filesystem::path()) {}

Reader::Reader(const std::filesystem::path& model)
    : model_(translated([&] {
        return std::make_shared<ReaderModel>(load_checkpoint(model.string()));
      })) {}

Reader::~Reader() = default;
Reader::Reader(const Reader&) = default;
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(const Reader&) = default;
Reader& Reader::operator=(Reader&&) noexcept = default;

DigitAnswer Reader::read_digit(const std::filesystem::path& file) const {
  return translated([&] { return model_->digit(read_image(file)); });
}

DigitAnswer Reader::read_digit(std::span<const std::uint8_t> content) const {
  return translated([&] { return model_->digit(decoded(content)); });
}

DigitAnswer Reader::read_digit(const PixelView& pixels) const {
  return translated([&] { return model_->digit(image_of(pixels)); });
}

PageAnswer Reader::read_page(const std::filesystem::path& file) const {
  return translated([&] { return model_->page(read_image(file)); });
}

PageAnswer Reader::read_page(std::span<const std::uint8_t> content) const {
  return translated([&] { return model_->page(decoded(content)); });
}

PageAnswer Reader::read_page(const PixelView& pixels) const {
  return translated([&] { return model_->page(image_of(pixels)); });
}

std::vector<std::string> Reader::labels() const { return model_->labels(); }

}  // namespace digitorch
