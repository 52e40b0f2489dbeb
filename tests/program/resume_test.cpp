// Runs of the real program that are stopped, damaged or contested: they go on
// as if undisturbed, or are refused in one line that says why, and never lose
// the last good checkpoint. tests/endurance kills them.
#include <gtest/gtest.h>

#include <signal.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <thread>

#include "tests/support/program.h"

namespace digitorch::testing {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

/// A run of some seconds: many short epochs, many checkpoints.
std::vector<std::string> long_train(const fs::path& run) {
  return quick_train(trained_data(), run, {"--epochs=40", "--batch-size=5"});
}

std::vector<std::string> resume(const fs::path& run) {
  return {"train", "--resume", run.string(), "--format=json"};
}

/// What the run must end with, however it was disturbed.
const std::string& undisturbed_best() {
  static const std::string bytes = [] {
    const TempDir folder;
    json_of(digitorch(long_train(folder / "run")));
    return file_text(folder / "run" / "best.safetensors");
  }();
  return bytes;
}

bool has_checkpoint(const fs::path& run) {
  return fs::exists(run / "last.safetensors");
}

TEST(ResumeRunTest, InterruptedItSavesAndExitsWithTheSignalsCode) {
  const TempDir folder;
  for (const int signal : {SIGINT, SIGTERM}) {
    const fs::path run = folder / ("run" + std::to_string(signal));
    const auto result = digitorch(
        long_train(run),
        {.signal_at_text = "epoch", .signal_to_send_at_text = signal}
    );
    ASSERT_EQ(result.exit_code, 128 + signal) << result.err;
    ASSERT_TRUE(has_checkpoint(run));
    EXPECT_NE(result.err.find("--resume " + run.string()), std::string::npos)
        << result.err;
    const auto rest = digitorch(resume(run));
    ASSERT_EQ(rest.exit_code, 0) << rest.err;
    ASSERT_TRUE(file_text(run / "best.safetensors") == undisturbed_best());
  }
}

TEST(ResumeRunTest, CompleteRunHasNothingToDo) {
  const TempDir folder;
  const auto first =
      json_of(digitorch(quick_train(trained_data(), folder / "run")));
  const auto again = digitorch(resume(folder / "run"));
  EXPECT_EQ(json_of(again), first);
  EXPECT_NE(again.err.find("nothing to do"), std::string::npos);
}

TEST(ResumeRunTest, OneEpochTwiceIsTwoEpochsWithAConstantRate) {
  const TempDir folder;
  const std::vector<std::string> constant = {"--schedule=constant"};
  auto one = constant;
  one.emplace_back("--epochs=1");
  auto two = constant;
  two.emplace_back("--epochs=2");
  json_of(digitorch(quick_train(trained_data(), folder / "a", two)));
  json_of(digitorch(quick_train(trained_data(), folder / "b", one)));
  auto more = resume(folder / "b");
  more.emplace_back("--epochs=2");
  json_of(digitorch(more));
  const auto weights = [&](const char* run) {
    const auto score = json_of(digitorch(
        {"eval",
         "--format=json",
         "--data",
         trained_data().string(),
         "--model",
         (folder / run / "last.safetensors").string()}
    ));
    return score["loss"].dump();
  };
  EXPECT_EQ(weights("a"), weights("b"));
}

TEST(ResumeRunTest, DamagedCheckpointIsRefusedAndAutoFallsBack) {
  const TempDir folder;
  const fs::path run = folder / "run";
  digitorch(
      long_train(run),
      {.signal_at_text = "epoch  5", .signal_to_send_at_text = SIGINT}
  );
  ASSERT_TRUE(fs::exists(run / "previous.safetensors"));
  {
    std::fstream file(
        run / "last.safetensors",
        std::ios::in | std::ios::out | std::ios::binary
    );
    file.seekp(1000);
    const auto byte = static_cast<char>(file.get());
    file.seekp(1000);
    file.put(static_cast<char>(byte ^ 1));
  }
  expect_refused(digitorch(resume(run)), 2, "last.safetensors");
  const auto result = digitorch(
      {"train", "--resume=auto", "--run-dir=" + run.string(), "--format=json"}
  );
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_NE(result.err.find("previous.safetensors"), std::string::npos);
  EXPECT_TRUE(file_text(run / "best.safetensors") == undisturbed_best());
}

struct Change {
  std::vector<std::string> options;
  std::vector<std::string> told;  ///< Parts of the message.
  int with_allow_changes;         ///< Exit code then.
};

std::ostream& operator<<(std::ostream& out, const Change& change) {
  for (const std::string& option : change.options) out << option;
  return out;
}

class ChangedResume : public ::testing::TestWithParam<Change> {};

TEST_P(ChangedResume, IsRefusedWithOldAndNewValueUnlessAllowed) {
  const TempDir folder;
  const fs::path run = folder / "run";
  json_of(digitorch(quick_train(trained_data(), run)));
  fs::remove(run / "result.json");
  auto words = resume(run);
  const auto& more = GetParam().options;
  words.insert(words.end(), more.begin(), more.end());
  const auto refused = digitorch(words);
  for (const std::string& part : GetParam().told)
    expect_refused(refused, 2, part);
  words.emplace_back("--allow-changes");
  const auto allowed = digitorch(words);
  EXPECT_EQ(allowed.exit_code, GetParam().with_allow_changes) << allowed.err;
  if (allowed.exit_code == 0) {
    EXPECT_NE(allowed.err.find("not bit-exact"), std::string::npos);
  }
}

INSTANTIATE_TEST_SUITE_P(
    OneKey,
    ChangedResume,
    ::testing::Values(
        Change{{"--model=cnn"}, {"--model was mlp, now cnn"}, 2},
        Change{{"--hidden=8"}, {"--hidden was 16, now 8"}, 2},
        Change{{"--optimizer=sgd"}, {"--optimizer was", "now sgd"}, 2},
        Change{{"--batch-size=40"}, {"--batch-size was 20, now 40"}, 0},
        Change{{"--seed=9"}, {"--seed was 1, now 9"}, 0},
        Change{{"--lr=0.5", "--ema=0"}, {"--lr was", "now 0.5"}, 0}
    )
);

TEST(ResumeRunTest, OtherDataAreRefused) {
  const TempDir folder;
  write_idx_set(folder / "data");
  json_of(digitorch(quick_train(folder / "data", folder / "run")));
  fs::remove(folder / "run" / "result.json");
  {
    std::fstream file(
        folder / "data" / "train-images-idx3-ubyte",
        std::ios::in | std::ios::out | std::ios::binary
    );
    file.seekp(500);
    file.put(static_cast<char>(255));
  }
  expect_refused(digitorch(resume(folder / "run")), 2, "SHA-256");
}

TEST(ResumeRunTest, FolderWithoutACheckpointIsRefused) {
  const TempDir folder;
  expect_refused(digitorch(resume(folder.path())), 2, "last.safetensors");
}

/// The folder of a run that was killed before it saved anything.
fs::path killed_at_once(
    const TempDir& folder, const std::vector<std::string>& more = {}
) {
  const fs::path run = folder / "killed";
  json_of(digitorch(quick_train(trained_data(), run, more)));
  for (const char* name :
       {"last.safetensors",
        "previous.safetensors",
        "best.safetensors",
        "metrics.csv",
        "steps.csv",
        "result.json"})
    fs::remove(run / name);
  return run;
}

TEST(ResumeRunTest, ARunOfWhichNothingWasSavedBeginsAnew) {
  const TempDir folder;
  json_of(digitorch(quick_train(trained_data(), folder / "undisturbed")));
  const std::string expected =
      file_text(folder / "undisturbed" / "best.safetensors");
  const fs::path run = killed_at_once(folder);
  std::ofstream(run / ".best.safetensors.tmp-123") << "half";
  const auto resumed = digitorch(resume(run));
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_NE(resumed.err.find("begins anew"), std::string::npos) << resumed.err;
  EXPECT_TRUE(file_text(run / "best.safetensors") == expected);
  EXPECT_FALSE(fs::exists(run / ".best.safetensors.tmp-123"));

  fs::remove_all(run);
  killed_at_once(folder);
  const auto trained = digitorch(quick_train(trained_data(), run));
  EXPECT_EQ(trained.exit_code, 0) << trained.err;
  EXPECT_NE(trained.err.find("begins anew"), std::string::npos) << trained.err;
  EXPECT_TRUE(file_text(run / "best.safetensors") == expected);
}

TEST(ResumeRunTest, AutoSaysWhichRunItTakesAndPassesOver) {
  const TempDir folder;
  const fs::path saved = folder / "saved";
  json_of(digitorch(quick_train(trained_data(), saved)));
  const fs::path killed = killed_at_once(folder);
  const std::vector<std::string> automatic = {
      "train", "--resume=auto", "--runs-dir", folder.path().string()};
  const auto both = digitorch(automatic);
  EXPECT_EQ(both.exit_code, 0) << both.err;
  EXPECT_NE(
      both.err.find("takes " + saved.string() + ", the newest of 2 runs"),
      std::string::npos
  ) << both.err;
  EXPECT_NE(both.err.find("passes over " + killed.string()), std::string::npos);
  fs::remove_all(saved);
  const auto alone = digitorch(automatic);
  EXPECT_EQ(alone.exit_code, 0) << alone.err;
  EXPECT_NE(alone.err.find("takes " + killed.string()), std::string::npos);
}

TEST(ResumeRunTest, TheNetworkThatARunBeganWithIsPartOfIt) {
  const TempDir folder;
  const std::string start = (folder / "start.safetensors").string();
  fs::copy(trained_model(), start);
  const auto train = [&](const char* run) {
    return quick_train(
        trained_data(), folder / run, {"--model=" + start, "--epochs=2"}
    );
  };
  auto words = train("undisturbed");
  words.erase(
      std::remove(words.begin(), words.end(), "--hidden=16"), words.end()
  );
  json_of(digitorch(words));
  const std::string expected =
      file_text(folder / "undisturbed" / "best.safetensors");
  const fs::path run = folder / "run";
  fs::copy(folder / "undisturbed", run);
  fs::remove(folder / "start.safetensors");
  // From its last checkpoint.
  fs::remove(run / "result.json");
  EXPECT_EQ(digitorch(resume(run)).exit_code, 0);
  EXPECT_TRUE(file_text(run / "best.safetensors") == expected);
  // From nothing but what it began with.
  for (const auto& entry : fs::directory_iterator(run)) {
    const std::string name = entry.path().filename();
    if (name != "config.json" && name != "start.safetensors")
      fs::remove(entry.path());
  }
  const auto anew = digitorch(resume(run));
  EXPECT_EQ(anew.exit_code, 0) << anew.err;
  EXPECT_TRUE(file_text(run / "best.safetensors") == expected);
}

TEST(ResumeRunTest, RelativeDataAreFoundFromWhereTheRunBegan) {
  const TempDir folder;
  fs::copy(trained_data(), folder / "data");
  fs::create_directory(folder / "elsewhere");
  const auto from = [&](const char* name) {
    return RunOptions{.working_dir = folder / name};
  };
  json_of(digitorch(quick_train("data", "run"), from(".")));
  const fs::path elsewhere = folder / "elsewhere";
  const auto resumed =
      digitorch({"train", "--resume=../run", "--epochs=3"}, from("elsewhere"));
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_EQ(digitorch({"report", "../run"}, from("elsewhere")).exit_code, 0);
  fs::rename(folder / "data", folder / "moved");
  const auto lost =
      digitorch({"train", "--resume=../run", "--epochs=4"}, from("elsewhere"));
  EXPECT_EQ(lost.exit_code, 2);
  for (const std::string& part :
       {(folder / "data").string(), std::string("--data")})
    EXPECT_NE(lost.err.find(part), std::string::npos) << lost.err;
  const auto named = digitorch(
      {"train", "--resume=../run", "--epochs=4", "--data=../moved"},
      from("elsewhere")
  );
  EXPECT_EQ(named.exit_code, 0) << named.err;
}

TEST(ResumeRunTest, TheFolderOfASweepIsToldApart) {
  const TempDir folder;
  std::ofstream(folder / "sweep.json") << "{}";
  expect_refused(
      digitorch(resume(folder.path())), 2, "digitorch sweep --resume"
  );
}

TEST(RunFolderTest, SecondTrainerIsToldWhoHoldsTheFolder) {
  const TempDir folder;
  const fs::path run = folder / "run";
  // It trains for longer than until it is killed.
  auto endless = long_train(run);
  endless.emplace_back("--epochs=100000");
  std::thread trainer([&] {
    digitorch(endless, {.signals = {{milliseconds(4000), SIGKILL}}});
  });
  for (int wait = 0; wait < 300 && !has_checkpoint(run); ++wait)
    std::this_thread::sleep_for(milliseconds(10));
  const auto second = digitorch(resume(run));
  trainer.join();
  ASSERT_TRUE(has_checkpoint(run));
  if (second.exit_code != 0) expect_refused(second, 3, "process");
  EXPECT_EQ(second.exit_code, 3);
  // The lock went with its holder.
  auto rest = resume(run);
  rest.emplace_back("--epochs=1");
  EXPECT_EQ(digitorch(rest).exit_code, 0);
}

TEST(RunFolderTest, UnusableFolderIsToldBeforeTraining) {
  const TempDir folder;
  std::ofstream(folder / "file") << "x";
  expect_refused(
      digitorch(quick_train(trained_data(), folder / "file")), 3, "file"
  );
  fs::create_directory(folder / "locked");
  fs::permissions(folder / "locked", fs::perms::owner_read);
  constexpr uid_t kNobody = 65534;
  if (getuid() != 0) GTEST_SKIP() << "only root can run as another user";
  fs::permissions(folder.path(), fs::perms::all);
  fs::permissions(trained_data().parent_path(), fs::perms::all);
  expect_refused(
      digitorch(
          quick_train(trained_data(), folder / "locked" / "run"),
          {.user = kNobody}
      ),
      3,
      "locked"
  );
}

TEST(RunFolderTest, FileSizeLimitIsAFaultThatKeepsTheLastCheckpoint) {
  const TempDir folder;
  const auto result = digitorch(
      quick_train(trained_data(), folder / "run", {"--quiet"}),
      {.limits = {{RLIMIT_FSIZE, 8192}}}
  );
  expect_refused(result, 3, "File too large");
}

TEST(TrainTest, DivergenceExitsWithFourAndKeepsNoBadWeights) {
  const TempDir folder;
  const auto result = digitorch(quick_train(
      trained_data(),
      folder / "run",
      {"--optimizer=sgd",
       "--schedule=constant",
       "--lr=1e9",
       "--quiet",
       "--epochs=50"}
  ));
  expect_refused(result, 4, "diverged");
  if (has_checkpoint(folder / "run")) {
    EXPECT_EQ(
        digitorch({"eval",
                   "--data",
                   trained_data().string(),
                   "--model",
                   (folder / "run" / "last.safetensors").string()})
            .exit_code,
        0
    );
  }
}

TEST(TrainTest, VanishedReaderDoesNotHarmTheRun) {
  const TempDir folder;
  const auto result = digitorch(
      quick_train(trained_data(), folder / "run"), {.stdout_closed = true}
  );
  EXPECT_EQ(result.signal, 0);
  EXPECT_FALSE(result.timed_out);
  EXPECT_TRUE(fs::exists(folder / "run" / "result.json"));
  const std::string metrics = file_text(folder / "run" / "metrics.csv");
  EXPECT_EQ(std::count(metrics.begin(), metrics.end(), '\n'), 3);
}

TEST(TrainTest, WorksWithoutHomeAndInThePlainLocale) {
  const TempDir folder;
  const auto result = digitorch(
      quick_train(trained_data(), folder / "run"),
      {.environment = {{"HOME", ""}, {"LANG", "C"}, {"LC_ALL", "C"}}}
  );
  EXPECT_EQ(result.exit_code, 0) << result.err;
}

}  // namespace
}  // namespace digitorch::testing
