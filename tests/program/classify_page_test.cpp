// `classify --page` with the shipped network, on pages drawn here.
#include <gtest/gtest.h>

#include <algorithm>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <sstream>

#include "tests/support/program.h"

namespace digitorch::testing {
namespace {

namespace fs = std::filesystem;

// Lines of black letters, 42 pixels high, on white.
void write_page(
    const fs::path& path, const std::vector<std::string>& lines, int scale = 1
) {
  const auto longest =
      std::max_element(lines.begin(), lines.end(), [](auto& a, auto& b) {
        return a.size() < b.size();
      });
  const cv::Size size(
      80 + 37 * static_cast<int>(longest->size()),
      60 + 120 * static_cast<int>(lines.size())
  );
  cv::Mat page(size * scale, CV_8U, cv::Scalar(255));
  for (size_t i = 0; i < lines.size(); ++i)
    cv::putText(
        page,
        lines[i],
        cv::Point(40, 100 + 120 * static_cast<int>(i)) * scale,
        cv::FONT_HERSHEY_SIMPLEX,
        2 * scale,
        0,
        4 * scale
    );
  ASSERT_TRUE(cv::imwrite(path.string(), page));
}

const std::vector<std::string> kTwoLines = {"1234567", "2357"};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// How many characters are as they should be, "?" for none.
size_t equal_letters(const std::string& found, const std::string& expected) {
  size_t equal = 0;
  for (size_t i = 0; i < std::min(found.size(), expected.size()); ++i)
    equal += found[i] == expected[i];
  return equal;
}

class ClassifyPage : public ::testing::Test {
 protected:
  void SetUp() override { write_page(page, kTwoLines); }

  TempDir dir;
  fs::path page = dir.path() / "page.png";
};

TEST_F(ClassifyPage, PrintsLineByLine) {
  const ProcessResult result = digitorch({"classify", "--page", page});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.err, "");
  const std::vector<std::string> lines = lines_of(result.out);
  ASSERT_EQ(lines.size(), 2U) << result.out;
  EXPECT_EQ(lines[0].size(), 7U);
  EXPECT_EQ(lines[1].size(), 4U);
  // The drawn figures are no handwriting; most are read all the same.
  EXPECT_GE(
      equal_letters(lines[0], "1234567") + equal_letters(lines[1], "2357"), 9U
  ) << result.out;
}

TEST_F(ClassifyPage, TellsBoxesAsJson) {
  const nlohmann::json found =
      json_of(digitorch({"classify", "--page", "--format", "json", page}));
  EXPECT_EQ(found.at("path"), page.string());
  const nlohmann::json& digits = found.at("digits");
  ASSERT_EQ(digits.size(), 11U);
  std::string text;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i == 7) text += '\n';
    const bool unsure = digits[i].at("unsure");
    text += unsure ? "?" : digits[i].at("label").get<std::string>();
    EXPECT_EQ(digits[i].at("line"), i < 7 ? 0 : 1);
    EXPECT_GE(digits[i].at("probability"), unsure ? 0 : 0.5);
    const std::vector<int> box = digits[i].at("box");
    ASSERT_EQ(box.size(), 4U);
    EXPECT_NEAR(box[3], 46, 6) << i;  // height
    EXPECT_NEAR(box[1] + box[3], i < 7 ? 102 : 222, 5) << i;
    if (i % 7 > 0) {
      EXPECT_GT(box[0], digits[i - 1].at("box")[0]) << i;
    }
  }
  EXPECT_EQ(found.at("text"), text);
}

TEST_F(ClassifyPage, TellsARowADigitAsCsv) {
  const ProcessResult result =
      digitorch({"classify", "--page", "--format", "csv", page});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const std::vector<std::string> lines = lines_of(result.out);
  ASSERT_EQ(lines.size(), 12U);
  EXPECT_EQ(
      lines[0], "path,line,x,y,width,height,label,probability,unsure,word,sign"
  );
  EXPECT_EQ(lines[1].find(page.string() + ",0,"), 0U) << lines[1];
  EXPECT_EQ(lines[11].find(page.string() + ",1,"), 0U) << lines[11];
}

TEST_F(ClassifyPage, LeavesOutWords) {
  write_page(
      page, {"Name and address", "Total amount 2357", "Table 62 lot 735"}
  );
  const ProcessResult result = digitorch({"classify", "--page", page});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "2357\n62 735\n");
}

TEST_F(ClassifyPage, PrintsASpaceBetweenNumbers) {
  write_page(page, {"2357 62", "735"});
  const ProcessResult result = digitorch({"classify", "--page", page});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "2357 62\n735\n");
}

TEST_F(ClassifyPage, KeepsSignsBetweenDigits) {
  write_page(page, {"735.62", "2357-62"});
  const ProcessResult result = digitorch({"classify", "--page", page});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "735.62\n2357-62\n");
  const nlohmann::json found =
      json_of(digitorch({"classify", "--page", "--format", "json", page}));
  EXPECT_EQ(found.at("digits")[2].at("sign"), ".");
  EXPECT_EQ(found.at("digits")[3].at("sign"), "");
}

TEST_F(ClassifyPage, LooksAgainAtLargeDigitsLightOnDark) {
  cv::Mat picture(280, 280, CV_8U, cv::Scalar(0));
  cv::putText(picture, "2", {50, 250}, cv::FONT_HERSHEY_SIMPLEX, 9, 255, 34);
  ASSERT_TRUE(cv::imwrite(page.string(), picture));
  const ProcessResult result = digitorch({"classify", "--page", page});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "2\n");
}

TEST_F(ClassifyPage, TellsInJsonWhichDigitsAreOneNumber) {
  write_page(page, {"2357 62", "735"});
  const nlohmann::json found =
      json_of(digitorch({"classify", "--page", "--format", "json", page}));
  std::vector<int> words;
  for (const nlohmann::json& digit : found.at("digits"))
    words.push_back(digit.at("word"));
  EXPECT_EQ(words, std::vector<int>({0, 0, 0, 0, 1, 1, 2, 2, 2}));
}

TEST_F(ClassifyPage, DrawsWhatItRead) {
  const fs::path drawn = dir.path() / "drawn.png";
  const ProcessResult result =
      digitorch({"classify", "--page", "--annotate", drawn, page});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const cv::Mat picture = cv::imread(drawn.string());
  ASSERT_EQ(picture.size(), cv::Size(339, 300));
  cv::Mat hue_saturation_value, colourful;
  cv::cvtColor(picture, hue_saturation_value, cv::COLOR_BGR2HSV);
  cv::extractChannel(hue_saturation_value, colourful, 1);
  colourful = colourful > 100;
  // Boxes and labels, around the text and nowhere else.
  EXPECT_GT(cv::countNonZero(colourful), 11 * 100);
  EXPECT_TRUE(
      (cv::boundingRect(colourful) & cv::Rect(30, 25, 290, 225)) ==
      cv::boundingRect(colourful)
  ) << cv::boundingRect(colourful);
}

TEST_F(ClassifyPage, NamesEachOfSeveralPages) {
  const fs::path other = dir.path() / "other.png";
  write_page(other, kTwoLines, 2);
  const ProcessResult result = digitorch({"classify", "--page", page, other});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const std::vector<std::string> lines = lines_of(result.out);
  ASSERT_EQ(lines.size(), 6U) << result.out;
  EXPECT_EQ(lines[0], page.string() + ":");
  EXPECT_EQ(lines[3], other.string() + ":");
}

TEST_F(ClassifyPage, ReadsOnAfterAPageThatItCannot) {
  const fs::path missing = dir.path() / "missing.png";
  const ProcessResult result =
      digitorch({"classify", "--page", "--format", "json", missing, page});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.err.find("missing.png"), std::string::npos);
  EXPECT_EQ(lines_of(result.err).size(), 1U);
  EXPECT_EQ(lines_of(result.out).size(), 1U);
}

TEST_F(ClassifyPage, AnEmptyPageIsNotWhatWasAsked) {
  const fs::path empty = dir.path() / "empty.png";
  ASSERT_TRUE(
      cv::imwrite(empty.string(), cv::Mat(200, 300, CV_8U, cv::Scalar(250)))
  );
  const nlohmann::json found =
      json_of(digitorch({"classify", "--page", "--format", "json", empty}));
  EXPECT_EQ(found.at("text"), "");
  EXPECT_TRUE(found.at("digits").empty());
  const ProcessResult result = digitorch({"classify", "--page", empty});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out, empty.string() + ": no digits found\n");
  EXPECT_EQ(
      digitorch({"classify", "--page", "--min-confidence", "0.5", empty})
          .exit_code,
      5
  );
}

TEST_F(ClassifyPage, MarksWhatIsLessSureThanAsked) {
  const ProcessResult result =
      digitorch({"classify", "--page", "--min-confidence", "1", page});
  EXPECT_EQ(result.exit_code, 5);
  EXPECT_NE(result.out.find('?'), std::string::npos) << result.out;
}

TEST_F(ClassifyPage, RefusesAnnotationsWithoutOnePage) {
  expect_refused(
      digitorch({"classify", "--page", "--annotate", "a.png", page, page}),
      2,
      "--annotate writes one file, so give one picture (found 2)"
  );
  expect_refused(
      digitorch({"classify", "--annotate", "a.png", page}),
      2,
      "--annotate needs --page"
  );
}

TEST_F(ClassifyPage, TellsWhereAnAnnotationCannotBeWritten) {
  const ProcessResult result = digitorch(
      {"classify",
       "--page",
       "--annotate",
       dir.path() / "none" / "drawn.png",
       page}
  );
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_NE(result.err.find("none"), std::string::npos) << result.err;
  EXPECT_EQ(lines_of(result.err).size(), 1U);
}

}  // namespace
}  // namespace digitorch::testing
