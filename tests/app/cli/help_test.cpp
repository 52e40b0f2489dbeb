// The text of --help.
#include "app/cli/help.h"

#include <gtest/gtest.h>

#include <string>

namespace digitorch {
namespace {

struct Options {
  int64_t epochs = 14;
  double rate = 1;
  bool page = false;
  bool graph = true;
  std::string kind = "b";
  std::string output;
};

Command command_of(Options& o) {
  return {
      .name = "try",
      .summary = "Try something",
      .paths = "[FILE]",
      .examples = {{"try --page", "pages"}},
      .description = "More of it.",
      .groups =
          {{"Numbers",
            {field("epochs", o.epochs, {1, 99}, "Number of epochs"),
             field("rate", o.rate, RealRange{0, 9}, "Rate"),
             field("kind", o.kind, {"a", "b"}, "Kind")}},
           {"Switches",
            {field("page", o.page, "Read pages"),
             field("graph", o.graph, "Use a graph"),
             with_value(field("output", o.output, "Output"), "FILE")}}},
      .run = [](const Arguments&) { return 0; }};
}

TEST(HelpTest, NamesUsageExamplesOptionsAndTheRest) {
  Options options;
  EXPECT_EQ(
      help(command_of(options)), R"(Usage: digitorch try [OPTION...] [FILE]

Try something.

Examples:
  digitorch try --page  pages

Numbers:
  --epochs N  Number of epochs (default: 14)
  --rate N    Rate (default: 1)
  --kind a|b  Kind (default: b)

Switches:
  --[no-]page    Read pages
  --[no-]graph   Use a graph (default: on)
  --output FILE  Output

Help:
  -h, --help  Show this help

More of it.
)"
  );
}

TEST(HelpTest, CommonOptionsComeFirstAndTheRestWithHelpAll) {
  Options options;
  Command command = command_of(options);
  command.common = {"output", "epochs"};
  const std::string some = help(command);
  EXPECT_LT(some.find("--output"), some.find("--epochs"));
  EXPECT_EQ(some.find("--rate"), std::string::npos);
  EXPECT_NE(some.find("--help-all"), std::string::npos);
  const std::string all = help(command, {.all = true});
  EXPECT_NE(all.find("--rate"), std::string::npos);
}

}  // namespace
}  // namespace digitorch
