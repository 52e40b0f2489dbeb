// Text in lines that fit.
#include "app/cli/paragraphs.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace digitorch {
namespace {

using Lines = std::vector<std::string>;

TEST(WrappedTest, LinesAreAsFullAsTheWidthAllows) {
  EXPECT_EQ(wrapped("one two three", 7), (Lines{"one two", "three"}));
  EXPECT_EQ(wrapped("one two three", 6), (Lines{"one", "two", "three"}));
  EXPECT_EQ(wrapped("", 9), Lines{});
}

TEST(WrappedTest, ALongWordIsNotBroken) {
  EXPECT_EQ(wrapped("a /long/path b", 4), (Lines{"a", "/long/path", "b"}));
}

TEST(ParagraphsTest, IndentedLinesStayAsTheyAre) {
  EXPECT_EQ(
      paragraphs("one two\n\n  kept as it is", 5),
      "one\ntwo\n\n  kept as it is\n"
  );
}

TEST(TwoColumnsTest, RightCellsAreBesideTheLeftOnes) {
  EXPECT_EQ(
      two_columns(
          {{"-a", "one two three four"}, {"--bcdef", "five"}}, {.width = 30}
      ),
      "  -a       one two three four\n"
      "  --bcdef  five\n"
  );
  EXPECT_EQ(
      two_columns({{"-a", "one two three four five"}}, {.width = 24}),
      "  -a    one two three\n"
      "        four five\n"
  );
}

TEST(TwoColumnsTest, ALongLeftCellStandsAlone) {
  EXPECT_EQ(
      two_columns(
          {{"-a", "one"}, {"--much-longer", "two"}},
          {.longest_left = 8, .width = 40}
      ),
      "  -a    one\n"
      "  --much-longer\n"
      "        two\n"
  );
}

}  // namespace
}  // namespace digitorch
