// How the words of a command line are read.
#include "app/cli/command.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace digitorch {
namespace {

struct Options {
  int64_t epochs = 1;
  bool page = false;
  std::string output;
};

Command command_of(Options& o, const std::string& paths = "[FILE...]") {
  return {
      .name = "try",
      .paths = paths,
      .groups =
          {{"All",
            {field("epochs", o.epochs, {1, 9}, "Epochs"),
             field("page", o.page, "Pages"),
             field("output", o.output, "Output")}}},
      .run = [](const Arguments&) { return 0; }};
}

Arguments read(const std::vector<std::string>& words, Options& options) {
  const Command command = command_of(options);
  const Arguments given = parse(command, words);
  run(command, given);
  return given;
}

std::string refusal(
    const std::vector<std::string>& words, const std::string& paths = ""
) {
  Options options;
  try {
    parse(command_of(options, paths), words);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

TEST(ParseTest, AValueFollowsAnEqualsSignOrIsTheNextWord) {
  Options options;
  const Arguments given =
      read({"a", "--epochs", "3", "--output=x=y", "-", "b"}, options);
  EXPECT_EQ(options.epochs, 3);
  EXPECT_EQ(options.output, "x=y");
  EXPECT_EQ(given.paths, (std::vector<std::string>{"a", "-", "b"}));
}

TEST(ParseTest, ASwitchIsTurnedOnAndOff) {
  Options options;
  read({"--page", "a"}, options);
  EXPECT_TRUE(options.page);
  read({"--no-page"}, options);
  EXPECT_FALSE(options.page);
  read({"--page=true"}, options);
  EXPECT_TRUE(options.page);
}

TEST(ParseTest, OfAnOptionGivenTwiceTheLastCounts) {
  Options options;
  const Arguments given =
      read({"--epochs=3", "--page", "--no-page", "--epochs", "4"}, options);
  EXPECT_EQ(options.epochs, 4);
  EXPECT_FALSE(options.page);
  EXPECT_EQ(given.options.size(), 2U);
}

TEST(ParseTest, WordsAfterTwoDashesArePaths) {
  Options options;
  EXPECT_EQ(
      read({"--", "--epochs", "-x"}, options).paths,
      (std::vector<std::string>{"--epochs", "-x"})
  );
}

TEST(ParseTest, HelpIsASwitchOfEveryCommand) {
  Options options;
  EXPECT_TRUE(parse(command_of(options), {"-h"}).has("help"));
  EXPECT_TRUE(parse(command_of(options), {"--help-all"}).has("help-all"));
}

TEST(ParseTest, ErrorsSayWhatToDo) {
  EXPECT_EQ(
      refusal({"--epoch", "3"}),
      "try: unknown option '--epoch'; did you mean '--epochs'?"
  );
  EXPECT_EQ(
      refusal({"--no-pge"}),
      "try: unknown option '--no-pge'; did you mean '--no-page'?"
  );
  EXPECT_EQ(
      refusal({"--xyz"}),
      "try: unknown option '--xyz'; see 'digitorch try --help'"
  );
  EXPECT_EQ(
      refusal({"--epochs"}),
      "--epochs needs a value: a whole number from 1 to 9"
  );
  EXPECT_EQ(refusal({"--output", "--page"}), "--output needs a value: NAME");
  EXPECT_EQ(
      refusal({"--no-page=false"}),
      "--no-page takes no value; found '--no-page=false'"
  );
  EXPECT_EQ(
      refusal({"--page", "false"}),
      "try takes options only; found 'false'; write a switch as --NAME or "
      "--no-NAME"
  );
}

}  // namespace
}  // namespace digitorch
