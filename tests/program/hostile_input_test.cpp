// Input that is wrong, odd or made to harm, given to the real program: what
// cannot be read is refused in one line that names it, within bounded time and
// memory; odd names and empty pictures are no error; nothing in a file is run
// unless the user trusts it.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <zlib.h>

#include <opencv2/imgcodecs.hpp>

#include "tests/support/data_files.h"
#include "tests/support/pictures.h"
#include "tests/support/program.h"

namespace digitorch::testing {
namespace {

namespace fs = std::filesystem;

/// A PNG that is all header: 30000 x 30000 grey pixels are promised.
std::string huge_png() {
  const std::string ihdr{
      "\0\0\0\rIHDR\0\0\x75\x30\0\0\x75\x30\x08\0\0\0\0", 21};
  return "\x89PNG\r\n\x1a\n" + ihdr + std::string("\0\0\0\0", 4) +
         std::string("\0\0\0\0IEND\xae\x42\x60\x82", 12);
}

struct BadFile {
  std::string name;
  std::string content;
};

std::ostream& operator<<(std::ostream& out, const BadFile& file) {
  return out << file.name;
}

/// A file of zeros behind the header, which take no room on the disk.
void write_sparse(
    const fs::path& path, const std::string& header, std::size_t zeros
) {
  write_file(path, header);
  fs::resize_file(path, header.size() + zeros);
}

/// A PNG of zeros, packed without ever being whole.
void write_png_of_zeros(
    const fs::path& path, int side, int depth, int colour, std::size_t row
) {
  z_stream stream{};
  ASSERT_EQ(deflateInit(&stream, 1), Z_OK);
  const std::string zeros(row + 1, '\0');
  std::string packed, buffer(1 << 16, '\0');
  for (int y = 0; y <= side; ++y) {
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(zeros.data()));
    stream.avail_in = y < side ? static_cast<uInt>(zeros.size()) : 0;
    do {
      stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
      stream.avail_out = static_cast<uInt>(buffer.size());
      deflate(&stream, y < side ? Z_NO_FLUSH : Z_FINISH);
      packed.append(buffer, 0, buffer.size() - stream.avail_out);
    } while (stream.avail_out == 0);
  }
  deflateEnd(&stream);
  const std::string header = big_endian(uint32_t(side), 4) +
                             big_endian(uint32_t(side), 4) +
                             std::string{char(depth), char(colour), 0, 0, 0};
  write_file(
      path,
      "\x89PNG\r\n\x1a\n" + png_chunk("IHDR", header) +
          png_chunk("IDAT", packed) + png_chunk("IEND", "")
  );
}

class BadPicture : public ::testing::TestWithParam<BadFile> {};

TEST_P(BadPicture, IsRefusedInOneLineThatNamesItWithinBounds) {
  const TempDir folder;
  write_file(folder / GetParam().name, GetParam().content);
  const auto result =
      digitorch({"classify", (folder / GetParam().name).string()});
  expect_refused(result, 2, GetParam().name);
  EXPECT_LT(result.cpu_seconds, kMostSeconds);
  EXPECT_LT(result.peak_bytes, usual_peak() + kMostBytes);
}

INSTANTIATE_TEST_SUITE_P(
    Files,
    BadPicture,
    ::testing::Values(
        BadFile{"empty.png", ""},
        BadFile{"text.png", "this is no picture\n"},
        BadFile{"huge.png", huge_png()},
        BadFile{"cut.png", std::string("\x89PNG\r\n\x1a\n", 8)},
        BadFile{"cut.jpg", "\xff\xd8\xff\xe0"},
        BadFile{"anim.gif", "GIF89a\x01\0\x01\0"},
        BadFile{"lying.pgm", "P5 100000 100000 255\n"},
        BadFile{"lying.bmp", "BM" + std::string(52, '\x7f')}
    )
);

TEST(HostileInputTest, LargePicturesAreReadWithinBounds) {
  const TempDir folder;
  constexpr std::size_t kPixels = 8000 * 8000;
  write_sparse(folder / "a.ppm", "P6 8000 8000 255\n", 3 * kPixels);
  write_sparse(folder / "b.ppm", "P6 8000 8000 65535\n", 6 * kPixels);
  write_png_of_zeros(folder / "a.png", 8000, 16, 6, 8 * 8000);
  for (const std::string name : {"a.ppm", "b.ppm", "a.png"}) {
    const auto result = digitorch({"classify", (folder / name).string()});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_LT(result.cpu_seconds, kMostSeconds) << name;
    EXPECT_LT(result.peak_bytes, usual_peak() + kMostBytes) << name;
  }
}

TEST(HostileInputTest, PicturesLongerThanAnyoneDrawsAreReadWithinBounds) {
  const TempDir folder;
  cv::Mat picture(54, 786'432, CV_8U, cv::Scalar(255));
  cv::line(picture, {0, 20}, {786'431, 40}, cv::Scalar(0), 3);
  const std::string long_one = (folder / "long.bmp").string();
  const std::string high_one = (folder / "high.bmp").string();
  ASSERT_TRUE(cv::imwrite(long_one, picture));
  ASSERT_TRUE(cv::imwrite(high_one, picture.t()));
  for (const std::string& path : {long_one, high_one})
    for (const std::vector<std::string>& command :
         {std::vector<std::string>{"classify"}, {"classify", "--page"}}) {
      auto arguments = command;
      arguments.push_back(path);
      const auto result = digitorch(arguments);
      EXPECT_EQ(result.exit_code, 0) << result.err;
      EXPECT_LT(result.cpu_seconds, kMostSeconds);
      EXPECT_LT(result.peak_bytes, usual_peak() + kMostBytes);
    }
}

/// side x side pixels, dark where the pattern says so.
template <typename Pattern>
cv::Mat drawn(int side, Pattern pattern) {
  cv::Mat picture(side, side, CV_8U);
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x)
      picture.at<uint8_t>(y, x) = pattern(x, y) ? 0 : 255;
  return picture;
}

TEST(HostileInputTest, PagesTakeTimeByTheirPixelsNotByWhatIsOnThem) {
  const TempDir folder;
  const std::pair<std::string, cv::Mat> pages[] = {
      {"stripes", drawn(2000, [](int x, int y) { return (x + y) % 8 < 4; })},
      {"lines", drawn(2000, [](int x, int) { return x % 6 < 2; })},
      {"dots",
       drawn(2000, [](int x, int y) { return x % 16 < 8 && y % 16 < 8; })},
      {"hatching", drawn(2000, [](int x, int y) {
         return (x + y) % 20 < 4 || (x - y + 2000) % 20 < 4;
       })}};
  for (const auto& [name, page] : pages) {
    const std::string path = (folder / (name + ".png")).string();
    ASSERT_TRUE(cv::imwrite(path, page));
    const auto result = digitorch({"classify", "--page", path});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_LT(result.cpu_seconds, 2 * kMostSeconds) << name;
    EXPECT_LT(result.peak_bytes, usual_peak() + kMostBytes) << name;
    if (name == "stripes" || name == "lines") {
      EXPECT_EQ(result.out, path + ": no digits found\n");
    }
  }
}

TEST(HostileInputTest, FurtherPagesOfATiffAreSaid) {
  const TempDir folder;
  const std::string path = (folder / "two.tif").string();
  const cv::Mat page(60, 60, CV_8U, cv::Scalar(255));
  ASSERT_TRUE(cv::imwritemulti(path, std::vector<cv::Mat>{page, page}));
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"classify"}, {"classify", "--page"}}) {
    auto arguments = command;
    arguments.push_back(path);
    const auto result = digitorch(arguments);
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_EQ(
        result.err,
        "warning: " + path + ": has several pages; only the first is read\n"
    );
  }
}

TEST(HostileInputTest, PipesAndDevicesAreNamedAndNeverWaitedFor) {
  const TempDir folder;
  const std::string pipe = (folder / "pipe.png").string();
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  for (const std::string& path : {pipe, std::string("/dev/zero")}) {
    const auto result =
        digitorch({"classify", path}, {.timeout = std::chrono::seconds(5)});
    expect_refused(result, 2, path);
  }
}

TEST(HostileInputTest, ControlCharactersInNamesAreEscaped) {
  const TempDir folder;
  const std::string name = "a\nb\x1b[31m\xff.png";
  write_file(folder / name, "x");
  expect_refused(
      digitorch({"classify", (folder / name).string()}),
      2,
      "a\\nb\\x1b[31m\\xff.png"
  );
}

TEST(HostileInputTest, OddNamesAreReadAndTold) {
  const TempDir folder;
  const cv::Mat picture(28, 28, CV_8UC1, cv::Scalar(255));
  for (const std::string name :
       {"with space.png",
        "größe ☃.png",
        "quote'\"$(x).png",
        "-dash.png",
        "comma,name.png"}) {
    cv::imwrite((folder / name).string(), picture);
    const auto answer = json_of(digitorch(
        {"classify", "--format=json", "--", name},
        {.working_dir = folder.path()}
    ));
    EXPECT_EQ(answer["path"], name);
    EXPECT_EQ(answer["blank"], true);
  }
}

TEST(HostileInputTest, PicturesWithoutInkAreBlankAndProbabilitiesFinite) {
  const TempDir folder;
  const std::vector<std::pair<cv::Size, int>> pictures = {
      {{1, 1}, 0}, {{1, 1}, 255}, {{10000, 1}, 128}, {{300, 200}, 0}};
  for (const auto& [size, value] : pictures) {
    const std::string path = (folder / "blank.png").string();
    cv::imwrite(path, cv::Mat(size, CV_8UC1, cv::Scalar(value)));
    const auto answer = json_of(digitorch({"classify", "--format=json", path}));
    EXPECT_EQ(answer["blank"], true);
    EXPECT_EQ(answer["unsure"], true);
    EXPECT_TRUE(answer["probability"].is_number());
  }
}

TEST(HostileInputTest, TorchScriptIsRunOnlyWhereItIsTrusted) {
  const TempDir folder;
  const std::string exported = (folder / "model.pt").string();
  json_of(digitorch(
      {"export",
       "--model",
       trained_model().string(),
       "--output",
       exported,
       "--data",
       trained_data().string(),
       "--quiet"}
  ));
  const std::vector<std::string> eval = {
      "eval", "--data", trained_data().string(), "--format=json", "--model"};
  auto untrusted = eval;
  untrusted.push_back(exported);
  expect_refused(digitorch(untrusted), 2, "--trust-torchscript");

  auto trusted = untrusted;
  trusted.emplace_back("--trust-torchscript");
  auto original = eval;
  original.push_back(trained_model().string());
  EXPECT_EQ(
      json_of(digitorch(trusted))["confusion"],
      json_of(digitorch(original))["confusion"]
  );

  write_file(folder / "cut.pt", file_text(exported).substr(0, 1000));
  auto cut = eval;
  cut.push_back((folder / "cut.pt").string());
  cut.emplace_back("--trust-torchscript");
  expect_refused(digitorch(cut), 2, "cut.pt");
}

TEST(HostileInputTest, CheckpointDamagedAnywhereIsRefused) {
  const TempDir folder;
  const std::string good = file_text(trained_model());
  for (const size_t at :
       {size_t{0}, size_t{9}, good.size() / 2, good.size() - 1}) {
    std::string bytes = good;
    bytes[at] = static_cast<char>(bytes[at] ^ 16);
    write_file(folder / "bad.safetensors", bytes);
    expect_refused(
        digitorch(
            {"eval",
             "--data",
             trained_data().string(),
             "--model",
             (folder / "bad.safetensors").string()}
        ),
        2,
        "bad.safetensors"
    );
  }
}

TEST(HostileInputTest, BrokenPicturesOfAFolderAreListedOrLeftOut) {
  const TempDir folder;
  write_class_folders(folder / "in", {"a", "b"}, 20);
  write_file(folder / "in" / "a" / "zz.png", "broken");
  const auto train =
      quick_train(folder / "in", folder / "run", {"--batch-size=8"});
  expect_refused(digitorch(train), 2, "zz.png");
  auto skipping = train;
  skipping.emplace_back("--skip-bad");
  const auto result = digitorch(skipping);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_NE(result.err.find("warning: "), std::string::npos);
}

}  // namespace
}  // namespace digitorch::testing
