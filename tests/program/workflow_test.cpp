// The whole workflow through the real binary, on generated pictures.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <opencv2/imgcodecs.hpp>

#include "tests/support/program.h"

namespace digitorch::testing {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (size_t start = 0; start < text.size();) {
    const size_t end = std::min(text.find('\n', start), text.size());
    lines.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return lines;
}

/// metrics.csv without its last column, the seconds.
std::string metrics_without_seconds(const fs::path& run) {
  std::string kept;
  for (const std::string& line : lines_of(file_text(run / "metrics.csv")))
    kept += line.substr(0, line.rfind(',')) + "\n";
  return kept;
}

class EveryKind : public ::testing::TestWithParam<const char*> {};

TEST_P(EveryKind, TrainReportsEvalAgreesAndExportsMatch) {
  const TempDir folder;
  const auto data = trained_data();
  const auto run = folder / "run";
  const auto trained = json_of(digitorch(quick_train(
      data,
      run,
      {std::string("--model=") + GetParam(),
       "--epochs=8",
       "--lr=0.03",
       "--augment=none"}
  )));
  EXPECT_EQ(trained["epochs"], 8);
  EXPECT_GT(trained["test_accuracy"], 0.9);
  EXPECT_EQ(trained["run_dir"], run.string());
  for (const char* name : {"train_seconds", "samples_per_second"})
    EXPECT_GT(trained[name], 0) << name;
  EXPECT_TRUE(trained["validation_accuracy"].is_number());

  const std::string model = trained["checkpoint"];
  const auto score = json_of(digitorch(
      {"eval", "--model", model, "--data", data.string(), "--format=json"}
  ));
  EXPECT_EQ(score["accuracy"], trained["test_accuracy"]);
  EXPECT_EQ(score["samples"], 40);
  EXPECT_NEAR(
      score["error_rate"].get<double>(),
      1 - score["accuracy"].get<double>(),
      1e-12
  );
  EXPECT_EQ(score["per_class"].size(), 4);
  int64_t total = 0;
  for (const auto& row : score["confusion"])
    for (const auto& cell : row) total += cell.get<int64_t>();
  EXPECT_EQ(total, 40);

  for (const char* format : {"onnx", "torchscript", "safetensors"}) {
    const auto path = (folder / format).string();
    const auto exported = json_of(digitorch(
        {"export",
         "--model",
         model,
         "--format",
         format,
         "--output",
         path,
         "--data",
         data.string(),
         "--quiet"}
    ));
    EXPECT_EQ(exported["format"], format);
    EXPECT_EQ(exported["path"], path);
    EXPECT_EQ(exported["bytes"], fs::file_size(path));
    EXPECT_LE(exported["max_abs_difference"], 1e-4);
    EXPECT_EQ(exported["samples_compared"], 40);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Networks,
    EveryKind,
    ::testing::Values("mlp", "scratch"),
    [](const auto& tested) { return std::string(tested.param); }
);

TEST(WorkflowTest, MinAccuracyBelowAskedExitsWithFive) {
  const std::vector<std::string> eval = {
      "eval",
      "--model=" + trained_model().string(),
      "--data=" + trained_data().string()};
  auto strict = eval;
  strict.emplace_back("--min-accuracy=1");
  auto easy = eval;
  easy.emplace_back("--min-accuracy=0.5");
  EXPECT_EQ(digitorch(easy).exit_code, 0);
  const auto score =
      json_of(digitorch({eval[0], eval[1], eval[2], "--format=json"}));
  EXPECT_EQ(digitorch(strict).exit_code, score["accuracy"] == 1.0 ? 0 : 5);
}

TEST(WorkflowTest, ConfigRepeatsARunBitForBit) {
  const TempDir folder;
  json_of(digitorch(
      quick_train(trained_data(), folder / "first", {"--ema=0.9", "--seed=7"})
  ));
  json_of(digitorch(
      {"train",
       "--config",
       (folder / "first" / "config.json").string(),
       "--run-dir",
       (folder / "second").string(),
       "--format=json"}
  ));
  EXPECT_EQ(
      metrics_without_seconds(folder / "first"),
      metrics_without_seconds(folder / "second")
  );
  EXPECT_EQ(
      file_text(folder / "first" / "best.safetensors"),
      file_text(folder / "second" / "best.safetensors")
  );
}

TEST(WorkflowTest, ConfigOfBeforeTheStrongAugmentationIsUnderstood) {
  const TempDir folder;
  json_of(digitorch(quick_train(trained_data(), folder / "first")));
  auto config =
      nlohmann::json::parse(file_text(folder / "first" / "config.json"));
  ASSERT_EQ(config["options"]["augment"], "affine");
  config["options"]["augment"] = false;
  std::ofstream(folder / "old.json") << config;
  json_of(digitorch(
      {"train",
       "--config",
       (folder / "old.json").string(),
       "--run-dir",
       (folder / "second").string(),
       "--format=json"}
  ));
  EXPECT_EQ(
      nlohmann::json::parse(file_text(folder / "second" / "config.json")
      )["options"]["augment"],
      "none"
  );
}

TEST(WorkflowTest, OptionBesideAPresetWinsAndConfigTellsThePreset) {
  const TempDir folder;
  json_of(digitorch(
      {"train",
       "--preset=fast",
       "--channels=2,2",
       "--hidden=4",
       "--batch-size=32",
       "--data",
       trained_data().string(),
       "--run-dir",
       (folder / "run").string(),
       "--format=json",
       "--threads=1"}
  ));
  const auto config =
      nlohmann::json::parse(file_text(folder / "run" / "config.json"));
  EXPECT_EQ(config["preset"], "fast");
  EXPECT_EQ(config["options"]["batch-size"], 32);
  EXPECT_EQ(config["options"]["momentum"], 0.7);
  EXPECT_EQ(config["options"]["channels"], nlohmann::json({2, 2}));
}

TEST(WorkflowTest, ASecondRunNeverOverwritesTheFirst) {
  const TempDir folder;
  const auto train = quick_train(trained_data(), folder / "run");
  json_of(digitorch(train));
  const std::string before = file_text(folder / "run" / "best.safetensors");
  expect_refused(digitorch(train), 2, "already holds");
  EXPECT_EQ(file_text(folder / "run" / "best.safetensors"), before);
}

TEST(WorkflowTest, FolderOfLabelledPicturesTrainsAndClassifiesByItsNames) {
  const TempDir folder;
  const std::vector<std::string> names = {"apfel", "birne", "größe <b>", "z"};
  write_class_folders(folder / "pictures", names, 50);
  const auto trained = json_of(digitorch(quick_train(
      folder / "pictures",
      folder / "run",
      {"--epochs=10", "--lr=0.03", "--augment=none"}
  )));
  EXPECT_GT(trained["test_accuracy"], 0.8);
  const auto answers = digitorch(
      {"classify",
       "--model",
       trained["checkpoint"],
       "--format=json",
       (folder / "pictures" / "größe <b>").string()}
  );
  ASSERT_EQ(answers.exit_code, 0) << answers.err;
  const auto lines = lines_of(answers.out);
  ASSERT_EQ(lines.size(), 50);
  int right = 0;
  for (const std::string& line : lines)
    right += nlohmann::json::parse(line)["label"] == "größe <b>";
  EXPECT_GE(right, 40);
}

TEST(WorkflowTest, WhatIsNoDigitIsUnsureAndDigitsAreStillScored) {
  const TempDir folder;
  write_class_folders(folder / "pictures", {"0", "1", "no-digit"}, 60);
  const auto trained = json_of(digitorch(quick_train(
      folder / "pictures",
      folder / "run",
      {"--epochs=10", "--lr=0.03", "--augment=none"}
  )));
  ASSERT_GT(trained["test_accuracy"], 0.9);
  const std::string model =
      "--model=" + trained["checkpoint"].get<std::string>();
  // Most pictures of the reserved class are unsure, and none is called by it.
  const auto others = digitorch(
      {"classify",
       model,
       "--format=json",
       "--min-confidence=0.1",
       (folder / "pictures" / "no-digit").string()}
  );
  EXPECT_EQ(others.exit_code, 5) << others.err;
  int unsure = 0;
  for (const std::string& line : lines_of(others.out)) {
    const auto answer = nlohmann::json::parse(line);
    unsure += answer["unsure"] == true;
    EXPECT_NE(answer["label"], "no-digit");
    EXPECT_EQ(answer["predictions"].size(), 2);
  }
  EXPECT_GE(unsure, 55);
  const auto text = digitorch(
      {"classify", model, (folder / "pictures" / "no-digit" / "0.png").string()}
  );
  EXPECT_EQ(text.exit_code, 0) << text.err;
  EXPECT_NE(text.out.find("0.png: not a digit ("), std::string::npos);

  // Data without the reserved class is scored by the names of its classes.
  write_class_folders(folder / "digits", {"0", "1"}, 20);
  const auto score = json_of(digitorch(
      {"eval", model, "--data", (folder / "digits").string(), "--format=json"}
  ));
  EXPECT_EQ(score["samples"], 40);
  EXPECT_GT(score["accuracy"], 0.9);
  EXPECT_EQ(score["per_class"].size(), 3);
  EXPECT_EQ(score["per_class"][2]["samples"], 0);
  EXPECT_GE(score["calibration_error"], 0);
  EXPECT_LE(score["calibration_error"], 1);
}

TEST(ClassifyTest, PrintsTextJsonAndCsvForFilesFoldersPatternsAndLists) {
  const TempDir folder;
  write_class_folders(folder / "in", {"0", "1"}, 2);
  const std::string model = "--model=" + trained_model().string();
  const std::string file = (folder / "in" / "0" / "0.png").string();

  const auto text = digitorch({"classify", model, file});
  EXPECT_EQ(text.exit_code, 0) << text.err;
  EXPECT_TRUE(text.out.starts_with(file + ": ")) << text.out;

  const auto json =
      json_of(digitorch({"classify", model, "--format=json", "--top-k=2", file})
      );
  EXPECT_EQ(json["path"], file);
  EXPECT_EQ(json["predictions"].size(), 2);
  EXPECT_EQ(json["predictions"][0]["label"], json["label"]);
  EXPECT_EQ(json["predictions"][0]["probability"], json["probability"]);
  EXPECT_EQ(json["blank"], false);

  const auto csv =
      digitorch({"classify", model, "--format=csv", (folder / "in").string()});
  EXPECT_EQ(lines_of(csv.out).size(), 5) << csv.out;
  EXPECT_TRUE(csv.out.starts_with("path,label,probability,blank,unsure"));

  const auto pattern =
      digitorch({"classify", model, (folder / "in" / "*" / "*.png").string()});
  EXPECT_EQ(lines_of(pattern.out).size(), 4) << pattern.err;

  const auto list = digitorch(
      {"classify", model, "-"}, {.stdin_text = file + "\n" + file + "\n"}
  );
  EXPECT_EQ(lines_of(list.out).size(), 2) << list.err;
}

TEST(ClassifyTest, WithoutAModelTheShippedNetworkAnswersFromAnyFolder) {
  const TempDir folder;
  cv::imwrite(
      (folder / "white.png").string(), cv::Mat(50, 50, CV_8UC1, cv::Scalar(255))
  );
  const auto answer = json_of(digitorch(
      {"classify", "--format=json", "white.png"}, {.working_dir = folder.path()}
  ));
  EXPECT_EQ(answer["blank"], true);
}

TEST(ClassifyTest, ABadPictureIsToldAndTheOthersAreAnswered) {
  const TempDir folder;
  write_class_folders(folder / "in", {"0"}, 1);
  const std::string good = (folder / "in" / "0" / "0.png").string();
  const std::string bad = (folder / "bad.png").string();
  std::ofstream(bad) << "not a picture";
  const auto result =
      digitorch({"classify", "--model=" + trained_model().string(), bad, good});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(lines_of(result.out).size(), 1);
  EXPECT_EQ(lines_of(result.err).size(), 1);
  EXPECT_NE(result.err.find(bad), std::string::npos);
}

TEST(ClassifyTest, ConfidenceBelowAskedExitsWithFive) {
  const TempDir folder;
  cv::imwrite(
      (folder / "white.png").string(), cv::Mat(50, 50, CV_8UC1, cv::Scalar(255))
  );
  const auto result = digitorch(
      {"classify", "--min-confidence=0.9", (folder / "white.png").string()}
  );
  EXPECT_EQ(result.exit_code, 5) << result.err;
}

TEST(ProgramTest, ResultThatReachesNobodyIsAFault) {
  const auto result = run(
      {"/bin/sh", "-c", std::string(DIGITORCH_BINARY) + " --version >/dev/full"}
  );
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_NE(result.err.find("standard output"), std::string::npos);
}

TEST(ProgramTest, AReaderThatHasReadEnoughIsNoFault) {
  const auto result = run(
      {"/bin/bash",
       "-c",
       std::string(DIGITORCH_BINARY) + " train --help-all | head -n 1"}
  );
  EXPECT_EQ(result.out, "Usage: digitorch train [OPTION...]\n");
  EXPECT_EQ(result.err, "");
}

TEST(ProgramTest, DoctorTellsWhereDataWereLookedForAndTheMend) {
  const TempDir folder;
  const auto result = json_of(digitorch(
      {"doctor", "--format=json", "--data-dir", folder.path().string()}
  ));
  const std::string text = result.dump();
  EXPECT_NE(text.find((folder / "mnist").string()), std::string::npos);
  EXPECT_NE(text.find("scripts/fetch_data.sh mnist"), std::string::npos);
  EXPECT_NE(text.find("GFLOP/s"), std::string::npos);
}

TEST(SamplesTest, FilesCarryTheirLabelAndClassifyReadsThem) {
  const TempDir folder;
  const auto written = digitorch(
      {"samples",
       "--data=" + trained_data().string(),
       "--count=5",
       "--output=" + (folder / "out").string()}
  );
  EXPECT_EQ(written.exit_code, 0) << written.err;
  const auto paths = lines_of(written.out);
  ASSERT_EQ(paths.size(), 5);
  for (const std::string& path : paths) {
    EXPECT_NE(path.find("-is-"), std::string::npos);
    EXPECT_EQ(cv::imread(path, cv::IMREAD_UNCHANGED).size(), cv::Size(28, 28));
  }
}

}  // namespace
}  // namespace digitorch::testing
