#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <stdexcept>

#include "app/report/drawing/colors.h"
#include "app/report/drawing/drawing.h"
#include "app/report/drawing/layout.h"
#include "app/report/drawing/letters.h"
#include "app/report/drawing/png.h"
#include "app/report/drawing/svg.h"
#include "tests/app/report/overlaps.h"

namespace digitorch {
namespace {

using testing::count_elements;

cv::Mat decoded(const std::string& png) {
  const std::vector<char> bytes(png.begin(), png.end());
  return cv::imdecode(bytes, cv::IMREAD_COLOR);
}

Color color_at(const cv::Mat& image, int x, int y) {
  const auto bgr = image.at<cv::Vec3b>(y, x);
  return {bgr[2], bgr[1], bgr[0]};
}

/// Pixels darker than mid-grey in a part of the image.
int dark_pixels(const cv::Mat& image, cv::Rect part) {
  int count = 0;
  for (int y = part.y; y < part.br().y; ++y)
    for (int x = part.x; x < part.br().x; ++x)
      if (color_at(image, x, y).green < 128) ++count;
  return count;
}

Drawing one_text(const std::string& text) {
  Drawing drawing{{200, 40}, {}};
  drawing.add(Text{{10, 25}, text});
  return drawing;
}

TEST(PngTest, HoldsGreyAndColourAsTheyAre) {
  cv::Mat grey(3, 5, CV_8UC1);
  cv::Mat color(4, 7, CV_8UC3);
  cv::randu(grey, 0, 256);
  cv::randu(color, 0, 256);
  for (const cv::Mat& image : {grey, color, color(cv::Rect(1, 1, 3, 2))}) {
    const cv::Mat again = decoded(encode_png(image));
    ASSERT_EQ(again.size(), image.size());
    cv::Mat expected = image;
    if (image.channels() == 1)
      cv::cvtColor(image, expected, cv::COLOR_GRAY2BGR);
    EXPECT_EQ(cv::norm(again, expected, cv::NORM_INF), 0);
  }
  EXPECT_THROW(encode_png(cv::Mat(2, 2, CV_16UC1)), std::logic_error);
}

TEST(SvgTest, EscapesTextAndStaysWellFormed) {
  const std::string svg = to_svg(one_text("a<b>&\"c'"));
  EXPECT_EQ(count_elements(svg, "text"), 1);
  EXPECT_NE(svg.find(">a&lt;b&gt;&amp;\"c'</text>"), std::string::npos);
}

TEST(SvgTest, DropsControlBytesAndEscapesWhatIsNotUtf8) {
  const std::string svg = to_svg(
      one_text(std::string("a\x1b[1m\0\x7f\n", 8) + "b\xff\xe2\x82 \xc3\xa9")
  );
  EXPECT_EQ(count_elements(svg, "text"), 1);
  EXPECT_NE(
      svg.find(">a[1mb\\xff\\xe2\\x82 \xc3\xa9</text>"), std::string::npos
  );
}

TEST(SvgTest, DropsTheTwoCharactersThatXmlForbids) {
  const std::string svg =
      to_svg(one_text("a\xef\xbf\xbe\xef\xbf\xbf"
                      "b"));
  EXPECT_NE(svg.find(">ab</text>"), std::string::npos);
}

TEST(SvgTest, WritesNumbersShort) {
  Drawing drawing{{100, 50.5}, {}};
  drawing.add(Circle{{12.5, 1.0 / 3}, 2, {255, 0, 10}});
  drawing.add(Polyline{{{-0.001, 3}, {4, 5}}, {kInk, 1.5, {3, 2}}});
  const std::string svg = to_svg(drawing);
  EXPECT_NE(svg.find("viewBox=\"0 0 100 50.5\""), std::string::npos);
  EXPECT_NE(
      svg.find("<circle cx=\"12.5\" cy=\"0.33\" r=\"2\" fill=\"#ff000a\"/>"),
      std::string::npos
  );
  EXPECT_NE(svg.find("points=\"0,3 4,5\""), std::string::npos);
  EXPECT_NE(svg.find("stroke-dasharray=\"3 2\""), std::string::npos);
}

TEST(SvgTest, RefusesACoordinateThatIsNoNumber) {
  Drawing drawing{{10, 10}, {}};
  drawing.add(Circle{{std::nan(""), 0}});
  EXPECT_THROW(to_svg(drawing), std::logic_error);
}

TEST(SvgTest, HoldsRastersAsPngWithoutSmoothing) {
  Drawing drawing{{10, 10}, {}};
  drawing.add(Raster{{1, 2}, {4, 4}, 1, 1, {1, 2, 3}});
  const std::string svg = to_svg(drawing);
  EXPECT_EQ(count_elements(svg, "image"), 1);
  EXPECT_NE(svg.find("image-rendering=\"pixelated\""), std::string::npos);
  // The base64 of every PNG's first eight bytes begins so.
  EXPECT_NE(svg.find("data:image/png;base64,iVBORw0KGgo"), std::string::npos);
}

TEST(SvgTest, RefusesARasterOfAnotherSizeThanItsBytes) {
  Drawing drawing{{10, 10}, {}};
  drawing.add(Raster{{0, 0}, {4, 4}, 2, 2, {1, 2, 3}});
  EXPECT_THROW(to_svg(drawing), std::logic_error);
  EXPECT_THROW(to_png(drawing), std::logic_error);
}

TEST(PngTest, HasTheDrawingsSizeTimesTheScale) {
  const Drawing drawing{{30, 20.2}, {}};
  EXPECT_EQ(decoded(to_png(drawing)).size(), cv::Size(60, 41));
  EXPECT_EQ(decoded(to_png(drawing, 1)).size(), cv::Size(30, 21));
}

TEST(PngTest, RefusesADrawingWithoutArea) {
  EXPECT_THROW(to_png({{0, 10}, {}}), std::logic_error);
  EXPECT_THROW(to_png({{10, std::nan("")}, {}}), std::logic_error);
}

TEST(PngTest, FillsRectanglesToTheirEdges) {
  constexpr Color red{200, 10, 20};
  Drawing drawing{{20, 20}, {}};
  drawing.add(Rectangle{{5, 5}, {10, 10}, red});
  const cv::Mat image = decoded(to_png(drawing));
  EXPECT_EQ(color_at(image, 10, 10), red);
  EXPECT_EQ(color_at(image, 29, 29), red);
  EXPECT_EQ(color_at(image, 9, 10), kPaper);
  EXPECT_EQ(color_at(image, 30, 29), kPaper);
}

TEST(PngTest, ShowsRasterPixelsAsSquares) {
  Drawing drawing{{10, 10}, {}};
  drawing.add(Raster{{0, 0}, {10, 5}, 2, 1, {9, 8, 7, 1, 2, 3}});
  const cv::Mat image = decoded(to_png(drawing));
  EXPECT_EQ(color_at(image, 9, 9), (Color{9, 8, 7}));
  EXPECT_EQ(color_at(image, 10, 0), (Color{1, 2, 3}));
  EXPECT_EQ(color_at(image, 10, 10), kPaper);
}

TEST(PngTest, ClipsShapesAtTheEdge) {
  Drawing drawing{{10, 10}, {}};
  drawing.add(Raster{{-10, -10}, {20, 20}, 1, 1, {9, 8, 7}});
  drawing.add(Rectangle{{8, 8}, {100, 100}, {1, 2, 3}});
  drawing.add(Text{{-50, 5}, "outside"});
  drawing.add(Text{{500, 5}, "outside", 12, Align::left, false, true});
  const cv::Mat image = decoded(to_png(drawing));
  EXPECT_EQ(color_at(image, 15, 15), (Color{9, 8, 7}));
  EXPECT_EQ(color_at(image, 19, 19), (Color{1, 2, 3}));
}

TEST(PngTest, DrawsLinesOfTheirWidthAndDashesWithGaps) {
  Drawing drawing{{100, 20}, {}};
  drawing.add(Polyline{{{5, 5}, {95, 5}}, {{0, 0, 0}, 2}});
  drawing.add(Polyline{{{5, 15}, {95, 15}}, {{0, 0, 0}, 2, {10, 10}}});
  const cv::Mat image = decoded(to_png(drawing));
  EXPECT_EQ(dark_pixels(image, {100, 0, 1, 20}), 4);  // 2 at the scale 2
  EXPECT_EQ(color_at(image, 20, 30), (Color{0, 0, 0}));
  EXPECT_EQ(color_at(image, 40, 30), kPaper);
  EXPECT_EQ(color_at(image, 60, 30), (Color{0, 0, 0}));
}

TEST(PngTest, KeepsTextInsideTheWidthThatLayoutsLeaveForIt) {
  for (const bool bold : {false, true}) {
    for (const double size : {8.0, 11.0, 15.0}) {
      const std::string text = "Ankle boot 98.7 %";
      const double width = text_width(text, size, bold);
      Drawing drawing{{width + 40, 40}, {}};
      drawing.add(Text{{20, 25}, text, size, Align::left, bold});
      const cv::Mat image = decoded(to_png(drawing));
      const int right = int(std::ceil(2 * (20 + width)));
      EXPECT_GT(dark_pixels(image, {40, 0, right - 40, 80}), 100);
      EXPECT_EQ(dark_pixels(image, {0, 0, 38, 80}), 0);
      EXPECT_EQ(dark_pixels(image, {right, 0, image.cols - right, 80}), 0);
    }
  }
}

TEST(PngTest, TurnsUpwardsTextAboutItsBaseline) {
  Drawing drawing{{40, 100}, {}};
  drawing.add(Text{{20, 90}, "upwards", 12, Align::left, false, true});
  const cv::Mat image = decoded(to_png(drawing));
  const int end = int(2 * (90 - text_width("upwards", 12)));
  // Letters rise to the left of the baseline; "p" hangs to the right of it.
  EXPECT_GT(dark_pixels(image, {24, end, 16, 180 - end}), 100);
  EXPECT_GT(dark_pixels(image, {42, end, 6, 180 - end}), 5);
  EXPECT_EQ(dark_pixels(image, {0, 0, 80, end - 2}), 0);
  EXPECT_EQ(dark_pixels(image, {0, 184, 80, 16}), 0);
}

/// The picture of a text, 400 x 80, with its baseline at the row 50.
cv::Mat drawn(const std::string& text) {
  return decoded(to_png(one_text(text)));
}

TEST(LettersTest, AccentsAreAddedToTheirLetters) {
  const cv::Mat plain = drawn("e");
  const cv::Mat accented = drawn("\xc3\xa9");
  const cv::Rect above{0, 25, 400, 12};
  EXPECT_EQ(dark_pixels(plain, above), 0);
  EXPECT_GT(dark_pixels(accented, above), 4);
  EXPECT_EQ(text_width("\xc3\xa9", 12), text_width("e", 12));
  // A combining accent takes no room of its own.
  EXPECT_EQ(text_width("e\xcc\x81", 12), text_width("e", 12));
}

TEST(LettersTest, ManyScriptsAndSymbolsHaveLettersOfTheirOwn) {
  // German, Czech, Greek, Cyrillic, Hebrew, Arabic, a star and a pair of
  // quotation marks.
  const std::vector<std::string> texts = {
      "\xc3\x9c\xc3\x9f",
      "\xc4\x8c\xc5\x99",
      "\xce\xa9\xce\xbb",
      "\xd0\x96\xd1\x8f",
      "\xd7\x90",
      "\xd8\xb9",
      "\xe2\x98\x85",
      "\xe2\x80\x9e\xe2\x80\x9c"};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    EXPECT_EQ(boxed_letters(texts[i]), 0) << i;
    for (std::size_t j = 0; j < i; ++j)
      EXPECT_GT(cv::norm(drawn(texts[i]), drawn(texts[j])), 500)
          << i << ' ' << j;
  }
}

TEST(LettersTest, BoldLettersAreDarker) {
  Drawing bold = one_text("bold");
  std::get<Text>(bold.shapes.back()).bold = true;
  const cv::Rect all{0, 0, 400, 80};
  EXPECT_GT(
      dark_pixels(decoded(to_png(bold)), all),
      1.2 * dark_pixels(drawn("bold"), all)
  );
}

TEST(LettersTest, OtherCharactersAreBoxesOfOneSizeAroundTheirCode) {
  const cv::Rect left_side{20, 20, 8, 32};
  for (const char* text : {"\xe4\xb8\x83", "\xf0\x9f\x9a\x97"}) {
    EXPECT_EQ(boxed_letters(text), 1) << text;
    EXPECT_GT(dark_pixels(drawn(text), left_side), 25) << text;
  }
  EXPECT_EQ(text_width("\xe4\xb8\x83", 12), text_width("\xf0\x9f\x9a\x97", 12));
  EXPECT_GT(cv::norm(drawn("\xe4\xb8\x83"), drawn("\xe5\x85\xab")), 100);
}

TEST(LettersTest, ControlCharactersAreLeftOut) {
  EXPECT_EQ(
      to_png(one_text("a\x1b\xc2\x9b"
                      "b")),
      to_png(one_text("ab"))
  );
}

TEST(LayoutTest, WrapsBetweenWordsAndShortensWhatIsTooLong) {
  const double width = text_width("two words", 12);
  EXPECT_EQ(
      wrapped("two words  here", 12, width),
      (std::vector<std::string>{"two words", "here"})
  );
  EXPECT_EQ(wrapped("", 12, width), std::vector<std::string>{});
  const auto cut = wrapped(std::string(90, 'W'), 12, width);
  ASSERT_EQ(cut.size(), 1U);
  EXPECT_TRUE(cut[0].ends_with("..."));
}

TEST(LayoutTest, ANoteMakesRoomForItself) {
  Drawing drawing{{100, 50}, {}};
  add_note(drawing, "");
  EXPECT_EQ(drawing.size.height, 50);
  add_note(drawing, "A note that is longer than the drawing is wide by far.");
  EXPECT_GT(drawing.size.height, 50);
  for (const Shape& shape : drawing.shapes) {
    const auto& text = std::get<Text>(shape);
    EXPECT_GT(text.baseline.y, 50 - kMargin);
    EXPECT_LT(text.baseline.y, drawing.size.height);
    EXPECT_LT(text_width(text.text, text.size), drawing.size.width);
  }
}

TEST(DrawingTest, MovesEveryKindOfShape) {
  Drawing part{{10, 10}, {}};
  part.add(Polyline{{{1, 2}, {3, 4}}});
  part.add(Rectangle{{1, 2}, {3, 4}});
  part.add(Circle{{1, 2}});
  part.add(Text{{1, 2}, "t"});
  part.add(Raster{{1, 2}, {1, 1}, 1, 1, {0, 0, 0}});
  Drawing whole{{50, 50}, {}};
  whole.add(part, {10, 20});
  ASSERT_EQ(whole.shapes.size(), 5U);
  EXPECT_EQ(std::get<Polyline>(whole.shapes[0]).points[1].y, 24);
  EXPECT_EQ(std::get<Rectangle>(whole.shapes[1]).corner.x, 11);
  EXPECT_EQ(std::get<Circle>(whole.shapes[2]).centre.y, 22);
  EXPECT_EQ(std::get<Text>(whole.shapes[3]).baseline.x, 11);
  EXPECT_EQ(std::get<Raster>(whole.shapes[4]).corner.y, 22);
}

/// CIE 1976 lightness of sRGB, 0..100.
double lightness(Color color) {
  const auto linear = [](double part) {
    return part <= 0.04045 ? part / 12.92
                           : std::pow((part + 0.055) / 1.055, 2.4);
  };
  const double y = 0.2126 * linear(color.red / 255.0) +
                   0.7152 * linear(color.green / 255.0) +
                   0.0722 * linear(color.blue / 255.0);
  return y > 0.008856 ? 116 * std::cbrt(y) - 16 : 903.3 * y;
}

TEST(ColorsTest, SequentialRisesEvenlyInLightness) {
  for (int i = 1; i <= 20; ++i) {
    const double step = lightness(sequential_color(i / 20.0)) -
                        lightness(sequential_color((i - 1) / 20.0));
    EXPECT_GT(step, 2) << i;
    EXPECT_LT(step, 7) << i;
  }
  EXPECT_EQ(sequential_color(-3), sequential_color(0));
  EXPECT_EQ(sequential_color(7), sequential_color(1));
  EXPECT_EQ(sequential_color(std::nan("")), sequential_color(0));
}

TEST(ColorsTest, DivergingDarkensToBothEndsWhichDifferInGrey) {
  EXPECT_EQ(diverging_color(0), kPaper);
  for (int i = 1; i <= 10; ++i) {
    for (const int sign : {-1, 1})
      EXPECT_LT(
          lightness(diverging_color(sign * i / 10.0)),
          lightness(diverging_color(sign * (i - 1) / 10.0))
      );
  }
  EXPECT_GT(lightness(diverging_color(1)), lightness(diverging_color(-1)) + 20);
}

TEST(ColorsTest, SixtyCategoriesAllDifferAndShowOnPaper) {
  for (std::size_t i = 0; i < 60; ++i) {
    EXPECT_LT(lightness(category_color(i)), 80) << i;
    for (std::size_t j = 0; j < i; ++j)
      EXPECT_NE(category_color(i), category_color(j)) << i << ' ' << j;
  }
}

TEST(ColorsTest, TextOnAnyGroundIsReadable) {
  EXPECT_EQ(text_color_on(kPaper), (Color{0, 0, 0}));
  EXPECT_EQ(text_color_on(kInk), kPaper);
  for (int i = 0; i <= 20; ++i) {
    for (const Color ground :
         {sequential_color(i / 20.0), diverging_color(i / 10.0 - 1)}) {
      const double difference =
          lightness(ground) - lightness(text_color_on(ground));
      EXPECT_GT(std::abs(difference), 45) << i;
    }
  }
}

}  // namespace
}  // namespace digitorch
