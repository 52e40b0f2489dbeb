#include "datasets/files/image_file.h"

#include <gtest/gtest.h>

#include <fstream>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "tests/support/pictures.h"
#include "tests/support/temp_dir.h"

namespace digitorch {
namespace {

using testing::big_endian;
using testing::draw_digit;
using testing::encode;
using testing::exif_block;
using testing::little_endian;
using testing::make_png;
using testing::png_chunk;

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
    EXPECT_EQ(difference(decode_image(bytes, "picture").pixels, image), 0);
  }
}

TEST(DecodeImage, ReadsBitsAndPalettes) {
  cv::Mat bits = sample(CV_8UC1) > 128;
  const std::vector<int> bilevel{cv::IMWRITE_PNG_BILEVEL, 1};
  EXPECT_EQ(
      difference(decode_image(encode(".png", bits, bilevel), "p").pixels, bits),
      0
  );
  EXPECT_EQ(
      difference(decode_image(encode(".pbm", bits), "p").pixels, bits), 0
  );

  // Two pixels of a palette, red and blue; then red is made transparent.
  const std::string palette = png_chunk("PLTE", {'\xff', 0, 0, 0, 0, '\xff'});
  const std::string samples("\0\0\1", 3);
  EXPECT_EQ(
      difference(
          decode_image(make_png(2, 1, 8, 3, samples, palette), "p").pixels,
          (cv::Mat_<cv::Vec3b>(1, 2) << cv::Vec3b(0, 0, 255),
           cv::Vec3b(255, 0, 0))
      ),
      0
  );
  const std::string clear = palette + png_chunk("tRNS", std::string(1, '\0'));
  EXPECT_EQ(
      difference(
          decode_image(make_png(2, 1, 8, 3, samples, clear), "p").pixels,
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
  EXPECT_EQ(difference(decode_image(bytes, "p").pixels, expected), 0);
}

TEST(DecodeImage, ReadsFourInks) {
  // Adobe's files hold inks inverted: 255 is none of it. Only black is printed.
  const cv::Mat none(16, 16, CV_8U, cv::Scalar(255));
  cv::Mat black = none.clone();
  black(cv::Rect(0, 0, 8, 16)) = 0;
  const std::string blank = encode(".jpg", none);
  const cv::Mat image =
      decode_image(
          testing::make_cmyk_jpeg({blank, blank, blank, encode(".jpg", black)}),
          "p"
      )
          .pixels;
  ASSERT_EQ(image.type(), CV_8UC3);
  EXPECT_LE(cv::norm(image(cv::Rect(0, 0, 8, 16)), cv::NORM_INF), 4);
  EXPECT_GE(image.at<cv::Vec3b>(8, 12)[0], 251);
  EXPECT_GE(image.at<cv::Vec3b>(8, 12)[1], 251);
  EXPECT_GE(image.at<cv::Vec3b>(8, 12)[2], 251);
}

TEST(DecodeImage, ReadsBigTiff) {
  const auto number = [](uint32_t value) {
    return big_endian(0, 4) + big_endian(value, 4);
  };
  const cv::Mat image = draw_digit(20);
  const std::string pixels(image.datastart, image.dataend);
  constexpr uint32_t kPixels = 16;
  auto tags = testing::grey_tiff_tags(20, 20, uint32_t(pixels.size()));
  std::string file = "MM" + big_endian(43, 2) + big_endian(8, 2) +
                     big_endian(0, 2) + number(kPixels + 400) + pixels +
                     number(uint32_t(tags.size()));
  for (const auto& [tag, value] : tags)
    file += big_endian(uint32_t(tag), 2) + big_endian(4, 2) + number(1) +
            big_endian(tag == 273 ? kPixels : value, 4) + big_endian(0, 4);
  EXPECT_EQ(difference(decode_image(file + number(0), "p").pixels, image), 0);
}

TEST(DecodeImage, ReadsRunsOfABmp) {
  // 3x2 pixels of 8 bits: a run, numbers one by one, an end of line and of all.
  std::string palette;
  for (const char level : {'\0', '\x40', '\xff', '\x7f'})
    palette += {level, level, level, 0};
  const auto start = uint32_t(54 + palette.size());
  std::string file = "BM" + little_endian(start + 14, 4) + little_endian(0, 4) +
                     little_endian(start, 4) + little_endian(40, 4) +
                     little_endian(3, 4) + little_endian(2, 4) +
                     little_endian(1, 2) + little_endian(8, 2) +
                     little_endian(1, 4) + std::string(12, '\0') +
                     little_endian(4, 4) + little_endian(0, 4) + palette;
  file += std::string("\2\1\1\2\0\0\0\3\3\1\2\0\0\1", 14);
  const cv::Mat expected =
      (cv::Mat_<uint8_t>(2, 3) << 0x7f, 0x40, 0xff, 0x40, 0x40, 0xff);
  EXPECT_EQ(difference(decode_image(file, "p").pixels, expected), 0);
}

TEST(DecodeImage, LeavesOutPngChunksThatNoPictureNeeds) {
  std::string text = png_chunk("tEXt", std::string("Comment\0five", 12));
  text.back() = static_cast<char>(text.back() + 1);  // wrong checksum
  const cv::Mat image =
      decode_image(make_png(1, 1, 8, 0, {0, 77}, text), "p").pixels;
  EXPECT_EQ(image.at<uint8_t>(0, 0), 77);
}

TEST(DecodeImage, ReducesWhatWouldTakeTooMuchMemory) {
  // Columns of 3 pixels, black and white, of 16 bits: 128 MB.
  std::string file = "P5 7999 8000 65535\n";
  std::string row;
  for (int x = 0; x < 7999; ++x)
    row += x / 3 % 2 == 0 ? std::string(2, '\0') : std::string(2, '\xff');
  for (int y = 0; y < 8000; ++y) file += row;
  const Image image = decode_image(file, "p");
  EXPECT_EQ(image.reduction, 2);
  ASSERT_EQ(image.pixels.size(), cv::Size(4000, 4000));
  const uint16_t expected[] = {0, 32768, 65535, 0};
  for (int x = 0; x < 4; ++x)
    EXPECT_EQ(image.pixels.at<uint16_t>(3999, x), expected[x]);
  EXPECT_EQ(image.pixels.at<uint16_t>(0, 3999), 0);  // of one column alone
}

TEST(DecodeImage, ScalesPnmToItsWhite) {
  const cv::Mat expected = (cv::Mat_<uint8_t>(1, 2) << 0, 255);
  EXPECT_EQ(
      difference(
          decode_image(std::string("P5\n# text\n2 1\n15\n\0\xf", 20), "p")
              .pixels,
          expected
      ),
      0
  );
  EXPECT_EQ(
      difference(decode_image("P2 2 1 15 0 15\n", "p").pixels, expected), 0
  );
  const cv::Mat wide =
      decode_image(
          "P5\n2 1\n1000\n" + big_endian(500, 2) + big_endian(1000, 2), "p"
      )
          .pixels;
  EXPECT_EQ(wide.at<uint16_t>(0, 0), 32768);
  EXPECT_EQ(wide.at<uint16_t>(0, 1), 65535);
}

TEST(DecodeImage, TakesTheFirstPageOrFrame) {
  testing::TempDir folder;
  const std::string path = folder / "pages.tiff";
  const cv::Mat first = draw_digit(20);
  ASSERT_TRUE(cv::imwritemulti(path, std::vector<cv::Mat>{first, 255 - first}));
  EXPECT_EQ(difference(read_image(path).pixels, first), 0);

  EXPECT_TRUE(read_image(path).has_more);
  EXPECT_FALSE(decode_image(encode(".tiff", first), "p").has_more);

  // An animated PNG: the picture, and what newer readers show after it.
  const std::string control =
      png_chunk("acTL", big_endian(2, 4) + big_endian(0, 4));
  EXPECT_EQ(
      difference(
          decode_image(make_png(1, 1, 8, 0, {0, 77}, control), "p").pixels,
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
std::string make_tiff(const cv::Mat& image, uint32_t orientation) {
  const std::string pixels(image.datastart, image.dataend);
  auto tags = testing::grey_tiff_tags(
      uint32_t(image.cols), uint32_t(image.rows), uint32_t(pixels.size())
  );
  tags.insert(tags.begin() + 6, {274, orientation});
  return testing::make_tiff(tags, pixels);
}

// A lossless WebP with metadata, which takes the extended layout.
std::string make_webp(const cv::Mat& image, const std::string& exif) {
  constexpr int kHasExif = 0x08;
  const std::string plain =
      encode(".webp", image, {cv::IMWRITE_WEBP_QUALITY, 101});
  const std::string chunks =
      "WEBPVP8X" + little_endian(10, 4) + little_endian(kHasExif, 4) +
      little_endian(uint32_t(image.cols - 1), 3) +
      little_endian(uint32_t(image.rows - 1), 3) + plain.substr(12) + "EXIF" +
      little_endian(uint32_t(exif.size()), 4) + exif;
  return "RIFF" + little_endian(uint32_t(chunks.size()), 4) + chunks;
}

TEST(DecodeImage, TurnsPicturesAsTheirMetadataSays) {
  const cv::Mat upright = draw_digit(48)(cv::Rect(4, 0, 40, 48)).clone();
  cv::Mat colour;
  cv::cvtColor(upright, colour, cv::COLOR_GRAY2BGR);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    SCOPED_TRACE(orientation);
    const cv::Mat held = stored(upright, orientation);
    const cv::Mat from_jpeg =
        decode_image(
            testing::with_exif(
                encode(".jpg", held, {cv::IMWRITE_JPEG_QUALITY, 100}),
                exif_block(orientation)
            ),
            "p"
        )
            .pixels;
    EXPECT_LE(difference(from_jpeg, upright), 4);  // JPEG rounds

    std::string png = encode(".png", held);
    png.insert(8 + 25, png_chunk("eXIf", exif_block(orientation)));
    EXPECT_EQ(difference(decode_image(png, "p").pixels, upright), 0);
    EXPECT_EQ(
        difference(
            decode_image(make_tiff(held, uint32_t(orientation)), "p").pixels,
            upright
        ),
        0
    );
    const cv::Mat webp =
        decode_image(make_webp(held, exif_block(orientation)), "p").pixels;
    EXPECT_EQ(difference(webp, colour), 0);
  }
}

TEST(DecodeImage, TakesDamagedMetadataAsUpright) {
  const cv::Mat image = draw_digit(40);
  const std::string jpeg = encode(".jpg", image);
  const cv::Mat expected = decode_image(jpeg, "p").pixels;
  for (const std::string& block :
       {std::string(),
        std::string("MM"),
        exif_block(6).substr(0, 16),
        exif_block(0),
        exif_block(9),
        "MM" + std::string(30, '\xff')})
    EXPECT_EQ(
        difference(
            decode_image(testing::with_exif(jpeg, block), "p").pixels, expected
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
  EXPECT_EQ(difference(read_image(path).pixels, image), 0);

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
