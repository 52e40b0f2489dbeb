// Reads handwritten and printed digits in pictures, for other programs. This
// header needs C++20 and nothing of LibTorch or OpenCV.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#if defined(__GNUC__)
#define DIGITORCH_API __attribute__((visibility("default")))
#else
#define DIGITORCH_API
#endif

namespace digitorch {

/// Pixels of 8 bits in memory, row by row from the top. They are copied or read
/// during the call only.
struct PixelView {
  std::span<const std::uint8_t> bytes;  ///< At least up to the last pixel.
  int width = 0;                        ///< In pixels, >= 1.
  int height = 0;                       ///< In pixels, >= 1.
  int channels = 1;        ///< 1: grey; 3: red, green, blue; 4: and opacity.
  std::size_t stride = 0;  ///< Bytes from row to row; 0: width * channels.
};

struct RankedClass {
  std::string label;
  float probability = 0;  ///< 0..1.
};

/// What a picture of one digit shows.
struct DigitAnswer {
  /// Every class, the most probable first; never empty. The probabilities sum
  /// to 1 together with `no_digit`.
  std::vector<RankedClass> classes;
  /// The probability that the picture shows no digit; 0 for a model that was
  /// not trained to tell.
  float no_digit = 0;
  bool blank = false;  ///< No ink was found, so the classes are a guess.
  /// Blank, rather no digit, or the first class has a probability below 0.5.
  bool unsure = false;

  const std::string& label() const { return classes.front().label; }
  float probability() const { return classes.front().probability; }
};

/// One digit of a page. The box is around its ink, in pixels of the picture.
struct FoundDigit {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
  int line = 0;  ///< From 0, in reading order.
  int word = 0;  ///< From 0, counted over the page; a number is one word.
  std::string label;
  float probability = 0;  ///< 0..1.
  bool unsure = false;
  std::string sign;  ///< Between it and the next digit: ".", ",", "-" or none.
  int row = -1;      ///< Of its cell in a grid, from 0; -1 beside grids.
  int column = -1;   ///< The same.
};

struct PageAnswer {
  std::vector<FoundDigit> digits;  ///< In reading order; may be empty.
  /// A line for each line of the page, a space between words, the signs between
  /// digits, "?" for an unsure digit.
  std::string text;
};

/// What every function below throws. what() is one line of English that names
/// the file, what was found and what was expected.
class DIGITORCH_API Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The model or the picture cannot be used: it is missing, damaged, too large
/// or of an unknown kind.
class DIGITORCH_API BadInput : public Error {
 public:
  using Error::Error;
};

/// The machine refused: no memory, no permission, a failed system call.
class DIGITORCH_API MachineFailure : public Error {
 public:
  using Error::Error;
};

/// A fault of the library itself.
class DIGITORCH_API InternalError : public Error {
 public:
  using Error::Error;
};

class ReaderModel;

/// Reads digits with one model, as `digitorch classify` does: the same answers
/// to the same pictures. It computes on the CPU.
///
/// Every const function may be called by several threads at the same time, on
/// one Reader or on copies of it, which share their model. Pictures are then
/// decoded and prepared in parallel, and the network answers one call after the
/// other; a second Reader of the same file has a network of its own. The
/// answers do not depend on what other threads do.
class DIGITORCH_API Reader {
 public:
  /// Reads the digits 0 to 9 by the network inside the library.
  Reader();
  /// Reads by a checkpoint, such as a run's best.safetensors, or by the best
  /// checkpoint in the folder of a run.
  explicit Reader(const std::filesystem::path& model);
  ~Reader();
  Reader(const Reader&);
  Reader(Reader&&) noexcept;
  Reader& operator=(const Reader&);
  Reader& operator=(Reader&&) noexcept;

  /// A picture of one digit, of any size, dark on light or light on dark: a
  /// file (PNG, JPEG, BMP, TIFF, WebP, PGM, PPM or PBM), the content of one, or
  /// pixels. Of a file with several pages the first is read.
  DigitAnswer read_digit(const std::filesystem::path& file) const;
  DigitAnswer read_digit(std::span<const std::uint8_t> content) const;
  DigitAnswer read_digit(const PixelView&) const;

  /// All digits of a page, line by line.
  PageAnswer read_page(const std::filesystem::path& file) const;
  PageAnswer read_page(std::span<const std::uint8_t> content) const;
  PageAnswer read_page(const PixelView&) const;

  /// The labels that answers can have, in the model's order.
  std::vector<std::string> labels() const;

 private:
  std::shared_ptr<ReaderModel> model_;
};

}  // namespace digitorch
