#include "app/commands/classify/standard_input.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/temp_dir.h"

namespace digitorch {
namespace {

using Paths = std::vector<std::string>;

TEST(StandardInputTest, ReadsListsInEveryForm) {
  EXPECT_EQ(parse_standard_input("").paths, Paths{});
  EXPECT_EQ(
      parse_standard_input("a.png\nb c.png").paths, (Paths{"a.png", "b c.png"})
  );
  EXPECT_EQ(
      parse_standard_input("\xEF\xBB\xBF"
                           "a.png\r\n\r\nb.png\r\n")
          .paths,
      (Paths{"a.png", "b.png"})
  );
  const std::string zeros("a\nb.png\0c.png\r\0", 15);
  EXPECT_EQ(parse_standard_input(zeros).paths, (Paths{"a\nb.png", "c.png\r"}));
}

TEST(StandardInputTest, KnowsAPictureByItsFirstBytes) {
  for (const std::string& bytes :
       {std::string("\x89PNG\r\n\x1a\n rest"),
        std::string("\xff\xd8\xff\xe0 rest"),
        std::string("P5\n28 28\n255\n rest"),
        std::string("BM\x10\0\0\0\0\0\0\0 rest", 15)}) {
    const StandardInput input = parse_standard_input(bytes);
    EXPECT_EQ(input.picture, bytes);
    EXPECT_TRUE(input.paths.empty());
  }
}

TEST(StandardInputTest, ANameMayBeginAsAPictureDoes) {
  EXPECT_EQ(
      parse_standard_input("P1000123.JPG\n").paths, Paths{"P1000123.JPG"}
  );
  EXPECT_EQ(parse_standard_input("BMW.png\n").paths, Paths{"BMW.png"});
  const testing::TempDir folder;
  const std::string name = (folder / "P5 x").string();
  std::ofstream(name).put('x');
  EXPECT_EQ(parse_standard_input(name + "\n").paths, Paths{name});
}

TEST(StandardInputTest, RefusesOtherBytesInOneLine) {
  try {
    parse_standard_input(std::string(
        "\x7f"
        "ELF\x02\x01\0\0\n\n\n",
        11
    ));
    FAIL() << "no error";
  } catch (const std::runtime_error& error) {
    EXPECT_TRUE(std::string(error.what()).starts_with("standard input: found ")
    );
  }
}

}  // namespace
}  // namespace digitorch
