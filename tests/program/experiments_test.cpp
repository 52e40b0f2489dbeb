// gradients, sweep and visualize through the real binary, on generated
// pictures.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <opencv2/imgcodecs.hpp>
#include <sstream>
#include <thread>

#include "tests/support/program.h"

namespace digitorch::testing {
namespace {

namespace fs = std::filesystem;

int64_t lines_in(const fs::path& file) {
  const std::string text = file_text(file);
  return std::count(text.begin(), text.end(), '\n');
}

/// A PNG that decodes to more than a speck, and an SVG document.
void expect_picture(const fs::path& stem) {
  const cv::Mat picture = cv::imread(stem.string() + ".png");
  EXPECT_GT(picture.cols, 100) << stem;
  EXPECT_GT(picture.rows, 40) << stem;
  double least = 0;
  double most = 0;
  cv::minMaxLoc(picture.reshape(1), &least, &most);
  EXPECT_LT(least, most) << stem << " is one flat colour";
  const std::string svg = file_text(stem.string() + ".svg");
  EXPECT_TRUE(svg.starts_with("<svg ") || svg.starts_with("<?xml")) << stem;
  EXPECT_TRUE(svg.find("</svg>") != std::string::npos) << stem;
}

TEST(GradientsTest, MeasuresEveryLayerOfEveryNetwork) {
  const TempDir folder;
  const auto result = json_of(digitorch(
      {"gradients",
       "--data=" + trained_data().string(),
       "--depths=1,3",
       "--width=8",
       "--steps=40",
       "--threads=1",
       "--output=" + (folder / "out").string(),
       "--format=json"}
  ));
  const auto& networks = result["networks"];
  ASSERT_EQ(networks.size(), 6);  // three activations, two depths
  for (const auto& network : networks) {
    const auto& norms = network["gradient_norms"];
    EXPECT_EQ(norms.size(), network["hidden_layers"].get<size_t>() + 1);
    for (const auto& norm : norms) EXPECT_GT(norm, 0);
    EXPECT_DOUBLE_EQ(
        network["first_to_output"],
        norms.front().get<double>() / norms.back().get<double>()
    );
  }
  EXPECT_EQ(networks[0]["initialisation"], "xavier");
  EXPECT_EQ(networks[4]["activation"], "relu");
  EXPECT_EQ(networks[4]["initialisation"], "he");
  // 20 records of each layer, and the heading.
  EXPECT_EQ(lines_in(folder / "out" / "gradients.csv"), 1 + 3 * 20 * (2 + 4));
  expect_picture(folder / "out" / "gradients");
}

TEST(BackpropTest, ShowsOneStepWithEveryGradientChecked) {
  const TempDir folder;
  const std::string output = "--output=" + (folder / "out").string();
  const auto text = digitorch({"backprop", output});
  EXPECT_EQ(text.exit_code, 0) << text.err;
  for (const char* part :
       {"2-3-2 units, sigmoid",
        "forward: hidden 1",
        "backward: output",
        "by finite difference",
        "over all 17 weights and biases"})
    EXPECT_NE(text.out.find(part), std::string::npos) << part;
  expect_picture(folder / "out" / "backprop");
  const std::string page = file_text(folder / "out" / "backprop.html");
  EXPECT_NE(page.find("<td>W2[2,3]</td>"), std::string::npos);

  const auto step = json_of(digitorch(
      {"backprop", "--layers=3,4,5", "--label=5", "--format=json", output}
  ));
  EXPECT_EQ(step["label"], 4);
  EXPECT_EQ(step["checked"], 3 * 4 + 4 + 4 * 5 + 5);
  EXPECT_LT(step["largest_difference"], 1e-9);
  EXPECT_LT(step["loss_after"], step["loss"]);
  EXPECT_EQ(step["layers"][1]["weight_gradient"].size(), 5);
}

TEST(BackpropTest, LooksAtADigitWithNewOrTrainedWeights) {
  const TempDir folder;
  const std::string output = "--output=" + (folder / "out").string();
  const std::string data = "--data=" + trained_data().string();
  const auto step = json_of(digitorch(
      {"backprop", "--digit", "--sample=3", data, "--format=json", output}
  ));
  EXPECT_EQ(step["input"].size(), 784);
  EXPECT_EQ(step["checked"], 784 * 10 + 10 + 10 * 10 + 10);
  EXPECT_LT(step["largest_difference"], 1e-8);

  ASSERT_EQ(
      digitorch(
          quick_train(
              trained_data(), folder / "run", {"--model=scratch", "--hidden=6"}
          )
      )
          .exit_code,
      0
  );
  const auto best = (folder / "run" / "best.safetensors").string();
  const auto trained = json_of(
      digitorch({"backprop", "--model=" + best, data, "--format=json", output})
  );
  EXPECT_EQ(trained["layers"][0]["bias"].size(), 6);
  EXPECT_LT(trained["largest_difference"], 1e-8);
  expect_refused(
      digitorch({"backprop", "--model=" + trained_model().string(), data}),
      2,
      "scratch"
  );
}

std::vector<std::string> sweep_of(
    const fs::path& run_dir,
    const std::vector<std::string>& more,
    int epochs = 2
) {
  std::vector<std::string> arguments = {
      "sweep",
      "--data=" + trained_data().string(),
      "--run-dir=" + run_dir.string(),
      "--model=scratch",
      "--epochs=" + std::to_string(epochs),
      "--batch-size=20",
      "--threads=1",
      "--format=json"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

/// The result with what differs between two equal sweeps taken out.
nlohmann::json without_times(nlohmann::json result) {
  for (auto& run : result["runs"]) run.erase("seconds");
  result["best"].erase("seconds");
  for (const char* name : {"files", "run_dir", "checkpoint"})
    result.erase(name);
  return result;
}

TEST(SweepProgramTest, RanksOnValidationAndScoresTheWinnerAlone) {
  const TempDir folder;
  const auto run = folder / "sweep";
  const auto result = json_of(
      digitorch(sweep_of(run, {"--grid", "lr=0.03,0.0001", "hidden=4/16,8"}))
  );
  const auto& runs = result["runs"];
  ASSERT_EQ(runs.size(), 4);
  for (size_t i = 1; i < runs.size(); ++i)
    EXPECT_GE(
        runs[i - 1]["validation_accuracy"], runs[i]["validation_accuracy"]
    );
  EXPECT_EQ(result["best"], runs[0]);
  EXPECT_EQ(result["best"]["options"]["lr"], "0.03");
  EXPECT_EQ(result["test_samples"], 20);  // a tenth of 200
  EXPECT_EQ(lines_in(run / "runs.csv"), 1 + 4);
  expect_picture(run / "sweep");
  const std::string best = result["checkpoint"];
  const auto score = json_of(digitorch(
      {"eval",
       "--model=" + best,
       "--data=" + trained_data().string(),
       "--format=json"}
  ));
  EXPECT_GT(score["accuracy"], 0.5);
  // Going on with a complete sweep tells the same again.
  const auto again =
      json_of(digitorch({"sweep", "--resume=" + run.string(), "--format=json"})
      );
  EXPECT_EQ(again, result);
}

TEST(SweepProgramTest, StoppedItGoesOnToTheSameResult) {
  const TempDir folder;
  const std::vector<std::string> grid = {"--grid", "lr=0.03,0.01", "seed=1,2"};
  const auto undisturbed = json_of(digitorch(sweep_of(folder / "whole", grid)));
  const auto stopped = digitorch(
      sweep_of(folder / "cut", grid),
      {.signal_at_text = "run 1/4", .signal_to_send_at_text = SIGINT}
  );
  EXPECT_EQ(stopped.exit_code, 128 + SIGINT) << stopped.err;
  EXPECT_NE(stopped.err.find("--resume"), std::string::npos);
  EXPECT_LT(lines_in(folder / "cut" / "runs.csv"), 1 + 4);
  const auto resumed = json_of(digitorch(
      {"sweep", "--resume=" + (folder / "cut").string(), "--format=json"}
  ));
  EXPECT_EQ(without_times(resumed), without_times(undisturbed));
  EXPECT_EQ(lines_in(folder / "cut" / "runs.csv"), 1 + 4);
}

/// Six points, of which each takes some tenths of a second.
std::vector<std::string> six_points(
    const fs::path& run_dir, const std::string& option = "--quiet=false"
) {
  return sweep_of(
      run_dir,
      {"--grid", "lr=0.03,0.01,0.003", "seed=1,2", option},
      /*epochs=*/100
  );
}

const nlohmann::json& six_points_alone() {
  static const nlohmann::json result = [] {
    const TempDir folder;
    return without_times(json_of(digitorch(six_points(folder / "s"))));
  }();
  return result;
}

TEST(SweepProgramTest, ProcessesSideBySideGiveTheSameResult) {
  const TempDir folder;
  const auto result = digitorch(six_points(folder / "s", "--processes=3"));
  EXPECT_EQ(without_times(json_of(result)), six_points_alone());
  // Every point was trained once.
  size_t told = 0;
  std::istringstream lines(result.err);
  for (std::string line; std::getline(lines, line);)
    told += line.starts_with("run ") ? 1 : 0;
  EXPECT_EQ(told, 6) << result.err;
  EXPECT_FALSE(fs::exists(folder / "s" / "points"));
}

TEST(SweepProgramTest, ShardsShareAFolderAndDoWhatAKilledOneLeft) {
  const TempDir folder;
  const auto shard = [&](const std::string& name, const RunOptions& options) {
    return digitorch(six_points(folder / "s", "--shard=" + name), options);
  };
  // Killed in its second point.
  const auto killed = shard(
      "2/2", {.signal_at_text = "run 1/6", .signal_to_send_at_text = SIGKILL}
  );
  EXPECT_EQ(killed.signal, SIGKILL) << killed.err;
  ProcessResult second;
  std::thread other([&] { second = shard("2/2", {}); });
  const auto first = shard("1/2", {});
  other.join();
  EXPECT_EQ(first.exit_code, 0) << first.err;
  EXPECT_EQ(second.exit_code, 0) << second.err;
  EXPECT_EQ(lines_in(folder / "s" / "runs.csv"), 1 + 6);
  const auto again = json_of(digitorch(
      {"sweep", "--resume=" + (folder / "s").string(), "--format=json"}
  ));
  EXPECT_EQ(without_times(again), six_points_alone());
}

TEST(SweepProgramTest, InterruptedProcessesStopAndGoOn) {
  const TempDir folder;
  const auto stopped = digitorch(
      six_points(folder / "s", "--processes=2"),
      {.signal_at_text = "run 1/6", .signal_to_send_at_text = SIGTERM}
  );
  EXPECT_EQ(stopped.exit_code, 128 + SIGTERM) << stopped.err;
  EXPECT_LT(lines_in(folder / "s" / "runs.csv"), 1 + 6);
  const auto resumed = json_of(digitorch(
      {"sweep", "--resume=" + (folder / "s").string(), "--format=json"}
  ));
  EXPECT_EQ(without_times(resumed), six_points_alone());
}

TEST(SweepProgramTest, DivergedRunDoesNotEndTheOthers) {
  const TempDir folder;
  const auto result = json_of(digitorch(sweep_of(
      folder / "sweep",
      {"--grid=lr=1e9,0.01",
       "--optimizer=sgd",
       "--schedule=constant",
       "--random=2"}
  )));
  EXPECT_EQ(result["runs"][0]["diverged"], false);
  EXPECT_EQ(result["runs"][1]["diverged"], true);
  EXPECT_EQ(result["best"]["options"]["lr"], "0.01");
}

TEST(SweepProgramTest, BadOptionsAreRefusedBeforeTheFirstRun) {
  const TempDir folder;
  for (const auto& [words, part] :
       std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{}, "--grid"},
           {{"--grid=lr=0.1,x"}, "--grid: lr"},
           {{"--grid=speed=1,2"}, "speed"},
           {{"--grid=lr=0.1", "lr=0.2"}, "lr twice"},
           {{"--grid=kernel=3/5"}, "kernel"},
           {{"--grid=validation=0.9,0.1"}, "--validation"},
           {{"--grid=lr=0.1,1", "--shard=3/2"}, "--shard: found '3/2'"},
           {{"--grid=lr=0.1", "--resume=" + (folder / "x").string()},
            "--resume"}}) {
    expect_refused(digitorch(sweep_of(folder / "sweep", words)), 2, part);
    EXPECT_FALSE(fs::exists(folder / "sweep"));
  }
}

TEST(BenchTest, MeasuresEveryCombination) {
  const auto result = json_of(digitorch(
      {"bench",
       "--model=mlp",
       "--hidden=8",
       "--batch-sizes=4,16",
       "--threads=1,2",
       "--precision=both",
       "--pictures=30",
       "--warmup=1",
       "--repetitions=5",
       "--format=json"}
  ));
  ASSERT_EQ(result["results"].size(), 2 * 2 * 2 * 2);
  for (const auto& row : result["results"]) {
    EXPECT_GT(row["least_seconds"], 0);
    EXPECT_LE(row["least_seconds"], row["median_seconds"]);
    EXPECT_LE(row["median_seconds"], row["most_seconds"]);
    EXPECT_DOUBLE_EQ(
        row["images_per_second"],
        row["batch_size"].get<double>() / row["median_seconds"].get<double>()
    );
    EXPECT_GT(row["peak_bytes"], int64_t{1} << 20);
    EXPECT_GT(row["cores"], 0);
    // Some thousand multiplications are no work for a second thread of ours;
    // products in bfloat16 are ATen's, which uses both.
    if (row["precision"] == "fp32") {
      EXPECT_LT(row["cores"], 1.5);
    }
  }
  EXPECT_EQ(result["results"][0]["work"], "train");
  EXPECT_EQ(result["results"][2]["precision"], "bf16");
  EXPECT_EQ(result["results"][4]["work"], "inference");
  EXPECT_EQ(result["results"][15]["threads"], 2);
}

TEST(VisualizeTest, DrawsEveryKindOfEveryModel) {
  const TempDir folder;
  for (const std::vector<std::string>& network :
       {std::vector<std::string>{"--model=scratch", "--hidden=6,5"},
        std::vector<std::string>{"--model=mlp", "--hidden=40"},
        std::vector<std::string>{
            "--model=cnn", "--channels=3,4", "--hidden=6"}}) {
    const fs::path run = folder / network[0].substr(8);
    json_of(digitorch(quick_train(trained_data(), run, network)));
    const auto result = json_of(digitorch(
        {"visualize",
         "--model=" + (run / "best.safetensors").string(),
         "--data=" + trained_data().string(),
         "--points=30",
         "--format=json"}
    ));
    EXPECT_EQ(result["files"].size(), 2 * 8);
    for (const char* kind :
         {"network",
          "filters",
          "activations",
          "saliency",
          "confusion",
          "mistakes",
          "embedding",
          "curves"})
      expect_picture(run / "pictures" / kind);
  }
}

TEST(VisualizeTest, LooksAtOnesOwnPictureWithoutData) {
  const TempDir folder;
  write_class_folders(folder.path(), {"7"}, 1);
  const auto result = json_of(digitorch(
      {"visualize",
       "--what=activations,saliency",
       "--output=" + (folder / "out").string(),
       "--data-dir=nowhere",
       "--format=json",
       (folder / "7" / "0.png").string()}
  ));
  EXPECT_EQ(result["files"].size(), 4);
  expect_picture(folder / "out" / "activations");
  expect_picture(folder / "out" / "saliency");
}

TEST(VisualizeTest, WhatCannotBeDrawnIsRefused) {
  const TempDir folder;
  const std::string output = "--output=" + (folder / "out").string();
  expect_refused(
      digitorch({"visualize", output, "--what=network,weather"}), 2, "weather"
  );
  expect_refused(
      digitorch(
          {"visualize",
           output,
           "--what=curves",
           "--model=" GOLDEN_FOLDER "/v1_mlp.safetensors"}
      ),
      2,
      "history"
  );
  expect_refused(
      digitorch(
          {"visualize",
           output,
           "--what=saliency",
           "--sample=40",
           "--model=" + trained_model().string(),
           "--data=" + trained_data().string()}
      ),
      2,
      "--sample"
  );
  expect_refused(
      digitorch({"visualize", output, "a.png", "b.png"}), 2, "several"
  );
}

}  // namespace
}  // namespace digitorch::testing
