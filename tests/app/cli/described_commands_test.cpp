// Commands that went through text.
#include "app/cli/described_commands.h"

#include <gtest/gtest.h>

#include <string>

#include "app/cli/completion.h"
#include "app/cli/help.h"
#include "app/cli/manual.h"

namespace digitorch {
namespace {

struct Options {
  int64_t epochs = 14;
  double rate = 1e-5;
  bool graph = true;
  std::string kind = "b";
  std::string output = "out \"1\"";
  std::vector<int64_t> layers = {64, 32};
};

Command command_of(Options& o) {
  return {
      .name = "try",
      .summary = "Try \u00e9very kind of option",
      .paths = "[FILE]",
      .path_suggestions = {"a", "b"},
      .examples = {{"try --graph", "graphs"}},
      .description = "More of it.\n\n  try --kind a",
      .common = {"epochs", "graph"},
      .groups =
          {{"Numbers",
            {field("epochs", o.epochs, {1, 99}, "Number of epochs"),
             field("rate", o.rate, RealRange{0, 9}, "Rate"),
             field("layers", o.layers, {1, 99}, "Layers")}},
           {"Others",
            {field("kind", o.kind, {"a", "b"}, "Kind"),
             field("graph", o.graph, "Use a graph"),
             with_value(
                 field("output", o.output, "Output"), "FILE", {"x", "y"}
             )}}},
      .run = [](const Arguments&) { return 0; }};
}

TEST(DescribedCommandsTest, AllThatIsPrintedOfThemStaysTheSame) {
  Options options;
  const std::vector<Command> made = {command_of(options)};
  const std::vector<Command> read = commands_from_json(commands_to_json(made));
  ASSERT_EQ(read.size(), 1U);
  for (const bool all : {false, true})
    EXPECT_EQ(help(read[0], {.all = all}), help(made[0], {.all = all}));
  EXPECT_EQ(manual_page(read[0], "today"), manual_page(made[0], "today"));
  for (const Shell& shell : shells())
    EXPECT_EQ(shell.script(read), shell.script(made)) << shell.name;
  EXPECT_EQ(commands_to_json(read), commands_to_json(made));
  EXPECT_FALSE(read[0].run);
}

TEST(DescribedCommandsTest, WordsAreParsedAsBefore) {
  Options options;
  const Command made = command_of(options);
  const Command read = commands_from_json(commands_to_json({made})).at(0);
  const Arguments given = parse(read, {"--no-graph", "--kind=a", "file"});
  EXPECT_EQ(given.paths, std::vector<std::string>{"file"});
  ASSERT_EQ(given.options.size(), 2U);
  const auto refusal = [](const Command& command, const std::string& word) {
    try {
      parse(command, {word});
    } catch (const std::runtime_error& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  for (const char* word : {"--epoch=3", "--epochs", "--kind", "-x"})
    EXPECT_EQ(refusal(read, word), refusal(made, word)) << word;
}

}  // namespace
}  // namespace digitorch
