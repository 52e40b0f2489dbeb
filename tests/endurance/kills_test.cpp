// SIGKILL at random instants: no epoch that the program has announced is lost,
// and the run ends as if nothing had happened.
#include <gtest/gtest.h>
#include <signal.h>

#include <random>

#include "tests/endurance/runs.h"
#include "tests/support/program.h"
#include "tests/support/repeats.h"

namespace digitorch::testing {
namespace {

namespace fs = std::filesystem;

constexpr int kKillsOfARun = 3;

/// The last epoch whose line stderr shows whole; 0 for none.
int64_t announced_epochs(const std::string& err) {
  int64_t epochs = 0;
  for (size_t at = 0; (at = err.find("epoch ", at)) != std::string::npos;) {
    at += 6;
    if (err.find('\n', at) == std::string::npos) break;
    epochs = std::stoll(err.substr(at));
  }
  return epochs;
}

class KillTest : public ::testing::TestWithParam<RunKind> {};

TEST_P(KillTest, LosesNoAnnouncedEpochAndEndsAsIfUndisturbed) {
  const RunKind& kind = GetParam();
  const int kills =
      repeats(2, 1000 / static_cast<int>(std::ssize(run_kinds())));
  std::mt19937 random(7);
  std::uniform_real_distribution<double> instant(
      0.1, undisturbed_seconds(kind)
  );
  const TempDir folder;
  int done = 0;
  for (int run_number = 0; done < kills; ++run_number) {
    const fs::path run = folder / ("run" + std::to_string(run_number));
    for (int i = 0; i < kKillsOfARun && done < kills; ++i) {
      const bool has_saved = fs::exists(run / "last.safetensors");
      if (!has_saved) fs::remove_all(run);
      const auto when =
          std::chrono::milliseconds(static_cast<int64_t>(1000 * instant(random))
          );
      const ProcessResult killed = digitorch(
          has_saved ? resume_words(run) : start_words(kind, run),
          {.signals = {{when, SIGKILL}}}
      );
      if (killed.signal != SIGKILL) {  // it was faster
        EXPECT_EQ(killed.exit_code, 0) << killed.err;
        break;
      }
      ++done;
      ASSERT_GE(saved_epochs(run), announced_epochs(killed.err)) << killed.err;
    }
    expect_ends_as_undisturbed(kind, run);
    if (HasFailure()) return;
    fs::remove_all(run);
  }
  RecordProperty("kills", done);
}

INSTANTIATE_TEST_SUITE_P(
    Runs,
    KillTest,
    ::testing::ValuesIn(run_kinds()),
    [](const auto& test) { return test.param.name; }
);

}  // namespace
}  // namespace digitorch::testing
