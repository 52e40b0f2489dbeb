// Every call by which a run changes its folder fails once, in each of the ways
// a disk has: the program ends in one line with exit code 3 or goes on, its
// last checkpoint stays whole, and the run can be ended as if undisturbed.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/endurance/runs.h"
#include "tests/support/program.h"
#include "tests/support/repeats.h"
#include "tests/support/sanitized.h"

namespace digitorch::testing {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> short_run(const fs::path& run) {
  return quick_train(
      trained_data(), run, {"--model=mlp", "--hidden=4", "--quiet"}
  );
}

RunOptions preloaded(
    const fs::path& run, std::map<std::string, std::string> more
) {
  more["LD_PRELOAD"] = FAILING_CALLS_LIBRARY;
  more["FAILING_CALLS_FOLDER"] = run.string();
  return {.environment = std::move(more)};
}

int64_t calls_of_a_run(const fs::path& folder) {
  const fs::path log = folder / "calls";
  json_of(digitorch(
      short_run(folder / "counted"),
      preloaded(folder / "counted", {{"FAILING_CALLS_LOG", log.string()}})
  ));
  const std::string text = file_text(log);
  return std::count(text.begin(), text.end(), '\n');
}

/// Of stderr only the lines behind the warnings about the data.
ProcessResult without_warnings(ProcessResult result) {
  while (result.err.starts_with("warning: "))
    result.err.erase(0, result.err.find('\n') + 1);
  return result;
}

/// Expects what a fault may lead to. `best` is what the run ends with.
void expect_survives(
    const fs::path& run,
    const ProcessResult& result,
    bool is_error,
    const std::string& best
) {
  EXPECT_EQ(result.signal, 0) << result.err;
  if (result.exit_code != 0) {
    EXPECT_TRUE(is_error) << result.err;
    expect_refused(without_warnings(result), 3, run.filename().string());
    EXPECT_NO_THROW(saved_epochs(run));
    if (!fs::exists(run / "last.safetensors")) return;
    const ProcessResult rest = digitorch(resume_words(run));
    EXPECT_EQ(rest.exit_code, 0) << rest.err;
  }
  EXPECT_TRUE(file_text(run / "best.safetensors") == best);
}

TEST(FaultTest, EveryFailingCallLeavesTheLastCheckpointWhole) {
  if (kIsSanitized)
    GTEST_SKIP() << "nothing can be loaded before the sanitizer";
  const TempDir folder;
  const int64_t calls = calls_of_a_run(folder.path());
  ASSERT_GT(calls, 50);
  const std::string best = file_text(folder / "counted" / "best.safetensors");
  const std::vector<std::string> faults = {
      "ENOSPC", "EIO", "EDQUOT", "EINTR", "SHORT"};
  const auto all = static_cast<int>(calls * std::ssize(faults));
  const int tried = std::min(all, repeats(12, all));
  for (int i = 0; i < tried && !HasFailure(); ++i) {
    // Spread evenly over all of them.
    const int64_t number = int64_t{i} * all / tried;
    const int64_t call = number / std::ssize(faults) + 1;
    const std::string& fault =
        faults[static_cast<size_t>(number % std::ssize(faults))];
    SCOPED_TRACE("call " + std::to_string(call) + " " + fault);
    const fs::path run = folder / ("run" + std::to_string(number));
    const ProcessResult result = digitorch(
        short_run(run),
        preloaded(
            run,
            {{"FAILING_CALLS_AT", std::to_string(call)},
             {"FAILING_CALLS_FAULT", fault}}
        )
    );
    const bool is_error = fault != "EINTR" && fault != "SHORT";
    expect_survives(run, result, is_error, best);
    fs::remove_all(run);
  }
}

}  // namespace
}  // namespace digitorch::testing
