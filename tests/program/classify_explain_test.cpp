// `classify --explain`: one sheet for one picture.
#include <gtest/gtest.h>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "tests/support/program.h"

namespace digitorch::testing {
namespace {

namespace fs = std::filesystem;

class ClassifyExplain : public ::testing::Test {
 protected:
  ClassifyExplain() {
    cv::Mat page(200, 160, CV_8U, cv::Scalar(230));
    cv::line(page, {80, 40}, {80, 160}, cv::Scalar(40), 12);
    cv::imwrite(picture.string(), page);
  }

  TempDir dir;
  const fs::path picture = dir.path() / "one.png";
};

TEST_F(ClassifyExplain, DrawsTheSheetBesideTheAnswer) {
  const fs::path sheet = dir.path() / "sheet.svg";
  const ProcessResult result = digitorch(
      {"classify",
       "--model",
       trained_model(),
       "--explain",
       sheet,
       "--data",
       trained_data(),
       picture}
  );
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out.find(picture.string() + ": "), 0U);
  EXPECT_EQ(result.err, "");
  const std::string svg = file_text(sheet);
  for (const char* text :
       {"one.png: ",
        "ink found",
        "what the network sees",
        "|gradient| of the answer",
        "The nearest training pictures"})
    EXPECT_NE(svg.find(text), std::string::npos) << text;
}

TEST_F(ClassifyExplain, DoesWithoutTrainingPictures) {
  const fs::path sheet = dir.path() / "sheet.png";
  const ProcessResult result = digitorch(
      {"classify", "--explain", sheet, "--data-dir", dir.path(), picture}
  );
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.err.find("note: no training pictures shown: "), 0U);
  EXPECT_GT(cv::imread(sheet.string()).cols, 800);
}

TEST_F(ClassifyExplain, DrawsBlankPicturesToo) {
  cv::imwrite(picture.string(), cv::Mat(50, 60, CV_8U, cv::Scalar(200)));
  const fs::path sheet = dir.path() / "sheet.svg";
  const ProcessResult result = digitorch(
      {"classify",
       "--explain",
       sheet,
       "--quiet",
       "--data-dir",
       dir.path(),
       picture}
  );
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.err, "");
  EXPECT_NE(file_text(sheet).find("one.png: blank"), std::string::npos);
}

TEST_F(ClassifyExplain, RefusesAllButOnePictureOfOneDigit) {
  const fs::path sheet = dir.path() / "sheet.png";
  expect_refused(
      digitorch({"classify", "--explain", sheet, picture, picture}),
      2,
      "--explain writes one file, so give one picture (found 2)"
  );
  expect_refused(
      digitorch({"classify", "--explain", sheet, "--page", picture}),
      2,
      "--explain explains one digit; leave out --page"
  );
  EXPECT_FALSE(fs::exists(sheet));
}

}  // namespace
}  // namespace digitorch::testing
