// The runner itself: what it reports is what the shell's commands did.
#include "tests/support/process.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <system_error>

#include "tests/support/temp_dir.h"

namespace digitorch::testing {
namespace {

using std::chrono::milliseconds;

ProcessResult shell(const std::string& script, const RunOptions& options = {}) {
  return run({"/bin/sh", "-c", script}, options);
}

TEST(RunProcess, ReportsBothStreamsAndTheExitCode) {
  const ProcessResult result = shell("echo out; echo err >&2; exit 7");
  EXPECT_EQ(result.out, "out\n");
  EXPECT_EQ(result.err, "err\n");
  EXPECT_EQ(result.exit_code, 7);
  EXPECT_EQ(result.signal, 0);
  EXPECT_FALSE(result.timed_out);
  EXPECT_GT(result.peak_bytes, 0);
}

TEST(RunProcess, PassesLargeInputThrough) {
  const std::string text(3'000'000, 'x');
  EXPECT_TRUE(run({"/bin/cat"}, {.stdin_text = text}).out == text);
}

TEST(RunProcess, InputThatNobodyReadsIsNoTrouble) {
  EXPECT_EQ(
      run({"/bin/true"}, {.stdin_text = std::string(3'000'000, 'x')}).exit_code,
      0
  );
}

TEST(RunProcess, SetsFolderAndEnvironment) {
  const TempDir folder;
  const ProcessResult result = shell(
      "pwd; echo $COLOUR",
      {.working_dir = folder.path(), .environment = {{"COLOUR", "blue"}}}
  );
  EXPECT_EQ(result.out, folder.path().string() + "\nblue\n");
}

TEST(RunProcess, KillsWhatTakesTooLong) {
  const ProcessResult result =
      run({"/bin/sleep", "30"}, {.timeout = milliseconds(100)});
  EXPECT_TRUE(result.timed_out);
  EXPECT_EQ(result.signal, SIGKILL);
  EXPECT_LT(result.seconds, 10);
}

TEST(RunProcess, SendsSignalsAtATimeOrAtAText) {
  EXPECT_EQ(
      run({"/bin/sleep", "30"}, {.signals = {{milliseconds(50), SIGTERM}}}
      ).signal,
      SIGTERM
  );
  RunOptions at_text;
  at_text.signal_at_text = "ready";
  at_text.signal_to_send_at_text = SIGINT;
  const ProcessResult result = shell(
      "trap 'exit 9' INT; echo ready; while :; do sleep 0.01; done", at_text
  );
  EXPECT_EQ(result.exit_code, 9);
}

TEST(RunProcess, ClosedStdoutEndsAWriter) {
  RunOptions closed;
  closed.stdout_closed = true;
  EXPECT_EQ(run({"/usr/bin/yes"}, closed).signal, SIGPIPE);
}

TEST(RunProcess, LimitsAndUserApply) {
  EXPECT_EQ(shell("ulimit -n", {.limits = {{RLIMIT_NOFILE, 77}}}).out, "77\n");
  if (geteuid() != 0) GTEST_SKIP() << "only root can be another user";
  EXPECT_EQ(run({"/usr/bin/id", "-u"}, {.user = 65534}).out, "65534\n");
}

TEST(RunProcess, MissingProgramIsAnError) {
  EXPECT_THROW(run({"/no/such/program"}), std::system_error);
}

}  // namespace
}  // namespace digitorch::testing
