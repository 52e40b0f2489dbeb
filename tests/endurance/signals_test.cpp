// SIGINT and SIGTERM at random instants of loading, training, validating,
// scoring and exporting: the program ends within two seconds with the signal's
// exit code, and what it was doing can go on.
#include <gtest/gtest.h>
#include <signal.h>

#include <random>

#include "tests/endurance/runs.h"
#include "tests/support/program.h"
#include "tests/support/repeats.h"

namespace digitorch::testing {
namespace {

namespace fs = std::filesystem;

constexpr double kMostSeconds = 2;

/// What is sent, and when.
struct Disturbance {
  int signal;
  double seconds;
};

Disturbance random_disturbance(std::mt19937& random, double within) {
  return {
      random() % 2 == 0 ? SIGINT : SIGTERM,
      std::uniform_real_distribution<double>(0, within)(random)};
}

/// Runs the program and sends the signal. Expects that it ends in time by the
/// signal, or before it. True where the signal ended it.
bool expect_ends_by(
    const Disturbance& disturbance, const std::vector<std::string>& words
) {
  const auto when =
      std::chrono::milliseconds(static_cast<int64_t>(1000 * disturbance.seconds)
      );
  const ProcessResult result =
      digitorch(words, {.signals = {{when, disturbance.signal}}});
  if (result.exit_code == 0) return false;
  // Before the program has begun, the system ends it; shells show the same.
  EXPECT_TRUE(
      result.exit_code == 128 + disturbance.signal ||
      result.signal == disturbance.signal
  ) << words[0]
    << ": " << result.exit_code << ' ' << result.signal << ' ' << result.err;
  EXPECT_LT(result.seconds - disturbance.seconds, kMostSeconds) << words[0];
  return true;
}

class SignalTest : public ::testing::TestWithParam<RunKind> {};

TEST_P(SignalTest, EndsARunThatGoesOnAsIfUndisturbed) {
  const RunKind& kind = GetParam();
  const int signals =
      repeats(2, 160 / static_cast<int>(std::ssize(run_kinds())));
  std::mt19937 random(8);
  const TempDir folder;
  for (int i = 0; i < signals && !HasFailure(); ++i) {
    const fs::path run = folder / ("run" + std::to_string(i));
    if (expect_ends_by(
            random_disturbance(random, undisturbed_seconds(kind)),
            start_words(kind, run)
        ))
      expect_ends_as_undisturbed(kind, run);
    fs::remove_all(run);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Runs,
    SignalTest,
    ::testing::ValuesIn(run_kinds()),
    [](const auto& test) { return test.param.name; }
);

TEST(SignalledCommandTest, EndsLoadingScoringAndExportingAndLeavesNoHalfFile) {
  const TempDir folder;
  write_class_folders(folder / "pictures", {"a", "b"}, 300);
  const std::string output = (folder / "model.pt").string();
  const std::vector<std::vector<std::string>> commands = {
      quick_train(folder / "pictures", folder / "run"),
      {"eval",
       "--model",
       trained_model().string(),
       "--data",
       trained_data().string()},
      {"export",
       "--model",
       trained_model().string(),
       "--data",
       trained_data().string(),
       "--output",
       output},
      {"classify", (folder / "pictures").string()}};
  const int signals = repeats(1, 40 / static_cast<int>(commands.size()));
  std::mt19937 random(9);
  for (const std::vector<std::string>& words : commands) {
    const double seconds = digitorch(words).seconds;
    for (int i = 0; i < signals; ++i) {
      fs::remove_all(folder / "run");
      fs::remove(output);
      if (!expect_ends_by(random_disturbance(random, seconds), words)) continue;
      for (const auto& entry : fs::directory_iterator(folder.path()))
        EXPECT_EQ(
            entry.path().filename().string().find(".tmp-"), std::string::npos
        ) << entry.path();
    }
  }
}

}  // namespace
}  // namespace digitorch::testing
