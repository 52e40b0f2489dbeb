// What may be written over: nothing that a user made.
#include "app/system/output_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <opencv2/imgcodecs.hpp>
#include <stdexcept>
#include <string>

#include "tests/support/temp_dir.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMark = "digitorch test";

void write_text(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// What write_output() refuses; empty where it writes.
std::string refusal(const OutputFile& output) {
  try {
    write_output(output, "content with digitorch test in it");
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

TEST(OutputFileTest, AForeignFileIsReplacedOnlyWhereThatIsAllowed) {
  const testing::TempDir folder;
  const fs::path file = folder / "photo";
  write_text(file, "a photo");
  EXPECT_NE(refusal({file, kMark}).find("--overwrite"), std::string::npos);
  EXPECT_EQ(content(file), "a photo");
  EXPECT_EQ(refusal({file, kMark, /*overwrite=*/true}), "");
  EXPECT_NE(content(file), "a photo");
}

TEST(OutputFileTest, WhatTheSameCommandWroteIsReplaced) {
  const testing::TempDir folder;
  const fs::path file = folder / "a";
  EXPECT_EQ(refusal({file, kMark}), "");
  EXPECT_EQ(refusal({file, kMark}), "");
  EXPECT_NE(refusal({file, "digitorch other"}), "");
}

TEST(OutputFileTest, AnEmptyFileHoldsNothingToLose) {
  const testing::TempDir folder;
  write_text(folder / "a", "");
  EXPECT_EQ(refusal({folder / "a", kMark}), "");
}

TEST(OutputFileTest, AnInputIsRefusedByWhateverNameAndPermission) {
  const testing::TempDir folder;
  const fs::path input = folder / "in";
  write_text(input, kMark);
  fs::create_symlink(input, folder / "link");
  fs::create_hard_link(input, folder / "hard");
  for (const char* name : {"in", "link", "hard", "./in"}) {
    const std::string message =
        refusal({folder / name, kMark, /*overwrite=*/true, {input}});
    EXPECT_NE(message.find("this command reads"), std::string::npos) << name;
  }
  EXPECT_EQ(content(input), kMark);
}

TEST(OutputFileTest, AnEndingThatPromisesOtherContentIsRefused) {
  const testing::TempDir folder;
  const auto named = [&](const char* name) {
    return OutputFile{
        .path = folder / name, .mark = kMark, .endings = {".png"}};
  };
  EXPECT_NE(refusal(named("a.jpg")).find("ends in .png"), std::string::npos);
  EXPECT_EQ(refusal(named("a.PNG")), "");
  EXPECT_EQ(refusal(named("a")), "");
}

TEST(OutputFileTest, TheMarkIsPutIntoPicturesWithoutHarm) {
  const testing::TempDir folder;
  const cv::Mat picture(5, 7, CV_8UC1, cv::Scalar(77));
  std::vector<uint8_t> bytes;
  cv::imencode(".png", picture, bytes);
  const OutputFile png{folder / "a.png", kMark};
  write_output(png, {bytes.begin(), bytes.end()});
  EXPECT_NE(content(png.path).find(kMark), std::string::npos);
  const cv::Mat read = cv::imread(png.path.string(), cv::IMREAD_UNCHANGED);
  ASSERT_EQ(read.size(), picture.size());
  EXPECT_EQ(cv::norm(read, picture, cv::NORM_INF), 0);
  write_output(png, {bytes.begin(), bytes.end()});

  const OutputFile svg{folder / "a.svg", kMark};
  write_output(svg, "<svg></svg>\n");
  EXPECT_EQ(content(svg.path), "<svg></svg>\n<!-- digitorch test -->\n");
}

TEST(OutputFileTest, ContentWithoutItsMarkIsAFaultOfTheProgram) {
  const testing::TempDir folder;
  EXPECT_THROW(
      write_output({folder / "a", kMark}, "no mark"), std::logic_error
  );
}

}  // namespace
}  // namespace digitorch
