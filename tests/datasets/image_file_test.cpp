#include "datasets/image_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <fstream>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "tests/datasets/pictures.h"
#include "tests/temp_dir.h"

namespace digitorch {
namespace {

using testing::big_endian;
using testing::draw_digit;
using testing::encode;
using testing::exif_block;
using testing::make_png;
using testing::png_chunk;

// The message that refuses the bytes; empty where they are read.
std::string refusal(std::string_view bytes) {
  try {
    decode_image(bytes, "picture");
    return "";
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

std::string little_endian(uint32_t value, int bytes) {
  const std::string big = big_endian(value, bytes);
  return {big.rbegin(), big.rend()};
}

// Every part of `bytes` that is missing its end must be refused, in one line
// with the name; returns how many were not.
int accepted_cuts(const std::string& bytes) {
  int accepted = 0;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const std::string message = refusal(bytes.substr(0, size));
    if (message.empty())
      ++accepted;
    else if (!message.starts_with("picture: ") || message.find("; expected ") == std::string::npos || message.find('\n') != std::string::npos)
      ADD_FAILURE() << "cut at " << size << ": " << message;
  }
  return accepted;
}

double difference(const cv::Mat& a, const cv::Mat& b) {
  EXPECT_EQ(a.size(), b.size());
  EXPECT_EQ(a.type(), b.type());
  if (a.size() != b.size() || a.type() != b.type()) return 1e9;
  return cv::norm(a, b, cv::NORM_INF);
}

// A digit whose channels differ, of the type.
cv::Mat sample(int type) {
  const cv::Mat grey = draw_digit(40);
  std::vector<cv::Mat> channels(CV_MAT_CN(type), grey);
  for (std::size_t i = 1; i < channels.size(); ++i)
    channels[i] = grey * 0.2 * i;
  cv::Mat image;
  cv::merge(channels, image);
  if (CV_MAT_DEPTH(type) == CV_16U) image.convertTo(image, CV_16U, 257);
  return image;
}

struct Lossless {
  std::string extension;
  int type;
  std::vector<int> parameters = {};
};

TEST(DecodeImage, GivesBackWhatLosslessFormatsHold) {
  const Lossless cases[] = {
      {".png", CV_8UC1},
      {".png", CV_8UC3},
      {".png", CV_8UC4},
      {".png", CV_16UC1},
      {".png", CV_16UC3},
      {".png", CV_16UC4},
      {".bmp", CV_8UC1},
      {".bmp", CV_8UC3},
      {".tiff", CV_8UC1},
      {".tiff", CV_8UC3},
      {".tiff", CV_16UC1},
      {".webp", CV_8UC3, {cv::IMWRITE_WEBP_QUALITY, 101}},
      {".webp", CV_8UC4, {cv::IMWRITE_WEBP_QUALITY, 101}},
      {".pgm", CV_8UC1},
      {".pgm", CV_16UC1},
      {".pgm", CV_8UC1, {cv::IMWRITE_PXM_BINARY, 0}},
      {".ppm", CV_8UC3},
      {".ppm", CV_8UC3, {cv::IMWRITE_PXM_BINARY, 0}},
  };
  for (const Lossless& c : cases) {
    SCOPED_TRACE(c.extension + " " + cv::typeToString(c.type));
    cv::Mat image = sample(c.type);
    // libwebp drops the colour of pixels that are wholly transparent.
    if (c.extension == ".webp") cv::max(image, 1, image);
    const std::string bytes = encode(c.extension, image, c.parameters);
    EXPECT_EQ(difference(decode_image(bytes, "picture"), image), 0);
  }
}

TEST(DecodeImage, ReadsBitsAndPalettes) {
  cv::Mat bits = sample(CV_8UC1) > 128;
  const std::vector<int> bilevel{cv::IMWRITE_PNG_BILEVEL, 1};
  EXPECT_EQ(
      difference(decode_image(encode(".png", bits, bilevel), "p"), bits), 0
  );
  EXPECT_EQ(difference(decode_image(encode(".pbm", bits), "p"), bits), 0);

  // Two pixels of a palette, red and blue; then red is made transparent.
  const std::string palette = png_chunk("PLTE", {'\xff', 0, 0, 0, 0, '\xff'});
  const std::string samples("\0\0\1", 3);
  EXPECT_EQ(
      difference(
          decode_image(make_png(2, 1, 8, 3, samples, palette), "p"),
          (cv::Mat_<cv::Vec3b>(1, 2) << cv::Vec3b(0, 0, 255),
           cv::Vec3b(255, 0, 0))
      ),
      0
  );
  const std::string clear = palette + png_chunk("tRNS", std::string(1, '\0'));
  EXPECT_EQ(
      difference(
          decode_image(make_png(2, 1, 8, 3, samples, clear), "p"),
          (cv::Mat_<cv::Vec4b>(1, 2) << cv::Vec4b(0, 0, 255, 0),
           cv::Vec4b(255, 0, 0, 255))
      ),
      0
  );
}

TEST(DecodeImage, ReadsGreyWithAlpha) {
  const std::string bytes = make_png(2, 1, 8, 4, {0, 16, 0, 32, '\xff'});
  const cv::Mat expected =
      (cv::Mat_<cv::Vec4b>(1, 2) << cv::Vec4b(16, 16, 16, 0),
       cv::Vec4b(32, 32, 32, 255));
  EXPECT_EQ(difference(decode_image(bytes, "p"), expected), 0);
}

TEST(DecodeImage, ReadsFourInks) {
  // Adobe's files hold inks inverted: 255 is none of it. Only black is printed.
  const cv::Mat none(16, 16, CV_8U, cv::Scalar(255));
  cv::Mat black = none.clone();
  black(cv::Rect(0, 0, 8, 16)) = 0;
  const std::string blank = encode(".jpg", none);
  const cv::Mat image = decode_image(
      testing::make_cmyk_jpeg({blank, blank, blank, encode(".jpg", black)}), "p"
  );
  ASSERT_EQ(image.type(), CV_8UC3);
  EXPECT_LE(cv::norm(image(cv::Rect(0, 0, 8, 16)), cv::NORM_INF), 4);
  EXPECT_GE(image.at<cv::Vec3b>(8, 12)[0], 251);
  EXPECT_GE(image.at<cv::Vec3b>(8, 12)[1], 251);
  EXPECT_GE(image.at<cv::Vec3b>(8, 12)[2], 251);
}

TEST(DecodeImage, ScalesPnmToItsWhite) {
  const cv::Mat expected = (cv::Mat_<uint8_t>(1, 2) << 0, 255);
  EXPECT_EQ(
      difference(
          decode_image(std::string("P5\n# text\n2 1\n15\n\0\xf", 20), "p"),
          expected
      ),
      0
  );
  EXPECT_EQ(difference(decode_image("P2 2 1 15 0 15\n", "p"), expected), 0);
  const cv::Mat wide = decode_image(
      "P5\n2 1\n1000\n" + big_endian(500, 2) + big_endian(1000, 2), "p"
  );
  EXPECT_EQ(wide.at<uint16_t>(0, 0), 32768);
  EXPECT_EQ(wide.at<uint16_t>(0, 1), 65535);
}

TEST(DecodeImage, RefusesEveryCutOfAJpeg) {
  const cv::Mat image = sample(CV_8UC3);
  // A thumbnail in the metadata has an end marker of its own.
  const std::string thumbnail = encode(".jpg", draw_digit(16));
  const std::string baseline =
      testing::with_exif(encode(".jpg", image), exif_block(1) + thumbnail);
  const std::string progressive =
      encode(".jpg", image, {cv::IMWRITE_JPEG_PROGRESSIVE, 1});
  const std::string restarts =
      encode(".jpg", image, {cv::IMWRITE_JPEG_RST_INTERVAL, 2});
  for (const std::string& bytes : {baseline, progressive, restarts}) {
    EXPECT_EQ(refusal(bytes), "");
    EXPECT_EQ(accepted_cuts(bytes), 0);
  }
  EXPECT_EQ(refusal(baseline + "more behind it"), "");
}

TEST(DecodeImage, RefusesEveryCutOfOtherFormats) {
  const cv::Mat grey = draw_digit(24);
  for (const char* extension : {".png", ".bmp", ".webp", ".pgm", ".tiff"}) {
    SCOPED_TRACE(extension);
    const std::string bytes = encode(extension, grey);
    EXPECT_EQ(refusal(bytes), "");
    EXPECT_EQ(accepted_cuts(bytes), 0);
  }
}

TEST(DecodeImage, RefusesEveryFlippedBitOfAPng) {
  const std::string good = make_png(2, 2, 8, 0, std::string("\0ab\0cd", 6));
  ASSERT_EQ(refusal(good), "");
  for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ 1 << bit % 8);
    EXPECT_NE(refusal(bad), "") << "bit " << bit;
  }
}

TEST(DecodeImage, PrintsNothingAboutWhatItRefuses) {
  const cv::Mat grey = draw_digit(24);
  ::testing::internal::CaptureStderr();
  for (const char* extension :
       {".png", ".jpg", ".bmp", ".webp", ".pgm", ".tiff"}) {
    const std::string bytes = encode(extension, grey);
    for (std::size_t size = 0; size < bytes.size(); size += 7)
      EXPECT_NE(refusal(bytes.substr(0, size)), "");
  }
  // libpng would have a word to say about this colour profile.
  const std::string profile = png_chunk("iCCP", std::string("x\0\0junk", 7));
  EXPECT_EQ(refusal(make_png(1, 1, 8, 0, {0, 1}, profile)), "");
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

TEST(DecodeImage, NamesWhatItDoesNotSupport) {
  const std::string webp_animated =
      "RIFF" + little_endian(24, 4) + "WEBPVP8X" + little_endian(10, 4) +
      std::string("\2\0\0\0\xf\0\0\xf\0\0\0\0", 12);
  const std::pair<std::string, std::string> cases[] = {
      {"", "an empty file"},
      {"hello, this is text", "unsupported, not a known kind of picture"},
      {"GIF89a\1\0\1\0", "unsupported GIF"},
      {webp_animated, "unsupported animated WebP"},
      {std::string(
           "\0\0\0\x20"
           "ftypheic",
           12
       ),
       "unsupported HEIC or AVIF"},
      {"%PDF-1.7", "unsupported PDF"},
      {"P7\nWIDTH 1", "unsupported PAM"},
  };
  for (const auto& [bytes, found] : cases)
    EXPECT_EQ(
        refusal(bytes),
        "picture: " + found + "; expected PNG, JPEG, BMP, TIFF, WebP or PGM"
    );
  cv::Mat floats;
  draw_digit(20).convertTo(floats, CV_32F);
  EXPECT_EQ(
      refusal(encode(".tiff", floats)),
      "picture: unsupported TIFF of 32-bit floating-point samples; "
      "expected unsigned samples of 1 to 16 bits"
  );
}

// The memory that the process has had at most, in MiB.
int64_t peak_memory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

TEST(DecodeImage, RefusesHugePicturesFromTheirHeaderAlone) {
  const std::string too_large = " pixels; expected at most 64000000 pixels";
  // As large as a PNG of zeros gets small: 30000 x 30000 in about 110 KB.
  const std::string one_bit = make_png(
      30000,
      30000,
      1,
      0,
      std::string(std::size_t{30000} * (30000 / 8 + 1), '\0')
  );
  EXPECT_LT(one_bit.size(), 120'000U);
  const int64_t before = peak_memory();
  EXPECT_EQ(refusal(one_bit), "picture: PNG of 30000x30000" + too_large);
  EXPECT_EQ(
      refusal("P5 1000000 1000 255\n"),
      "picture: PNM of 1000000x1000" + too_large
  );
  EXPECT_EQ(
      refusal(
          "BM" + std::string(12, '\0') + little_endian(40, 4) +
          little_endian(100000, 4) + little_endian(uint32_t(-100000), 4) +
          std::string(40, '\0')
      ),
      "picture: BMP of 100000x100000" + too_large
  );
  std::string jpeg = encode(".jpg", draw_digit(16));
  jpeg.replace(jpeg.find("\xff\xc0") + 5, 4, big_endian(0xffffffff, 4));
  EXPECT_EQ(refusal(jpeg), "picture: JPEG of 65535x65535" + too_large);
  std::string webp =
      encode(".webp", draw_digit(16), {cv::IMWRITE_WEBP_QUALITY, 50});
  webp.replace(26, 4, little_endian(0x3fff3fff, 4));
  EXPECT_EQ(refusal(webp), "picture: WebP of 16383x16383" + too_large);
  EXPECT_LT(peak_memory() - before, 16);
}

TEST(DecodeImage, RefusesSizesThatAreZero) {
  EXPECT_EQ(
      refusal("P5 0 5 255\n"),
      "picture: PNM of 0x5 pixels; expected at least 1x1"
  );
  EXPECT_EQ(
      refusal(make_png(3, 0, 8, 0, "")),
      "picture: PNG of 3x0 pixels; expected at least 1x1"
  );
}

TEST(DecodeImage, RefusesAJpegOfMoreScansThanAnyoneNeeds) {
  const std::string good = encode(".jpg", draw_digit(16));
  const std::size_t scan = good.find("\xff\xda");
  std::string bad = good.substr(0, scan);
  for (int i = 0; i < 101; ++i)
    bad += good.substr(scan, good.size() - scan - 2);
  bad += "\xff\xd9";
  EXPECT_EQ(
      refusal(bad),
      "picture: JPEG of more than 100 scans; expected about ten at most"
  );
}

TEST(DecodeImage, TakesTheFirstPageOrFrame) {
  testing::TempDir folder;
  const std::string path = folder / "pages.tiff";
  const cv::Mat first = draw_digit(20);
  ASSERT_TRUE(cv::imwritemulti(path, std::vector<cv::Mat>{first, 255 - first}));
  EXPECT_EQ(difference(read_image(path), first), 0);

  // An animated PNG: the picture, and what newer readers show after it.
  const std::string control =
      png_chunk("acTL", big_endian(2, 4) + big_endian(0, 4));
  EXPECT_EQ(
      difference(
          decode_image(make_png(1, 1, 8, 0, {0, 77}, control), "p"),
          (cv::Mat_<uint8_t>(1, 1) << 77)
      ),
      0
  );
}

// What a camera stores so that `upright` is shown: `orientation` says on which
// side of it the stored rows begin, and on which the columns (EXIF 2.3, 274).
cv::Mat stored(const cv::Mat& upright, int orientation) {
  enum Side { kTop, kBottom, kLeft, kRight };
  constexpr std::pair<Side, Side> kBegin[] = {
      {kTop, kLeft},
      {kTop, kRight},
      {kBottom, kRight},
      {kBottom, kLeft},
      {kLeft, kTop},
      {kRight, kTop},
      {kRight, kBottom},
      {kLeft, kBottom},
  };
  const auto [rows, columns] = kBegin[orientation - 1];
  cv::Mat image(upright.size(), upright.type());
  if (orientation > 4) image.create(upright.cols, upright.rows, upright.type());
  for (int y = 0; y < upright.rows; ++y)
    for (int x = 0; x < upright.cols; ++x) {
      const int from[] = {y, upright.rows - 1 - y, x, upright.cols - 1 - x};
      image.at<uint8_t>(from[rows], from[columns]) = upright.at<uint8_t>(y, x);
    }
  return image;
}

// A plain TIFF of 8 bits grey.
std::string make_tiff(const cv::Mat& image, int orientation) {
  constexpr int kPixels = 8;  // where they begin
  const std::string pixels(image.datastart, image.dataend);
  const auto size = static_cast<uint32_t>(pixels.size());
  const auto width = static_cast<uint32_t>(image.cols);
  const auto height = static_cast<uint32_t>(image.rows);
  const std::vector<std::pair<int, uint32_t>> tags{
      {256, width},
      {257, height},
      {258, 8},
      {259, 1},
      {262, 1},
      {273, kPixels},
      {274, uint32_t(orientation)},
      {277, 1},
      {278, height},
      {279, size},
  };
  std::string file = "MM" + big_endian(42, 2) + big_endian(kPixels + size, 4) +
                     pixels + big_endian(uint32_t(tags.size()), 2);
  for (const auto& [tag, value] : tags)
    file += big_endian(uint32_t(tag), 2) + big_endian(4, 2) + big_endian(1, 4) +
            big_endian(value, 4);
  return file + big_endian(0, 4);
}

TEST(DecodeImage, TurnsPicturesAsTheirMetadataSays) {
  const cv::Mat upright = draw_digit(48)(cv::Rect(4, 0, 40, 48)).clone();
  for (int orientation = 1; orientation <= 8; ++orientation) {
    SCOPED_TRACE(orientation);
    const cv::Mat held = stored(upright, orientation);
    const cv::Mat from_jpeg = decode_image(
        testing::with_exif(
            encode(".jpg", held, {cv::IMWRITE_JPEG_QUALITY, 100}),
            exif_block(orientation)
        ),
        "p"
    );
    EXPECT_LE(difference(from_jpeg, upright), 4);  // JPEG rounds

    std::string png = encode(".png", held);
    png.insert(8 + 25, png_chunk("eXIf", exif_block(orientation)));
    EXPECT_EQ(difference(decode_image(png, "p"), upright), 0);
    EXPECT_EQ(
        difference(decode_image(make_tiff(held, orientation), "p"), upright), 0
    );
  }
}

TEST(DecodeImage, TakesDamagedMetadataAsUpright) {
  const cv::Mat image = draw_digit(40);
  const std::string jpeg = encode(".jpg", image);
  const cv::Mat expected = decode_image(jpeg, "p");
  for (const std::string& block :
       {std::string(),
        std::string("MM"),
        exif_block(6).substr(0, 16),
        exif_block(0),
        exif_block(9),
        "MM" + std::string(30, '\xff')})
    EXPECT_EQ(
        difference(
            decode_image(testing::with_exif(jpeg, block), "p"), expected
        ),
        0
    );
}

TEST(ReadImage, NamesTheFile) {
  testing::TempDir folder;
  const std::filesystem::path path = folder / "ein \xc3\xa4 \"7\".png";
  const cv::Mat image = draw_digit(20);
  const std::string bytes = encode(".png", image);
  std::ofstream(path, std::ios::binary) << bytes;
  EXPECT_EQ(difference(read_image(path), image), 0);

  std::ofstream(path, std::ios::binary) << "text";
  try {
    read_image(path);
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_TRUE(std::string(error.what()).starts_with(path.string() + ": "));
  }
  EXPECT_THROW(read_image(folder / "missing.png"), std::runtime_error);
}

}  // namespace
}  // namespace digitorch
