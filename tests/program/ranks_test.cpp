// Training in several processes: they end with one network, and together where
// one of them fails, in a time that is known and with one line that says why.
#include <gtest/gtest.h>

#include <signal.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "tests/support/program.h"

namespace digitorch::testing {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;

using Words = std::vector<std::string>;

constexpr int kEpochs = 60;

/// A run of many short epochs, with all that ranks draw for themselves.
Words long_ranks(
    const fs::path& run, int ranks, const Words& more = {}, int epochs = kEpochs
) {
  Words words = quick_train(
      trained_data(),
      run,
      {"--epochs=" + std::to_string(epochs),
       "--batch-size=12",
       "--dropout=0.2",
       "--augment=affine",
       "--processes=" + std::to_string(ranks)}
  );
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

std::string proc_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// The process of that rank among those that work on the run; 0 where there is
/// none.
pid_t process_of(const fs::path& run, int rank) {
  const std::string variable =
      '\0' + std::string("RANK=") + std::to_string(rank) + '\0';
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (!std::all_of(name.begin(), name.end(), [](char c) {
          return '0' <= c && c <= '9';
        }))
      continue;
    if (proc_text(entry.path() / "cmdline").find(run.string()) ==
        std::string::npos)
      continue;
    const std::string variables = '\0' + proc_text(entry.path() / "environ");
    if (variables.find(variable) != std::string::npos) return std::stoi(name);
  }
  return 0;
}

/// Does something to the run once it has a checkpoint, while `train` runs.
ProcessResult disturbed_ranks(
    const fs::path& run,
    const std::function<void()>& disturb,
    const std::function<ProcessResult()>& train
) {
  std::thread other([&] {
    for (int i = 0; i < 3000; ++i) {
      if (fs::exists(run / "last.safetensors")) return disturb();
      std::this_thread::sleep_for(milliseconds(10));
    }
    ADD_FAILURE() << "no checkpoint in " << run;
  });
  const ProcessResult result = train();
  other.join();
  return result;
}

ProcessResult disturbed_ranks(
    const fs::path& run, const Words& words, int rank, int signal
) {
  return disturbed_ranks(
      run,
      [&] {
        const pid_t process = process_of(run, rank);
        ASSERT_GT(process, 0);
        kill(process, signal);
      },
      [&] { return digitorch(words); }
  );
}

Words error_lines(const ProcessResult& result) {
  Words found;
  std::istringstream text(result.err);
  for (std::string line; std::getline(text, line);)
    if (line.find("error") != std::string::npos) found.push_back(line);
  return found;
}

/// One line that starts so, and nothing of c10d's own.
void expect_one_line(const ProcessResult& result, const std::string& start) {
  const Words lines = error_lines(result);
  ASSERT_EQ(lines.size(), 1) << result.err;
  EXPECT_TRUE(lines.front().starts_with("error: " + start)) << lines.front();
  for (const char* chatter : {"c10d", "TCPStore", "gloo", "frame #"})
    EXPECT_EQ(result.err.find(chatter), std::string::npos) << result.err;
}

Words resume_ranks(const fs::path& run, const Words& more = {}) {
  Words words = {"train", "--resume", run.string(), "--format=json"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

/// What two undisturbed ranks end with.
const std::string& best_of_two() {
  static const std::string bytes = [] {
    const TempDir folder;
    json_of(digitorch(long_ranks(folder / "run", 2)));
    return file_text(folder / "run" / "best.safetensors");
  }();
  return bytes;
}

TEST(RanksRunTest, ProcessesTrainOneNetworkWithTheSameBitsEachTime) {
  const TempDir folder;
  const auto result = digitorch(long_ranks(folder / "run", 2));
  const auto json = json_of(result);
  EXPECT_GT(json["validation_accuracy"].get<double>(), 0.9);
  EXPECT_GT(json["test_accuracy"].get<double>(), 0.9);
  EXPECT_NE(result.err.find("2 processes"), std::string::npos) << result.err;
  // Only the first rank speaks: each epoch has one line.
  size_t lines = 0;
  std::istringstream text(result.err);
  for (std::string line; std::getline(text, line);)
    lines += line.starts_with("epoch ") ? 1 : 0;
  EXPECT_EQ(lines, kEpochs);
  EXPECT_TRUE(file_text(folder / "run" / "best.safetensors") == best_of_two());
}

TEST(RanksRunTest, AKilledRankIsNamedAndOthersGoOnFromTheCheckpoint) {
  const TempDir folder;
  const fs::path run = folder / "run";
  const auto result = disturbed_ranks(run, long_ranks(run, 3), 1, SIGKILL);
  EXPECT_EQ(result.exit_code, 3) << result.err;
  expect_one_line(result, "rank 1 of 3 has ended in epoch ");
  EXPECT_NE(result.err.find(" after step "), std::string::npos) << result.err;
  const auto rest = digitorch(resume_ranks(run, {"--processes=2"}));
  EXPECT_EQ(rest.exit_code, 0) << rest.err;
}

TEST(RanksRunTest, ARankThatHangsIsNamed) {
  const TempDir folder;
  const fs::path run = folder / "run";
  const auto result = disturbed_ranks(
      run, long_ranks(run, 2, {"--rank-timeout=3"}), 1, SIGSTOP
  );
  EXPECT_EQ(result.exit_code, 3) << result.err;
  expect_one_line(result, "rank 1 of 2 did not answer for 3 s in epoch ");
  EXPECT_LT(result.seconds, 45);
  EXPECT_EQ(process_of(run, 1), 0);
  EXPECT_EQ(digitorch(resume_ranks(run)).exit_code, 0);
}

TEST(RanksRunTest, ASignalToOneRankStopsAllAndTheRunGoesOnAsIfUndisturbed) {
  const TempDir folder;
  const fs::path run = folder / "run";
  const auto result = disturbed_ranks(run, long_ranks(run, 2), 1, SIGTERM);
  EXPECT_EQ(result.exit_code, 143) << result.err;
  EXPECT_TRUE(error_lines(result).empty()) << result.err;
  EXPECT_NE(result.err.find("--resume " + run.string()), std::string::npos);
  const auto rest = digitorch(resume_ranks(run, {"--processes=2"}));
  EXPECT_EQ(rest.exit_code, 0) << rest.err;
  EXPECT_TRUE(file_text(run / "best.safetensors") == best_of_two());
}

TEST(RanksRunTest, AnInterruptOfTheStarterStopsAll) {
  const TempDir folder;
  const fs::path run = folder / "run";
  const auto result = digitorch(
      long_ranks(run, 2),
      {.signal_at_text = "epoch", .signal_to_send_at_text = SIGINT}
  );
  EXPECT_EQ(result.exit_code, 130) << result.err;
  EXPECT_TRUE(fs::exists(run / "last.safetensors"));
  EXPECT_EQ(digitorch(resume_ranks(run)).exit_code, 0);
}

TEST(RanksRunTest, RanksEndWithTheirStarter) {
  const TempDir folder;
  const fs::path run = folder / "run";
  const auto result = digitorch(
      long_ranks(run, 2, {}, /*epochs=*/100000),
      {.signal_at_text = "epoch", .signal_to_send_at_text = SIGKILL}
  );
  EXPECT_EQ(result.signal, SIGKILL);
  for (int i = 0; i < 3000 && process_of(run, 0) + process_of(run, 1) > 0; ++i)
    std::this_thread::sleep_for(milliseconds(10));
  EXPECT_EQ(process_of(run, 0), 0);
  EXPECT_EQ(process_of(run, 1), 0);
  EXPECT_TRUE(fs::exists(run / "last.safetensors"));
}

TEST(RanksRunTest, WhatIsWrongInAllRanksIsSaidOnce) {
  const TempDir folder;
  const fs::path run = folder / "run";
  const auto diverged = digitorch(
      long_ranks(run, 3, {"--optimizer=sgd", "--schedule=constant", "--lr=1e9"})
  );
  EXPECT_EQ(diverged.exit_code, 4) << diverged.err;
  expect_one_line(diverged, "training diverged");
  const auto batch = digitorch(quick_train(
      trained_data(), folder / "a", {"--batch-size=5", "--processes=2"}
  ));
  EXPECT_EQ(batch.exit_code, 2);
  expect_one_line(batch, "--batch-size: found 5 for 2 ranks");
  const auto option = digitorch(
      quick_train(trained_data(), folder / "a", {"--lr=-1", "--processes=2"})
  );
  EXPECT_EQ(option.exit_code, 2);
  expect_one_line(option, "--lr");
  EXPECT_FALSE(fs::exists(folder / "a"));
}

using Variables = std::map<std::string, std::string>;

Variables place(int rank, const std::string& port) {
  return {
      {"RANK", std::to_string(rank)},
      {"WORLD_SIZE", "2"},
      {"LOCAL_RANK", std::to_string(rank)},
      {"MASTER_ADDR", "127.0.0.1"},
      {"MASTER_PORT", port}};
}

TEST(RanksRunTest, ARankThatDoesNotJoinIsNamed) {
  const TempDir folder;
  Words words = quick_train(trained_data(), folder / "run");
  words.emplace_back("--rank-timeout=2");
  const auto first = digitorch(words, {.environment = place(0, "29517")});
  EXPECT_EQ(first.exit_code, 3) << first.err;
  expect_one_line(first, "rank 1 of 2 did not join at 127.0.0.1:29517");
  const auto second = digitorch(words, {.environment = place(1, "29518")});
  EXPECT_EQ(second.exit_code, 3) << second.err;
  expect_one_line(second, "rank 1 of 2: cannot join the others at 127.0.0.1:");
  EXPECT_LT(first.seconds + second.seconds, 40);
}

TEST(RanksRunTest, ABadEnvironmentIsRefused) {
  const TempDir folder;
  const Words words = quick_train(trained_data(), folder / "run");
  const auto refused = [&](Variables variables, const std::string& start) {
    const auto result = digitorch(words, {.environment = std::move(variables)});
    EXPECT_EQ(result.exit_code, 2) << result.err;
    expect_one_line(result, start);
  };
  refused(place(0, "99999"), "MASTER_PORT: found '99999'");
  refused(place(2, "29500"), "RANK: found '2'");
  refused({{"RANK", "0"}, {"WORLD_SIZE", "2"}}, "the environment has RANK, ");
  Words with_processes = words;
  with_processes.emplace_back("--processes=3");
  const auto both =
      digitorch(with_processes, {.environment = place(0, "29500")});
  EXPECT_EQ(both.exit_code, 2);
  expect_one_line(both, "--processes: found 3 with WORLD_SIZE 2");
}

class TorchrunTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(DIGITORCH_TORCHRUN))
      GTEST_SKIP() << "this LibTorch has no torchrun";
  }

  static ProcessResult torchrun(const Words& options, Words words) {
    words.erase(
        std::remove_if(
            words.begin(),
            words.end(),
            [](const std::string& word) {
              return word.starts_with("--processes");
            }
        ),
        words.end()
    );
    Words all = {DIGITORCH_TORCHRUN, "--standalone", "--no-python"};
    all.insert(all.end(), options.begin(), options.end());
    all.emplace_back(DIGITORCH_BINARY);
    all.insert(all.end(), words.begin(), words.end());
    return run(all, {.timeout = seconds(180)});
  }
};

TEST_F(TorchrunTest, TrainsAsProcessesDo) {
  const TempDir folder;
  const fs::path run = folder / "run";
  const auto result = torchrun({"--nproc-per-node=2"}, long_ranks(run, 2));
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(file_text(run / "best.safetensors") == best_of_two());
}

TEST_F(TorchrunTest, RestartedRanksGoOnFromTheLastCheckpoint) {
  const TempDir folder;
  const fs::path run = folder / "run";
  const auto result = disturbed_ranks(
      run,
      [&] { kill(process_of(run, 1), SIGKILL); },
      [&] {
        return torchrun(
            {"--nproc-per-node=2", "--max-restarts=1"}, long_ranks(run, 2)
        );
      }
  );
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_NE(result.err.find("error: rank 1 of 2 has ended"), std::string::npos)
      << result.err;
  EXPECT_TRUE(file_text(run / "best.safetensors") == best_of_two());
}

}  // namespace
}  // namespace digitorch::testing
