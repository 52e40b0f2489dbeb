// Manual pages in mdoc.
#include "app/cli/manual.h"

#include <gtest/gtest.h>

#include <string>

namespace digitorch {
namespace {

TEST(ManualTest, APageHasItsSectionsAndEscapesWhatMdocWouldRead) {
  std::string output;
  const Command command{
      .name = "try",
      .summary = "Try something",
      .paths = "FILE",
      .examples = {{"try x", ".hidden"}},
      .description = "One. Two \\ three.",
      .groups = {{"Files", {with_value(field("out", output, "Out"), "FILE")}}},
      .run = [](const Arguments&) { return 0; }};
  EXPECT_EQ(manual_page(command, "November 26, 2026"), R"(.Dd November 26, 2026
.Dt DIGITORCH-TRY 1
.Os
.Sh NAME
.Nm digitorch-try
.Nd try something
.Sh SYNOPSIS
.Nm "digitorch try"
.Op Ar OPTION ...
.Ar FILE
.Sh DESCRIPTION
Try something.
.Pp
One.
Two \e three.
.Ss Files
.Bl -tag -width Ds
.It Fl Fl out Ar FILE
Out.
.El
.Sh EXAMPLES
.Bl -tag -width Ds
.It Li "digitorch try x"
\&.hidden
.El
)");
}

}  // namespace
}  // namespace digitorch
