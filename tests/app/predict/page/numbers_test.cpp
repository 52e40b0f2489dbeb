// Numbers between words, by what a network says of each component.
#include "app/predict/page/numbers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace digitorch {
namespace {

const std::vector<std::string> kNames = {"0", "1", "2", "no-digit"};

struct Written {
  // Adds a word of one component for each character: "1" and "2" are read
  // surely and "?" hardly as a 1, "o" is a low letter that is read as a 0, "t"
  // looks like no digit, "x" is surely none and "." has no ink.
  void write(const std::string& word) {
    for (const char component : word) {
      Prediction answer;
      answer.no_digit = component == 'x'   ? 0.97F
                        : component == 't' ? 0.6F
                                           : 0.001F;
      const float rest = 1 - answer.no_digit;
      const int64_t label = component == 'o' ? 0 : component == '2' ? 2 : 1;
      answer.classes = {{label, component == '?' ? 0.6F : rest}};
      answer.blank = component == '.';
      components.push_back(
          {.prediction = answer,
           .word = words,
           .height = component == 'o' ? 0.65 : 1.0}
      );
    }
    ++words;
  }

  // The digits that are read, with "-" for components that are left out and "?"
  // for digits that are unsure.
  std::string read(const std::vector<std::string>& names = kNames) const {
    const std::vector<bool> chosen = read_as_digits(components, names);
    std::string text;
    for (size_t i = 0; i < chosen.size(); ++i) {
      if (i > 0 && components[i].word != components[i - 1].word) text += ' ';
      const Prediction& answer = components[i].prediction;
      const bool sure = answer.no_digit < 0.5F;
      text += !chosen[i] ? "-" : sure ? std::to_string(answer.label()) : "?";
    }
    return text;
  }

  std::vector<PageDigit> components;
  int words = 0;
};

std::string read_page(const std::vector<std::string>& words) {
  Written page;
  for (const std::string& word : words) page.write(word);
  return page.read();
}

TEST(NumbersTest, LettersThatLookLikeDigitsAreLeftOutWithTheirWord) {
  EXPECT_EQ(
      read_page({"txoto", "1212", "xoott", "22", "tox"}),
      "----- 1212 ----- 22 ---"
  );
}

TEST(NumbersTest, APageOfNumbersIsReadWhole) {
  EXPECT_EQ(read_page({"111", "1?1", "??", "1"}), "111 111 11 1");
}

TEST(NumbersTest, AHatchingIsNoNumber) {
  const std::string ones(13, '1');
  EXPECT_EQ(read_page({ones + "22", "22"}), std::string(15, '-') + " 22");
  EXPECT_EQ(read_page({ones + "222", "22"}), ones + "222 22");
  EXPECT_EQ(read_page({std::string(10, '1')}), std::string(10, '1'));
}

TEST(NumbersTest, ADoubtfulComponentOfANumberIsKept) {
  EXPECT_EQ(read_page({"11t1", "111"}), "11?1 111");
  EXPECT_EQ(read_page({"11x1", "111"}), "11-1 111");
}

TEST(NumbersTest, ByItselfADoubtfulComponentIsNoDigit) {
  EXPECT_EQ(read_page({"t", "111"}), "- 111");
}

TEST(NumbersTest, UnitsAndSignsAreLeftOut) {
  EXPECT_EQ(
      read_page({"txot", "1212xx", "txoto", "x2212", "toxt"}),
      "---- 1212-- ----- -2212 ----"
  );
}

TEST(NumbersTest, AmongWordsADigitThatNoLetterIsLikeStandsByItself) {
  std::vector<std::string> page(20, "txoto");
  page.insert(page.end(), {"2", "1"});
  const std::string text = read_page(page);
  EXPECT_EQ(text.substr(text.size() - 4), " 2 -");
}

TEST(NumbersTest, APageThatIsHardToReadIsNotFullOfWords) {
  const std::vector<std::string> page(10, "????");
  const std::string text = read_page(page);
  EXPECT_EQ(std::count(text.begin(), text.end(), '1'), 40);
}

TEST(NumbersTest, WithoutAClassForWhatIsNoDigitNothingIsLeftOut) {
  Written page;
  page.write("?o?o");
  page.write("1.");
  for (PageDigit& component : page.components)
    component.prediction.no_digit = 0;
  EXPECT_EQ(page.read({"0", "1", "2"}), "1010 1-");
}

TEST(NumbersTest, ANetworkForOtherThingsReadsThemInWords) {
  Written page;
  page.write("txoto");
  page.write("to2");
  EXPECT_EQ(page.read({"a", "1", "2", "no-digit"}), "--0-0 -02");
}

TEST(NumbersTest, AnEmptyPageHasNone) {
  EXPECT_TRUE(read_as_digits({}, kNames).empty());
}

// Whether a component of that height, read as `alone`, is a digit beside so
// many others, each a word of its own and 100 pixels high.
bool is_digit_beside(int others, const std::string& alone, int height) {
  Written page;
  for (int i = 0; i < others; ++i) page.write("2");
  page.write(alone);
  for (PageDigit& digit : page.components) digit.box.height = 100;
  page.components.back().box.height = height;
  return page.read().back() != '-';
}

TEST(NumbersTest, AOneThatStandsAloneAndIsFarTooHighIsALine) {
  EXPECT_TRUE(is_digit_beside(3, "1", 155));
  EXPECT_FALSE(is_digit_beside(3, "1", 165));
  EXPECT_TRUE(is_digit_beside(3, "2", 165));
  EXPECT_TRUE(is_digit_beside(3, "21", 165));
  EXPECT_TRUE(is_digit_beside(0, "1", 165));  // who knows what is usual
}

}  // namespace
}  // namespace digitorch
