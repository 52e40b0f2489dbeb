// Signals and vanished readers: every command ends within two seconds, whatever
// it is doing, and a training keeps what it has learnt.
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <opencv2/imgcodecs.hpp>

#include "tests/support/program.h"

namespace digitorch::testing {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

/// A run that lasts longer than any test.
std::vector<std::string> endless_train(const fs::path& run) {
  return quick_train(
      trained_data(), run, {"--epochs=100000", "--batch-size=5"}
  );
}

TEST(SignalsTest, AHangUpSavesAsATerminationDoes) {
  const TempDir folder;
  const auto result = digitorch(
      endless_train(folder / "run"),
      {.signal_at_text = "epoch", .signal_to_send_at_text = SIGHUP}
  );
  EXPECT_EQ(result.exit_code, 128 + SIGHUP) << result.err;
  EXPECT_NE(result.err.find("--resume"), std::string::npos);
  EXPECT_TRUE(fs::exists(folder / "run" / "last.safetensors"));
}

TEST(SignalsTest, TwoSignalsAtOnceStillSave) {
  const TempDir folder;
  for (int i = 0; i < 5; ++i) {
    const fs::path run = folder / std::to_string(i);
    const milliseconds at(2000 + 37 * i);
    const auto result = digitorch(
        endless_train(run),
        {.signals =
             {{at, SIGINT}, {at, SIGINT}, {at + milliseconds(20), SIGINT}}}
    );
    ASSERT_EQ(result.exit_code, 128 + SIGINT) << result.err;
    EXPECT_NE(result.err.find("stopped and saved"), std::string::npos);
    EXPECT_TRUE(fs::exists(run / "last.safetensors"));
  }
}

/// Until the libraries are mapped, which nothing of the program can precede,
/// the system itself ends it; a shell gives the same 130 for both.
TEST(SignalsTest, WhileTheProgramStartsTheSignalEndsIt) {
  for (int ms = 30; ms <= 180; ms += 30) {
    const auto result = digitorch(
        {"bench", "--model=mlp", "--repetitions=100000"},
        {.signals = {{milliseconds(ms), SIGINT}}}
    );
    EXPECT_TRUE(result.exit_code == 130 || result.signal == SIGINT) << ms;
    EXPECT_LT(result.seconds, ms / 1000.0 + 2);
  }
}

TEST(SignalsTest, LoadingAFolderOfPhotosEndsAtOnce) {
  const TempDir folder;
  cv::Mat noise(1500, 1500, CV_8UC1);
  cv::randu(noise, 0, 255);
  fs::create_directories(folder / "in" / "a");
  fs::create_directories(folder / "in" / "b");
  cv::imwrite((folder / "in" / "a" / "0.png").string(), noise);
  for (int i = 0; i < 400; ++i)
    fs::create_hard_link(
        folder / "in" / "a" / "0.png",
        folder / "in" / (i % 2 == 0 ? "a" : "b") /
            ("copy" + std::to_string(i) + ".png")
    );
  constexpr milliseconds kAt(2500);
  const auto result = digitorch(
      quick_train(folder / "in", folder / "run"), {.signals = {{kAt, SIGINT}}}
  );
  EXPECT_EQ(result.exit_code, 130) << result.err;
  EXPECT_LT(result.seconds, kAt.count() / 1000.0 + 2);
  EXPECT_FALSE(fs::exists(folder / "run"));
}

TEST(SignalsTest, AReaderWhoHasEnoughEndsTheWorkWithoutAWord) {
  const TempDir folder;
  write_class_folders(folder / "in", {"0"}, 1);
  fs::create_directory(folder / "many");
  for (int i = 0; i < 3000; ++i)
    fs::create_hard_link(
        folder / "in" / "0" / "0.png",
        folder / "many" / (std::to_string(i) + ".png")
    );
  const std::string binary = DIGITORCH_BINARY;
  const std::string many = (folder / "many").string();
  const auto all = digitorch({"classify", many});
  ASSERT_EQ(all.exit_code, 0) << all.err;
  const auto first = run(
      {"/bin/bash",
       "-c",
       binary + " classify " + many + " | head -n 1; echo ${PIPESTATUS[0]}"}
  );
  EXPECT_NE(first.out.find("0.png: "), std::string::npos);
  EXPECT_TRUE(first.out.ends_with("141\n")) << first.out;
  EXPECT_EQ(first.err, "");
  EXPECT_LT(first.seconds, 0.7 * all.seconds);
  const auto help =
      run({"/bin/bash", "-c", binary + " train --help | head -n 1"});
  EXPECT_EQ(help.err, "");
}

TEST(SignalsTest, StandardInputThatCannotBeReadIsAnError) {
  const std::string command = std::string(DIGITORCH_BINARY) + " classify - ";
  for (const char* input : {"<&-", "</tmp"}) {
    const auto result = run({"/bin/bash", "-c", command + input});
    EXPECT_EQ(result.exit_code, 3) << input;
    EXPECT_NE(result.err.find("standard input"), std::string::npos)
        << result.err;
  }
  EXPECT_EQ(run({"/bin/bash", "-c", command + "</dev/null"}).exit_code, 0);
}

TEST(SignalsTest, ClosedStreamsAreNotTakenByFiles) {
  const TempDir folder;
  std::string command = DIGITORCH_BINARY;
  for (const std::string& word : quick_train(trained_data(), folder / "run"))
    command += " '" + word + "'";
  const auto result = run({"/bin/bash", "-c", command + " <&- >&- 2>&-"});
  EXPECT_EQ(result.exit_code, 3);  // nobody hears the result
  EXPECT_TRUE(fs::exists(folder / "run" / "result.json"));
  EXPECT_EQ(
      digitorch({"eval",
                 "--data",
                 trained_data().string(),
                 "--model",
                 (folder / "run").string()})
          .exit_code,
      0
  );
}

TEST(EnvironmentTest, VariablesThatLibrariesCannotReadAreNamed) {
  for (const char* name :
       {"LRU_CACHE_CAPACITY", "TORCH_MKLDNN_MATMUL_MIN_DIM", "OPENCV_TRACE"}) {
    const auto result =
        digitorch({"doctor"}, {.environment = {{name, "garbage"}}});
    expect_refused(result, 3, name);
  }
}

TEST(EnvironmentTest, TheNumberOfThreadsIsWhatWasAsked) {
  const TempDir folder;
  // One thread.
  const auto train = [&](const char* run) {
    return quick_train(trained_data(), folder / run);
  };
  expect_refused(
      digitorch(
          {"train",
           "--data",
           trained_data().string(),
           "--run-dir",
           (folder / "a").string(),
           "--threads=2"},
          {.environment = {{"OMP_THREAD_LIMIT", "1"}}}
      ),
      3,
      "OMP_THREAD_LIMIT"
  );
  json_of(digitorch(train("b")));
  json_of(digitorch(
      train("c"),
      {.environment = {{"OMP_DYNAMIC", "true"}, {"OMP_THREAD_LIMIT", "1"}}}
  ));
  EXPECT_EQ(
      file_text(folder / "b" / "best.safetensors"),
      file_text(folder / "c" / "best.safetensors")
  );
}

}  // namespace
}  // namespace digitorch::testing
