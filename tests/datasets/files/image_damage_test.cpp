// What decode_image refuses: cut, damaged, contradictory, huge and foreign
// files.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <iostream>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "datasets/files/image_file.h"
#include "tests/support/pictures.h"

namespace digitorch {
namespace {

using testing::big_endian;
using testing::draw_digit;
using testing::encode;
using testing::exif_block;
using testing::little_endian;
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

// Every part of `bytes` that is missing its end must be refused, in one line
// with the name; returns how many were not.
int accepted_cuts(const std::string& bytes) {
  int accepted = 0;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const std::string message = refusal(bytes.substr(0, size));
    if (message.empty()) {
      ++accepted;
      continue;
    }
    EXPECT_TRUE(message.starts_with("picture: ")) << message;
    EXPECT_NE(message.find("; expected "), std::string::npos) << message;
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
  }
  return accepted;
}

TEST(DecodeDamagedImage, RefusesEveryCutOfAJpeg) {
  cv::Mat image;
  cv::cvtColor(draw_digit(40), image, cv::COLOR_GRAY2BGR);
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

TEST(DecodeDamagedImage, RefusesEveryCutOfOtherFormats) {
  const cv::Mat grey = draw_digit(24);
  for (const char* extension : {".png", ".bmp", ".webp", ".pgm", ".tiff"}) {
    SCOPED_TRACE(extension);
    const std::string bytes = encode(extension, grey);
    EXPECT_EQ(refusal(bytes), "");
    EXPECT_EQ(accepted_cuts(bytes), 0);
  }
}

TEST(DecodeDamagedImage, RefusesEveryFlippedBitOfAPng) {
  const std::string good = make_png(2, 2, 8, 0, std::string("\0ab\0cd", 6));
  ASSERT_EQ(refusal(good), "");
  for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ 1 << bit % 8);
    EXPECT_NE(refusal(bad), "") << "bit " << bit;
  }
}

TEST(DecodeDamagedImage, PrintsNothingAboutWhatItRefuses) {
  const cv::Mat grey = draw_digit(24);
  ::testing::internal::CaptureStderr();
  for (const char* extension :
       {".png", ".jpg", ".bmp", ".webp", ".pgm", ".tiff"}) {
    const std::string bytes = encode(extension, grey);
    for (std::size_t size = 0; size < bytes.size(); size += 7)
      EXPECT_NE(refusal(bytes.substr(0, size)), "");
  }
  // imdecode itself would report these strips that do not unpack.
  constexpr int kDeflate = 8;
  cv::Mat deep;
  grey.convertTo(deep, CV_16U, 257);
  std::string strips =
      encode(".tiff", deep, {cv::IMWRITE_TIFF_COMPRESSION, kDeflate});
  strips.replace(8, 8, 8, '\xff');
  EXPECT_NE(refusal(strips), "");
  // libpng would have a word to say about this colour profile.
  const std::string profile = png_chunk("iCCP", std::string("x\0\0junk", 7));
  EXPECT_EQ(refusal(make_png(1, 1, 8, 0, {0, 1}, profile)), "");
  std::cerr << "heard again";
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "heard again");
}

TEST(DecodeDamagedImage, RefusesHalfAJpegWhoseEndMarkerIsThere) {
  cv::Mat colour;
  cv::cvtColor(draw_digit(64), colour, cv::COLOR_GRAY2BGR);
  const std::string end = "\xff\xd9";
  const std::string baseline = encode(".jpg", colour);
  const std::string half = baseline.substr(0, baseline.size() / 2);
  EXPECT_NE(refusal(half + end), "");
  // A progressive file that ends after any of its scans has no other flaw.
  const std::string progressive =
      encode(".jpg", colour, {cv::IMWRITE_JPEG_PROGRESSIVE, 1});
  std::size_t at = progressive.find("\xff\xda");
  int scans = 0;
  while ((at = progressive.find("\xff\xda", at + 2)) != progressive.npos) {
    ++scans;
    EXPECT_NE(refusal(progressive.substr(0, at) + end), "") << scans;
  }
  EXPECT_GT(scans, 3);
}

TEST(DecodeDamagedImage, RefusesTiffThatCannotBeUnpacked) {
  const std::string junk = "not packed in any way, not at all";
  const auto packed_by = [&](uint32_t compression) {
    return testing::make_tiff(
        testing::grey_tiff_tags(40, 40, uint32_t(junk.size()), compression),
        junk
    );
  };
  constexpr uint32_t kJpeg2000 = 34712, kNobodys = 65000;
  for (const uint32_t compression : {kJpeg2000, kNobodys})
    EXPECT_EQ(
        refusal(packed_by(compression)),
        "picture: unsupported TIFF, compression " +
            std::to_string(compression) +
            "; expected one that libtiff unpacks, such as LZW"
    );
  constexpr uint32_t kFax4 = 4, kLzw = 5, kJpeg = 7, kDeflate = 8,
                     kPackBits = 32773, kJbig = 34661, kLzma = 34925,
                     kZstd = 50000;
  for (const uint32_t compression :
       {kFax4, kLzw, kJpeg, kDeflate, kPackBits, kJbig, kLzma, kZstd})
    EXPECT_NE(refusal(packed_by(compression)), "") << compression;
}

TEST(DecodeDamagedImage, RefusesTiffOfFewerSamplesThanItsHeaderNames) {
  constexpr int kPhotometric = 262, kExtraSamples = 338;
  constexpr uint32_t kRgb = 2, kAlpha = 2;
  auto tags = testing::grey_tiff_tags(4, 4, 16);
  tags.emplace_back(kExtraSamples, kAlpha);
  const std::string pixels(48, 'x');
  EXPECT_EQ(
      refusal(testing::make_tiff(tags, pixels)),
      "picture: TIFF of 1 samples a pixel; expected 1 of colour and 1 more, as "
      "its header says"
  );
  for (auto& [tag, value] : tags)
    if (tag == kPhotometric) value = kRgb;
  EXPECT_EQ(
      refusal(testing::make_tiff(tags, pixels)),
      "picture: TIFF of 1 samples a pixel; expected 3 of colour and 1 more, as "
      "its header says"
  );
}

TEST(DecodeDamagedImage, NamesWhatItDoesNotSupport) {
  const std::string webp_animated =
      "RIFF" + little_endian(24, 4) + "WEBPVP8X" + little_endian(10, 4) +
      std::string("\2\0\0\0\xf\0\0\xf\0\0\0\0", 12);
  const std::pair<std::string, std::string> cases[] = {
      {"", "an empty file"},
      {"hello, this is text", "not a picture digitorch can read"},
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

TEST(DecodeDamagedImage, RefusesHugePicturesFromTheirHeaderAlone) {
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

TEST(DecodeDamagedImage, RefusesWhatNeedsTooMuchMemoryFromItsHeaderAlone) {
  const int64_t before = peak_memory();
  // 16 x 16 pixels in a tile of 32752 x 32752.
  const std::string tile = testing::make_tiff(
      {{256, 16},
       {257, 16},
       {258, 8},
       {259, 8},
       {262, 1},
       {277, 1},
       {322, 32752},
       {323, 32752},
       {324, 8},
       {325, 4}},
      "junk"
  );
  EXPECT_EQ(
      refusal(tile),
      "picture: TIFF whose tile takes 2046 MiB to decode; expected at most 210"
  );
  // In full colour all coefficients of 8000 x 8000 pixels take 366 MiB.
  cv::Mat colour;
  cv::cvtColor(draw_digit(16), colour, cv::COLOR_GRAY2BGR);
  std::string jpeg = encode(".jpg", colour, {cv::IMWRITE_JPEG_PROGRESSIVE, 1});
  const std::size_t frame = jpeg.find("\xff\xc2");
  jpeg.replace(frame + 5, 4, big_endian(8000 << 16 | 8000, 4));
  jpeg[frame + 11] = 0x11;  // as many pixels of colour as of brightness
  EXPECT_EQ(
      refusal(jpeg),
      "picture: JPEG whose progressive picture takes 366 MiB to decode; "
      "expected at most 210"
  );
  // An interlaced PNG is whole in memory before its first row is.
  const std::string header = png_chunk(
      "IHDR",
      big_endian(8000, 4) + big_endian(8000, 4) + "\x10\6" +
          std::string("\0\0\1", 3)
  );
  const std::string png = make_png(8000, 8000, 16, 6, "");
  EXPECT_EQ(
      refusal(png.substr(0, 8) + header + png.substr(8 + header.size())),
      "picture: PNG whose interlaced picture takes 976 MiB to decode; expected "
      "at most 210"
  );
  EXPECT_EQ(
      refusal("P5 1000001 1 255\n"),
      "picture: PNM of 1000001x1 pixels; expected at most 1000000 on a side"
  );
  EXPECT_LT(peak_memory() - before, 16);
}

TEST(DecodeDamagedImage, RefusesHeadersThatContradictThemselves) {
  std::string bmp = encode(".bmp", draw_digit(16));
  bmp.replace(30, 4, little_endian(4, 4));
  EXPECT_EQ(
      refusal(bmp),
      "picture: unsupported BMP of 8 bits, compression 4; "
      "expected at most 32 bits and compression 3"
  );
  bmp.replace(30, 4, little_endian(0, 4));
  bmp.replace(46, 4, little_endian(257, 4));
  EXPECT_EQ(
      refusal(bmp),
      "picture: BMP of too many colours; expected a whole BMP file"
  );
  EXPECT_EQ(
      refusal("P2 3 1 9 1 2\n"),
      "picture: PNM of 2 values; expected 3 for its size"
  );
  EXPECT_EQ(
      refusal("P2 2 1 9 1 x\n"),
      "picture: damaged PNM, no number at byte 11; expected a whole PNM file"
  );
  EXPECT_EQ(
      refusal("P5 1 1 0\n1"),
      "picture: PNM with 0 as white; expected 1 to 65535"
  );
}

TEST(DecodeDamagedImage, RefusesSizesThatAreZero) {
  EXPECT_EQ(
      refusal("P5 0 5 255\n"),
      "picture: PNM of 0x5 pixels; expected at least 1x1"
  );
  EXPECT_EQ(
      refusal(make_png(3, 0, 8, 0, "")),
      "picture: PNG of 3x0 pixels; expected at least 1x1"
  );
}

TEST(DecodeDamagedImage, RefusesAJpegOfMoreScansThanAnyoneNeeds) {
  const std::string plane = encode(".jpg", draw_digit(16));
  const std::string good =
      testing::make_cmyk_jpeg({plane, plane, plane, plane});  // four scans
  ASSERT_EQ(refusal(good), "");
  const std::size_t scan = good.find("\xff\xda");
  std::string bad = good.substr(0, scan);
  for (int i = 0; i < 26; ++i) bad += good.substr(scan, good.size() - scan - 2);
  bad += "\xff\xd9";
  EXPECT_EQ(
      refusal(bad),
      "picture: JPEG of more than 100 scans; expected about ten at most"
  );
}

}  // namespace
}  // namespace digitorch
