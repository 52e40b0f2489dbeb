// Names that are not UTF-8 in every path of every command: files, folders and
// classes may be called anything, and JSON can hold only some of it.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/support/program.h"

namespace digitorch::testing {
namespace {

namespace fs = std::filesystem;

class ByteNamesTest : public ::testing::Test {
 protected:
  /// A class folder, a data set and a run whose names end in a byte that is no
  /// UTF-8.
  static void SetUpTestSuite() {
    folder_ = new TempDir();
    write_class_folders(data(), {"a\xe9", "b"}, 20);
    trained_ = new ProcessResult(digitorch(quick_train(
        data(), run(), {"--batch-size=8", "--pictures=ink", "--report"}
    )));
  }
  static void TearDownTestSuite() {
    delete trained_;
    delete folder_;
  }

  static fs::path path(const std::string& name) { return *folder_ / name; }
  static fs::path data() { return path("data\xe9"); }
  static fs::path run() { return path("run\xe9"); }
  static std::string model() { return (run() / "best.safetensors").string(); }
  static std::string picture() { return (data() / "a\xe9" / "0.png").string(); }
  static const ProcessResult& trained() { return *trained_; }

 private:
  static TempDir* folder_;
  static ProcessResult* trained_;
};

TempDir* ByteNamesTest::folder_ = nullptr;
ProcessResult* ByteNamesTest::trained_ = nullptr;

TEST_F(ByteNamesTest, TrainPrintsAndKeepsItsResult) {
  const auto result = json_of(trained());
  EXPECT_NE(
      result["run_dir"].get<std::string>().find("run\\xe9"), std::string::npos
  );
  EXPECT_EQ(
      nlohmann::json::parse(file_text(run() / "result.json"))["run_dir"],
      result["run_dir"]
  );
}

TEST_F(ByteNamesTest, ConfigurationRepeatsTheRunBitForBit) {
  const auto result = digitorch(
      {"train",
       "--config=" + (run() / "config.json").string(),
       "--run-dir=" + path("again\xe9").string()}
  );
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(
      file_text(path("again\xe9") / "best.safetensors") == file_text(model())
  );
}

TEST_F(ByteNamesTest, RunGoesOnWithItsOwnData) {
  const auto result = digitorch(
      {"train", "--resume=" + run().string(), "--epochs=3", "--format=json"}
  );
  EXPECT_EQ(json_of(result)["epochs"], 3) << result.err;
}

TEST_F(ByteNamesTest, EveryOtherCommandTakesThem) {
  const std::string out = path("out\xe9").string();
  const std::vector<std::vector<std::string>> commands = {
      {"eval", "--model", model(), "--data", data().string()},
      {"classify", "--model", model(), picture()},
      {"classify", "--page", "--model", model(), picture()},
      {"classify", "--model", model(), (data() / "a\xe9").string()},
      {"export",
       "--model",
       model(),
       "--data",
       data().string(),
       "--output",
       out + ".pt"},
      {"report", run().string(), "--output", out + ".html"},
      {"visualize",
       "--what=all",
       "--model",
       model(),
       "--data",
       data().string(),
       "--output",
       out + "-pictures"},
      {"sweep",
       "--grid",
       "lr=0.1,0.01",
       "--model=mlp",
       "--hidden=4",
       "--epochs=1",
       "--data",
       data().string(),
       "--run-dir",
       out + "-sweep"},
      {"sweep", "--resume", out + "-sweep"}};
  for (std::vector<std::string> command : commands) {
    const std::string shown = command[0] + " " + command[1];
    if (command[0] != "export") command.emplace_back("--format=json");
    if (command[0] == "classify" && command[1] != "--page") {
      auto csv = command;
      csv.back() = "--format=csv";
      EXPECT_EQ(digitorch(csv).exit_code, 0) << shown;
    }
    const auto result = digitorch(command);
    EXPECT_EQ(result.exit_code, 0) << shown << ": " << result.err;
    EXPECT_EQ(result.err.find("bug"), std::string::npos) << result.err;
  }
}

TEST_F(ByteNamesTest, WhatIsMissingIsNamedWithItsBytesEscaped) {
  expect_refused(
      digitorch({"train", "--data", path("none\xe9").string()}), 2, "none\\xe9"
  );
  expect_refused(
      digitorch({"eval", "--model", path("none\xe9").string()}), 2, "none\\xe9"
  );
}

}  // namespace
}  // namespace digitorch::testing
