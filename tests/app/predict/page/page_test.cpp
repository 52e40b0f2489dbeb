// Pages drawn by OpenCV: which digits are found, where, and in which order.
#include "app/predict/page/page.h"

#include <gtest/gtest.h>

#include <cmath>
#include <opencv2/imgproc.hpp>
#include <string>

#include "tests/support/shape_network.h"

namespace digitorch {
namespace {

using testing::shape_network;

constexpr int kLetters = 44;  // height of the digits drawn, in pixels

struct Drawn {
  cv::Rect box;
  int line;
};

// Black digits on white paper, with where each one is.
struct Page {
  explicit Page(int width = 600, int height = 400)
      : picture(height, width, CV_8U, cv::Scalar(255)) {}

  void write(const std::string& digits, cv::Point at, int line) {
    for (const char digit : digits) {
      cv::Mat alone(picture.size(), CV_8U, cv::Scalar(255));
      cv::putText(
          alone,
          std::string(1, digit),
          at,
          cv::FONT_HERSHEY_SIMPLEX,
          kLetters / 21.0,
          0,
          4
      );
      drawn.push_back({cv::boundingRect(255 - alone), line});
      picture = cv::min(picture, alone);
      at.x = drawn.back().box.br().x + 10;
    }
  }

  cv::Mat picture;
  std::vector<Drawn> drawn;
};

Page two_lines() {
  Page page;
  page.write("27184", {60, 120}, 0);
  page.write("3906", {80, 240}, 1);
  return page;
}

// Part of what both boxes cover that they share.
double shared(const cv::Rect& a, const cv::Rect& b) {
  const double both = (a & b).area();
  return both / (a.area() + b.area() - both);
}

// Just the digits drawn, in the order drawn, where they were drawn.
void expect_found(
    const cv::Mat& picture,
    const std::vector<Drawn>& drawn,
    double least_shared = 0.85
) {
  const std::vector<PageDigit> found = read_page(picture, shape_network());
  ASSERT_EQ(found.size(), drawn.size());
  int place = 0;
  for (size_t i = 0; i < found.size(); ++i) {
    if (i > 0 && drawn[i].line != drawn[i - 1].line) place = 0;
    EXPECT_GE(shared(found[i].box, drawn[i].box), least_shared)
        << i << ": " << found[i].box << " for " << drawn[i].box;
    EXPECT_EQ(found[i].line, drawn[i].line) << i;
    EXPECT_EQ(found[i].place, place++) << i;
    EXPECT_FALSE(found[i].picture.blank) << i;
    EXPECT_EQ(found[i].picture.pixels.size(), cv::Size(28, 28)) << i;
  }
}

TEST(FindDigits, ReadsLineByLineFromTheLeft) {
  const Page page = two_lines();
  expect_found(page.picture, page.drawn);
}

TEST(FindDigits, TakesEveryEncodingOfThePage) {
  const Page page = two_lines();
  cv::Mat colour, deep;
  cv::cvtColor(page.picture, colour, cv::COLOR_GRAY2BGR);
  page.picture.convertTo(deep, CV_16U, 257);
  expect_found(colour, page.drawn);
  expect_found(deep, page.drawn);
  expect_found(255 - page.picture, page.drawn);  // chalk on a board
  cv::Mat transparent(page.picture.size(), CV_8UC4, cv::Scalar::all(0));
  cv::insertChannel(255 - page.picture, transparent, 3);
  expect_found(transparent, page.drawn);
}

TEST(FindDigits, TellsWordsAndHeightsInThem) {
  Page page;
  page.write("27", {60, 120}, 0);
  page.write("184", {page.drawn.back().box.br().x + kLetters, 120}, 0);
  page.write("3", {80, 240}, 1);
  const cv::Point beside(page.drawn.back().box.br().x + 6, 240);
  const int font = cv::FONT_HERSHEY_SIMPLEX;
  cv::putText(page.picture, "0", beside, font, 0.7 * kLetters / 21, 0, 4);
  std::vector<int> words;
  std::vector<double> heights;
  for (const PageDigit& digit : read_page(page.picture, shape_network())) {
    words.push_back(digit.word);
    heights.push_back(digit.height);
  }
  EXPECT_EQ(words, std::vector<int>({0, 0, 1, 1, 1, 2, 2}));
  ASSERT_EQ(heights.size(), 7U);
  for (size_t i = 0; i < 6; ++i) EXPECT_GT(heights[i], 0.95) << i;
  EXPECT_NEAR(heights[6], 0.75, 0.05);  // the pen is as wide
}

TEST(FindDigits, PreparesEachDigitAsIfItWereAlone) {
  Page page;
  page.write("27184", {60, 120}, 0);
  std::vector<cv::Mat> alone;
  for (const Drawn& digit : page.drawn) {
    cv::Mat picture(200, 200, CV_8U, cv::Scalar(255));
    page.picture(digit.box).copyTo(picture(cv::Rect({70, 70}, digit.box.size()))
    );
    alone.push_back(preprocess(picture).pixels);
  }
  const std::vector<PageDigit> found = read_page(page.picture, shape_network());
  ASSERT_EQ(found.size(), alone.size());
  const auto apart = [&](size_t i, size_t j) {
    return cv::norm(found[i].picture.pixels, alone[j], cv::NORM_L1);
  };
  // Not more than a pixel's shift from it, and nearer to it than to any other.
  for (size_t i = 0; i < found.size(); ++i) {
    EXPECT_LT(apart(i, i), 28.0 * 28 * 22) << i;
    for (size_t j = 0; j < alone.size(); ++j)
      EXPECT_LE(apart(i, i), apart(i, j)) << i << " and " << j;
  }
}

TEST(FindDigits, ShowsFaintDigitsAsStrongOnes) {
  Page page;
  page.write("27184", {60, 120}, 0);
  cv::Mat faint;  // of 255 levels 40 are left
  page.picture.convertTo(faint, CV_8U, 40.0 / 255, 180);
  expect_found(faint, page.drawn);
  const std::vector<PageDigit> strong =
      read_page(page.picture, shape_network());
  const std::vector<PageDigit> found = read_page(faint, shape_network());
  ASSERT_EQ(found.size(), strong.size());
  for (size_t i = 0; i < found.size(); ++i)
    EXPECT_LT(
        cv::norm(
            found[i].picture.pixels, strong[i].picture.pixels, cv::NORM_L1
        ),
        28.0 * 28 * 14
    ) << i;
}

TEST(FindDigits, ReadsColumnsOneAfterTheOther) {
  Page page(900, 500);
  for (int line = 0; line < 3; ++line)
    page.write("517", {60, 120 + 110 * line}, line);
  for (int line = 0; line < 3; ++line)
    page.write("846", {560, 160 + 110 * line}, 3 + line);
  expect_found(page.picture, page.drawn);
}

TEST(FindDigits, ReadsRowsOfSingleDigitsAcross) {
  Page page(900, 400);
  for (int line = 0; line < 3; ++line)
    for (int column = 0; column < 4; ++column)
      page.write("3", {60 + 220 * column, 100 + 110 * line}, line);
  expect_found(page.picture, page.drawn);
}

TEST(FindDigits, LongRulesTellHowThePageLiesAndNotWhatIsWrittenAcross) {
  Page page(600, 300);
  const std::string digits = "2583";
  for (int i = 0; i < 4; ++i)  // rising by 7 degrees
    page.write(
        digits.substr(static_cast<size_t>(i), 1), {90 + 80 * i, 190 - 10 * i}, 0
    );
  for (int y = 25; y < page.picture.rows; y += 50)
    cv::line(page.picture, {0, y}, {page.picture.cols, y}, 90, 3);
  expect_found(page.picture, page.drawn, 0.8);  // rules take ends off
}

TEST(FindDigits, AThinStrokeOnPlainPaperIsADigit) {
  cv::Mat picture(200, 300, CV_8U, cv::Scalar(255));
  cv::ellipse(picture, {100, 100}, {30, 44}, 0, 0, 360, 0, 14);
  cv::Mat one(picture.size(), CV_8U, cv::Scalar(255));
  cv::line(one, {170, 56}, {170, 144}, 0, 5);
  const std::vector<PageDigit> found =
      read_page(cv::min(picture, one), shape_network());
  ASSERT_EQ(found.size(), 2);
  // A pixel more on both sides is much of what is so narrow.
  EXPECT_GE(shared(found[1].box, cv::boundingRect(255 - one)), 0.65);
}

TEST(FindDigits, DropsRuledLinesButNotWhatCrossesThem) {
  Page page = two_lines();
  for (int y = 20; y < page.picture.rows; y += 40)
    cv::line(page.picture, {0, y}, {page.picture.cols, y}, 90, 2);
  expect_found(page.picture, page.drawn);
}

TEST(FindDigits, DropsSquaredPaper) {
  const Page page = two_lines();
  cv::Mat paper(page.picture.size(), CV_8U, cv::Scalar(255));
  for (int at = 15; at < paper.cols; at += 30) {
    cv::line(paper, {at, 0}, {at, paper.rows}, 150, 2);
    cv::line(paper, {0, at}, {paper.cols, at}, 150, 2);
  }
  expect_found(cv::min(page.picture, paper), page.drawn, 0.55);
}

TEST(FindDigits, DropsTheBoxesOfAForm) {
  Page page(700, 300);
  for (int i = 0; i < 6; ++i) {
    const cv::Rect cell(50 + 90 * i, 100, i < 3 ? 90 : 70, 80);
    page.write(std::to_string(i + 2), cell.tl() + cv::Point(24, 62), 0);
    cv::rectangle(page.picture, cell, 0, 2);
  }
  expect_found(page.picture, page.drawn);
}

TEST(FindDigits, DropsSpecksDashesAndPoints) {
  Page page = two_lines();
  for (int i = 0; i < 40; ++i)
    cv::circle(page.picture, {(i * 137) % 600, (i * 89) % 60 + 280}, 2, 0, -1);
  cv::line(page.picture, {350, 100}, {372, 100}, 0, 4);  // 27184-
  cv::circle(page.picture, {265, 238}, 3, 0, -1);        // 3906.
  expect_found(page.picture, page.drawn);
}

TEST(FindDigits, JoinsBrokenStrokes) {
  Page page = two_lines();
  for (size_t i = 0; i < page.drawn.size(); i += 3) {  // 2, 8 and 9
    const cv::Rect box = page.drawn[i].box;
    const int y = box.y + box.height / 2;
    page.picture(cv::Rect(box.x, y, box.width, 3)) = 255;
  }
  expect_found(page.picture, page.drawn);
}

TEST(FindDigits, SplitsTouchingDigits) {
  Page page(500, 200);
  page.write("3", {40, 120}, 0);
  for (int i = 0; i < 3; ++i) {  // three rings in touch
    const cv::Point centre(150 + 38 * i, 98);
    cv::ellipse(page.picture, centre, {18, 22}, 0, 0, 360, 0, 4);
    page.drawn.push_back({{centre - cv::Point(20, 24), cv::Size(41, 49)}, 0});
  }
  page.write("58", {280, 120}, 0);
  expect_found(page.picture, page.drawn, 0.7);
}

TEST(FindDigits, ChoosesTheReadingThatScoresBest) {
  // Two rings in touch are one digit to who likes what is wider than high.
  Page page(400, 200);
  page.write("2", {40, 120}, 0);
  for (int i = 0; i < 2; ++i)
    cv::ellipse(page.picture, {150 + 32 * i, 98}, {16, 22}, 0, 0, 360, 0, 4);
  const auto likes = [](bool wide) {
    return [wide](const std::vector<Preprocessed>& pictures) {
      std::vector<Prediction> answers;
      for (const Preprocessed& picture : pictures) {
        const cv::Rect ink = cv::boundingRect(picture.pixels);
        const bool liked = (ink.width > ink.height) == wide;
        answers.push_back({.classes = {{0, liked ? 0.99F : 0.01F}}});
      }
      return answers;
    };
  };
  EXPECT_EQ(read_page(page.picture, {likes(true)}).size(), 2U);
  EXPECT_EQ(read_page(page.picture, {likes(false)}).size(), 3U);
}

TEST(FindDigits, EvensOutLightAndShadow) {
  Page page = two_lines();
  for (int y = 0; y < page.picture.rows; ++y)
    for (int x = 0; x < page.picture.cols; ++x) {
      const double light = (1 - 0.4 * x / 600) * (x + y > 400 ? 0.6 : 1);
      auto& level = page.picture.at<uint8_t>(y, x);
      level = cv::saturate_cast<uint8_t>(level * light);
    }
  expect_found(page.picture, page.drawn, 0.8);
}

class TurnedPage : public ::testing::TestWithParam<double> {};

TEST_P(TurnedPage, IsReadAsIfItWereUpright) {
  Page page(800, 600);
  page.write("2718", {240, 220}, 0);
  page.write("3906", {250, 320}, 1);
  page.write("5543", {240, 420}, 2);
  const cv::Matx23d turn = cv::getRotationMatrix2D({400, 300}, GetParam(), 1);
  cv::warpAffine(
      page.picture,
      page.picture,
      turn,
      page.picture.size(),
      cv::INTER_LINEAR,
      cv::BORDER_CONSTANT,
      cv::Scalar(255)
  );
  const std::vector<PageDigit> found = read_page(page.picture, shape_network());
  ASSERT_EQ(found.size(), page.drawn.size());
  for (size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].line, page.drawn[i].line) << i;
    const cv::Rect& box = page.drawn[i].box;
    const cv::Point2d centre = cv::Point2d(box.tl() + box.br()) / 2;
    const cv::Vec2d there = turn * cv::Vec3d(centre.x, centre.y, 1);
    const cv::Point2d own =
        cv::Point2d(found[i].box.tl() + found[i].box.br()) / 2;
    EXPECT_NEAR(own.x, there[0], 6) << i;
    EXPECT_NEAR(own.y, there[1], 6) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Degrees, TurnedPage, ::testing::Values(-15, -8, 3, 15)
);

// The page as a sheet on a larger picture, with where its digits are then.
Page on_table(const Page& page, int table, cv::Point at = {300, 200}) {
  Page photo(1200, 900);
  cv::Mat grain(photo.picture.size(), CV_32F);
  cv::RNG random(2);
  random.fill(grain, cv::RNG::NORMAL, table, 25);
  cv::GaussianBlur(grain, grain, {41, 1}, 10, 0.1);
  grain.convertTo(photo.picture, CV_8U);
  page.picture.copyTo(photo.picture(cv::Rect(at, page.picture.size())));
  for (const Drawn& digit : page.drawn)
    photo.drawn.push_back({digit.box + at, digit.line});
  return photo;
}

TEST(FindDigits, ReadsTheSheetAndNotTheTable) {
  for (const int table : {30, 90, 160}) {
    const Page photo = on_table(two_lines(), table);
    expect_found(photo.picture, photo.drawn);
  }
}

TEST(FindDigits, ReadsAllWhereMuchIsWrittenBesideASheet) {
  Page photo = on_table(two_lines(), 180, {500, 400});
  const cv::Mat board = (photo.picture < 230) & (photo.picture > 120);
  photo.picture.setTo(200, board);
  Page written(1200, 900);
  written.write("27184390", {100, 100}, 0);
  written.write("27184390", {100, 200}, 1);
  written.write("27184390", {100, 300}, 2);
  photo.picture = cv::min(photo.picture, written.picture);
  const std::vector<PageDigit> found =
      read_page(photo.picture, shape_network());
  EXPECT_GE(found.size(), written.drawn.size() + photo.drawn.size());
}

TEST(FindDigits, TellsBoxesInTheGivenPicturesPixels) {
  // Larger than it works at, so it shrinks the page.
  const Page page = two_lines();
  constexpr int kTimes = 6;
  cv::Mat large;
  cv::resize(page.picture, large, {}, kTimes, kTimes, cv::INTER_LINEAR);
  std::vector<Drawn> drawn = page.drawn;
  for (Drawn& digit : drawn)
    digit.box = {digit.box.tl() * kTimes, digit.box.size() * kTimes};
  expect_found(large, drawn);
}

TEST(FindDigits, FindsNothingWhereNothingIs) {
  for (const cv::Size size : {cv::Size(1, 1), {3, 2}, {1, 4000}, {600, 400}})
    for (const int level : {0, 128, 255})
      EXPECT_TRUE(
          read_page(cv::Mat(size, CV_8U, cv::Scalar(level)), shape_network())
              .empty()
      ) << size
        << level;
}

TEST(FindDigits, BoundsItsWorkOnAPageThatIsNoPage) {
  cv::Mat noise(700, 900, CV_8U);
  cv::RNG(1).fill(noise, cv::RNG::UNIFORM, 0, 256);
  size_t asked = 0;
  const auto classify = [&](const std::vector<Preprocessed>& pictures) {
    asked += pictures.size();
    return std::vector<Prediction>(
        pictures.size(), Prediction{.classes = {{0, 0.5F}}}
    );
  };
  read_page(noise, {classify});
  EXPECT_LE(asked, 100000U);
}

}  // namespace
}  // namespace digitorch
